"""The template context of what surrounds every page: top, navigation, role, inbox, elder mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.city import reading
from foundation.clauses.quoting import named_to
from foundation.inbox.models import UNREAD
from foundation.roles import Actor
from foundation.work_items.models import COUNT_CASES, COUNTED, seats_of
from marketplace.chrome.navigation import menu, sections

#: The highest number that is shown; beyond it stands "99+".
SHOWN = 99

#: SQL: both counts. It is text, since every page sends it and it is the same for everybody.
COUNTS = f"SELECT (SELECT count(*) FROM ({UNREAD}) AS unread), waiting.* FROM ({COUNT_CASES}) AS waiting"  # noqa: S608  our own texts


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
    city: Any

    @property
    def rail(self) -> SafeString:
        """Beside the page, for who is signed in."""
        waiting = self.counts.waiting
        return menu("components/rail.html", self.role, self.path, waiting, begun=self.city.at_work)

    @property
    def tabs(self) -> SafeString:
        """Below the page on a phone, for who is signed in."""
        return menu("components/tabs.html", self.role, self.path, begun=self.city.at_work)

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
        "most_notices": SHOWN + 1,
        "most_items": COUNTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, given)
        unread, *waiting = cursor.fetchone()
        return Counts(_shown(unread), _shown(*waiting))


def _shown(count: int, more: bool = False) -> str:
    """A count in words; ``more`` says that it is higher."""
    if not count:
        return ""
    return f"{min(count, SHOWN)}+" if more or count > SHOWN else str(count)


def sign_on_name() -> str:
    """What the city's single sign-on is called; "" where there is none."""
    return (settings.SSO_NAME or _("统一身份认证")) if settings.SSO_ISSUER else ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor; what is new and what waits is counted only where it is shown.

    ``shows_basis`` says whether a page names the clauses behind what it shows: a household is told
    what to do, not by which clause. ``own_page`` says that the reader is such a private person, ``unused_seconds`` after
    how many the sign-in ends unused, ``sign_on`` what the city's single sign-on is called.
    """
    actor = getattr(request, "actor", None)
    own = actor is not None and actor.private
    counted = SimpleLazyObject(lambda: counts(actor) if actor else Counts())
    city = SimpleLazyObject(reading.named_on_faults)
    return {
        "actor": actor,
        "city": city,
        "shows_basis": named_to(actor),
        "own_page": own,
        "sign_on": sign_on_name(),
        "unused_seconds": getattr(request, "unused_seconds", 0),
        "elder": request.session.get("elder", False) if hasattr(request, "session") else False,
        "menus": Menus(request.path, actor.role if actor else "", counted, city),
        "sections": SimpleLazyObject(lambda: sections(request.path, actor.role) if actor else {}),
        "counts": counted,
    }
