"""Django's PostgreSQL, on the embedded server."""
