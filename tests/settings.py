"""The product's settings, on a database server of the tests' own."""

from marketplace.settings import *  # noqa: F403
from marketplace.settings import DATABASES, STORAGES, VAR

DATABASES["default"]["EMBEDDED"] = VAR / "postgres-test"
DATABASES["default"]["CONN_MAX_AGE"] = 0  # each clone of the database is dropped after its test
# Empty: each client of a test has a middleware of its own, which reads all collected files first.
STATIC_ROOT = VAR / "static-test"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
