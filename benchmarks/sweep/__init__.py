"""The sweep: every address that can be opened, as every role, at the size of a city."""
