"""The people who ask the server all at once: sessions, addresses that they open, forms that they send."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle, islice
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.test import Client

from benchmarks.accepting import acceptance
from benchmarks.leaving import Change
from benchmarks.pages import PEOPLE
from foundation import moments
from foundation.refusals import Refused
from foundation.roles import Role
from households.register.models import Household
from organizations.people.models import Membership, User
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.needs.states import NeedStatus
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus

#: A page: what it is called in the result, and its address. A form has fields, too.
Page = tuple[str, str]
Form = tuple[str, str, dict[str, str]]

#: The token against forgery, which a browser has from the first page.
TOKEN = "a" * 32

#: How often the people are sent to work, each time with other forms.
TURNS = 4

#: The inbox, read.
READ: Form = ("/inbox/ (read)", "/inbox/", {})

#: What anybody opens without signing in.
PUBLIC: list[Page] = [
    (address, address)
    for address in ("/", "/?q=照料", "/organizations/", "/results/", "/notices/", "/hsds/services")
]


def crowd(people: int) -> tuple[list[dict[str, Any]], list[Change]]:
    """So many people: windows and coordinators are the most. The second value is what their forms will change."""
    changes: list[Change] = []
    coordinators = _coordinators(changes)
    trades: dict[str, Callable[[], dict[str, Any]]] = {
        "window": _window,
        "coordinator": lambda: next(coordinators, None) or _window(),
        "office": _office,
        "finance": _finance,
        "public": lambda: {"cookies": {}, "pages": PUBLIC, "forms": [[]] * TURNS},
    }
    order = (*["window"] * 3, *["coordinator"] * 4, "office", "finance", "public")
    return [trades[trade]() for trade in islice(cycle(order), people)], changes


def _person(user: User, pages: list[Page], forms: list[Form]) -> dict[str, Any]:
    """Somebody signed in, who sends one of ``forms`` a turn and reads the inbox."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "cookies": {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN},
        "pages": [("/workbench/", "/workbench/"), *pages],
        "forms": [[READ, *forms[turn : turn + 1], READ] for turn in range(TURNS)],
    }


def _demo(role: str) -> User:
    return User.objects.get(username=PEOPLE[role])


def _window() -> dict[str, Any]:
    user = _demo("window")
    actor = user.memberships.on(moments.today())[0].actor()
    matter = _any(Matter.objects.visible_to(actor))
    household = _any(Household.objects.visible_to(actor))
    need = _any(Need.objects.filter(town_id=actor.place_id, status=NeedStatus.OPEN))
    pages = [
        ("/matters/", "/matters/"),
        ("/matters/<number>/", f"/matters/{matter.number}/"),
        ("/households/", "/households/"),
        ("/households/<number>/", f"/households/{household.number}/"),
        ("/needs/<pk>/match/", f"/needs/{need.pk}/match/"),
        ("/search/", f"/search/?q={matter.number[:-2]}"),
        ("/referrals/", "/referrals/"),
    ]
    return _person(user, pages, [])


def _coordinators(changes: list[Change]) -> Iterator[dict[str, Any]]:
    """Coordinators for whose answer referrals wait, each of another provider.

    What their answers will change is added to ``changes``.
    """
    found = Membership.objects.on(moments.today()).filter(role=Role.COORDINATOR).select_related("user")
    for membership in found.order_by("-pk"):
        provider = membership.organization.provider
        waiting = Referral.objects.filter(
            provider=provider,
            status=ReferralStatus.OFFERED,
            urgent=False,
            offer__taken__lt=F("offer__places"),
        )
        numbers = []
        for referral in waiting.order_by("offer_id", "pk").distinct("offer_id")[:TURNS]:
            with suppress(Refused):
                changes += acceptance(referral).changes
                numbers.append(referral.number)
        if numbers:
            forms = [
                ("/referrals/<number>/accept/", f"/referrals/{number}/accept/", {"key": uuid.uuid4().hex})
                for number in numbers
            ]
            pages = [
                ("/referrals/", "/referrals/"),
                ("/referrals/<number>/", f"/referrals/{numbers[0]}/"),
                ("/offers/", "/offers/"),
                ("/contracts/", "/contracts/"),
            ]
            yield _person(membership.user, pages, forms)


def _office() -> dict[str, Any]:
    pages = [
        ("/providers/", "/providers/"),
        ("/overdue/", "/overdue/"),
        ("/contracts/", "/contracts/"),
        ("/api/v1/referrals", "/api/v1/referrals"),
    ]
    return _person(_demo("civil affairs"), pages, [])


def _finance() -> dict[str, Any]:
    pages = [("/invoices/", "/invoices/"), ("/budgets/", "/budgets/")]
    return _person(_demo("finance"), pages, [])


def _any(found: QuerySet[Any]) -> Any:
    """The newest of them."""
    return found.order_by("-pk")[0]
