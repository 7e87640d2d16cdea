"""The page of 403: who is signed in and holds no role is told which one has ended, and whom to ask."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organizations.people import holding_nothing
from organizations.people.models import User


def not_yours(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The handler of 403."""
    signed_in = hasattr(request, "user") and request.user.is_authenticated
    nothing = signed_in and not getattr(request, "memberships", ())
    said = holding_nothing.in_words(cast(User, request.user)) if nothing else ""
    return render(request, "403.html", {"holds_nothing": said}, status=403)
