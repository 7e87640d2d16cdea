"""Lists of staff from a sheet: read, looked at, and invited all together."""
