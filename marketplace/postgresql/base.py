"""Django's PostgreSQL backend under a watch, on the embedded server where no other one is named."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db.backends.postgresql import base

from marketplace.postgresql.watching import watch
from marketplace.server.embedded import database_url


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is watched; to the embedded server in the folder that ``EMBEDDED`` names, if it is set."""

    def get_connection_params(self) -> dict[str, Any]:
        """The parameters for psycopg; starts or joins the embedded server if this process has not done so."""
        if not self.settings_dict["HOST"] and self.settings_dict.get("EMBEDDED"):
            url = database_url(self.settings_dict["EMBEDDED"], self.settings_dict["NAME"] or "postgres")
            self.settings_dict["HOST"] = parse_qs(urlsplit(url).query)["host"][0]
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A new connection, watched; refused at once while the database answers nothing."""
        watch.require_answers()
        connection = super().get_new_connection(conn_params)
        watch.keep(connection, conn_params)
        return connection
