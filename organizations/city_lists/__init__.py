"""Lists of places, bodies or windows from a sheet: read, looked at row by row, and entered all together."""
