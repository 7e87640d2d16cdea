"""What the frame of every page shows: rail, role, inbox, language, elder mode."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from foundation.models import Notice
from marketplace.navigation import PUBLIC, RAIL


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame; the unread count is read only where it is shown."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "memberships": getattr(request, "memberships", []),
        "rail": RAIL.get(actor.role, ()) if actor else (),
        "public_entries": PUBLIC,
        "elder": request.session.get("elder", False) if hasattr(request, "session") else False,
        "unread": lambda: (
            Notice.objects.visible_to(actor).filter(read_at=None).count() if actor else 0
        ),
    }
