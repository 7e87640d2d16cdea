"""The abnormal list and the serious-breach list of the registration authority, with their days."""
