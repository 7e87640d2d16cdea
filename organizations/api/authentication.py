"""Token sign-in of the API, acting in a membership like a page does."""

from __future__ import annotations

from typing import Any

from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.request import Request

from organizations.middleware import actor_of


class TokenAuthentication(KnoxAuthentication):
    """A knox token; the header ``X-Membership`` picks one of several roles."""

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found:
            chosen = request.headers.get("X-Membership", "")
            request._request.actor, request._request.memberships = actor_of(
                request._request, found[0], int(chosen) if chosen.isdigit() else None
            )
        return found
