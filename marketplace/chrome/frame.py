"""The template context of what surrounds every page: top, navigation, role, inbox, elder mode."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from foundation.inbox.models import Notice
from foundation.permissions import ANYONE, access, role_of
from foundation.roles import PRIVATE
from marketplace.chrome.navigation import PUBLIC, RAIL, sections

#: Who is told by which clause something is done; a private person is told what to do.
TOLD_CLAUSES = access(GET=ANYONE - frozenset(PRIVATE))


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor; the count of unread notices is queried only where it is shown.

    ``shows_basis`` says whether a page names the clauses behind what it shows: a household is told
    what to do, not by which clause.
    """
    actor = getattr(request, "actor", None)

    def count_unread() -> int:
        return Notice.objects.unread_of(actor) if actor else 0

    return {
        "actor": actor,
        "shows_basis": TOLD_CLAUSES.allows("GET", role_of(request)),
        "elder": request.session.get("elder", False) if hasattr(request, "session") else False,
        "rail": RAIL.get(actor.role, ()) if actor else (),
        "sections": SimpleLazyObject(lambda: sections(request.path, actor.role) if actor else {}),
        "public_entries": PUBLIC,
        "count_unread": count_unread,
    }
