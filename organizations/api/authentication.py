"""Token sign-in of the API, acting in a membership like a page does."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from foundation.typed import whole_number
from organizations.middleware import actor_of


class TokenAuthentication(KnoxAuthentication):
    """A knox token; the header ``X-Membership`` picks one of several roles."""

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found:
            chosen = request.headers.get("X-Membership", "")
            number = whole_number(chosen)
            if chosen and number is None:
                raise ValidationError({"X-Membership": [_("应是一个身份的编号,见 /api/v1/me。")]})
            request._request.actor, request._request.memberships = actor_of(
                request._request, found[0], number
            )
        return found
