"""Django's PostgreSQL backend on the embedded server, which starts with the first connection."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db.backends.postgresql import base

from marketplace.server.embedded import database_url


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the embedded server in the folder that the setting ``EMBEDDED`` names."""

    def get_connection_params(self) -> dict[str, Any]:
        """The parameters for psycopg; starts or joins the server if this process has not done so."""
        if not self.settings_dict["HOST"]:
            url = database_url(self.settings_dict["EMBEDDED"], self.settings_dict["NAME"] or "postgres")
            self.settings_dict["HOST"] = parse_qs(urlsplit(url).query)["host"][0]
        return super().get_connection_params()
