"""What the frame of every page shows: rail, role, inbox, language, elder mode."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from foundation.models import Notice
from marketplace.navigation import PUBLIC, RAIL


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame; the unread count is read only where it is shown."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "memberships": getattr(request, "memberships", []),
        "navigation": navigation(request.path, actor.role) if actor else {},
        "public_entries": PUBLIC,
        "elder": request.session.get("elder", False) if hasattr(request, "session") else False,
        "unread": lambda: (
            Notice.objects.visible_to(actor).filter(read_at=None).count() if actor else 0
        ),
    }


def navigation(path: str, role: str) -> dict[str, SafeString]:
    """Rail and bottom bar of a role, with the entry of ``path`` marked."""
    addresses = {reverse(each.name) for each in RAIL.get(role, ())}
    return _navigation(role, get_language() or "", path if path in addresses else "")


@lru_cache(maxsize=512)
def _navigation(role: str, language: str, current: str) -> dict[str, SafeString]:
    """The same few for everybody: drawn once for each role, language and entry."""
    shown = {"rail": RAIL.get(role, ()), "current": current}
    return {
        name: SafeString(render_to_string(f"components/{name}.html", shown))
        for name in ("rail", "tabs")
    }
