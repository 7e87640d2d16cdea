"""The product's settings, on a database server of the tests' own."""

import os
from pathlib import Path

from marketplace.embedded import database_url

_VAR = Path(__file__).resolve().parent.parent / "var"
os.environ.setdefault("DATABASE_URL", database_url(_VAR / "postgres-test", "postgres"))

from marketplace.settings import *  # noqa: E402, F403
from marketplace.settings import DATABASES, STORAGES  # noqa: E402

DATABASES["default"]["NAME"] = "liandong"
DATABASES["default"]["CONN_MAX_AGE"] = 0  # each clone of the database is dropped after its test
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
