"""The template context of what surrounds every page: top, navigation, role, inbox, elder mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from foundation.inbox.models import Notice
from foundation.roles import Actor
from foundation.work_items.models import WorkItem
from marketplace.chrome.navigation import PUBLIC, RAIL, sections

#: How far notices and cases are counted; beyond it stands "99+".
COUNTED = 99


@dataclass(frozen=True)
class Counts:
    """What is new and what waits, as the frame shows it; "" for nothing."""

    unread: str = ""
    waiting: str = ""


def counts(actor: Actor) -> Counts:
    """The unread notices of an actor, and the cases that wait for him, by one statement."""
    unread = Notice.objects.visible_to(actor).filter(read_at=None).order_by()
    waiting = WorkItem.objects.to_do(actor).order_by()
    found = unread.values_list(Value("unread"), Cast("pk", CharField()))[: COUNTED + 1].union(
        waiting.values_list(Value("waiting"), "case")[: 2 * COUNTED], all=True
    )
    cases = set(found)
    return Counts(*(_shown(sum(what == kind for what, _case in cases)) for kind in ("unread", "waiting")))


def _shown(count: int) -> str:
    """A count in words."""
    return "" if not count else str(count) if count <= COUNTED else f"{COUNTED}+"


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor; what is new and what waits is counted only where it is shown.

    ``shows_basis`` says whether a page names the clauses behind what it shows: a household is told
    what to do, not by which clause.
    """
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "shows_basis": actor is None or not actor.private,
        "elder": request.session.get("elder", False) if hasattr(request, "session") else False,
        "rail": RAIL.get(actor.role, ()) if actor else (),
        "sections": SimpleLazyObject(lambda: sections(request.path, actor.role) if actor else {}),
        "public_entries": PUBLIC,
        "counts": SimpleLazyObject(lambda: counts(actor) if actor else Counts()),
    }
