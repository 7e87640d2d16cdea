"""A database backend: Django's PostgreSQL on the embedded server."""
