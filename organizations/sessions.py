"""Django's sessions in the database; what every request reads is read in plain SQL."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone


class SessionStore(db.SessionStore):
    """A row of ``django_session``; the key of a session that has ended is forgotten."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where there is none, or where it has ended."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, timezone.now()],
            )
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])
