"""Django's PostgreSQL on the embedded server, which is started when the first connection is made."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db.backends.postgresql import base

from marketplace.server.embedded import database_url


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the server under the folder that the settings name as ``EMBEDDED``."""

    def get_connection_params(self) -> dict[str, Any]:
        """What psycopg wants to know; the server is started, or joined, if this process has not yet."""
        if not self.settings_dict["HOST"]:
            url = database_url(self.settings_dict["EMBEDDED"], self.settings_dict["NAME"] or "postgres")
            self.settings_dict["HOST"] = parse_qs(urlsplit(url).query)["host"][0]
        return super().get_connection_params()
