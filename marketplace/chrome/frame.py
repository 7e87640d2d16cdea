"""The template context of what surrounds every page: top, navigation, role, inbox, elder mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from foundation.inbox.models import UNREAD
from foundation.roles import Actor
from foundation.work_items.models import CASES, seats_of
from marketplace.chrome.navigation import menu, sections

#: How far notices and cases are counted; beyond it stands "99+".
COUNTED = 99

#: SQL: both counts. It is text, since every page sends it and it is the same for everybody.
COUNTS = f"""
    SELECT (SELECT count(*) FROM ({UNREAD}) AS unread), (SELECT count(DISTINCT "case") FROM ({CASES}) AS waiting)
"""  # noqa: S608  our own texts


@dataclass(frozen=True)
class Counts:
    """What is new and what waits, as the frame shows it; "" for nothing."""

    unread: str = ""
    waiting: str = ""


@dataclass(frozen=True)
class Menus:
    """The navigation of a page, each as it is shown."""

    path: str
    role: str
    counts: Any

    @property
    def rail(self) -> SafeString:
        """Beside the page, for who is signed in."""
        return menu("components/rail.html", self.role, self.path, self.counts.waiting)

    @property
    def tabs(self) -> SafeString:
        """Below the page on a phone, for who is signed in."""
        return menu("components/tabs.html", self.role, self.path)

    @property
    def public(self) -> SafeString:
        """Above a page for anybody."""
        return menu("portal/navigation.html", "", self.path)


def counts(actor: Actor) -> Counts:
    """The unread notices of an actor, and the cases that wait for him, by one statement."""
    given = {
        "role": actor.role.value,
        "user": actor.user_id,
        "organization": actor.organization_id,
        "place": actor.place_id,
        "seats": seats_of(actor),
        "most_notices": COUNTED + 1,
        "most_items": 2 * COUNTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, given)
        return Counts(*map(_shown, cursor.fetchone()))


def _shown(count: int) -> str:
    """A count in words."""
    return "" if not count else str(count) if count <= COUNTED else f"{COUNTED}+"


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor; what is new and what waits is counted only where it is shown.

    ``shows_basis`` says whether a page names the clauses behind what it shows: a household is told
    what to do, not by which clause. ``own_page`` says that the reader is such a private person.
    """
    actor = getattr(request, "actor", None)
    own = actor is not None and actor.private
    counted = SimpleLazyObject(lambda: counts(actor) if actor else Counts())
    return {
        "actor": actor,
        "shows_basis": not own,
        "own_page": own,
        "elder": request.session.get("elder", False) if hasattr(request, "session") else False,
        "menus": Menus(request.path, actor.role if actor else "", counted),
        "sections": SimpleLazyObject(lambda: sections(request.path, actor.role) if actor else {}),
        "counts": counted,
    }
