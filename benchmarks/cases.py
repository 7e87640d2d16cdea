"""The city at full size: each benchmark compares a part of the product with its bare counterpart."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.test import Client

from benchmarks.city import stand_on
from benchmarks.measuring import RANKING, RANKING_OF_A_TENTH, Pair, Row, bare, caught
from demo.starter.cases import id_number
from demo.starter.places_and_people import actor
from foundation import moments
from foundation.deadlines import calendar
from foundation.deadlines.calendar import WorkingDays
from foundation.documents import making
from foundation.documents.models import Document
from foundation.roles import Actor
from foundation.ui.number_search import numbered
from households.register import registration
from marketplace.workbench import waiting
from organizations.people.models import User
from referrals.matching import ranking
from referrals.matters.documents import ACCEPTANCE_SLIP
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus
from referrals.needs.models import Need
from referrals.needs.states import NeedStatus
from referrals.offers.models import Referral

#: The lists that a window works from.
LISTS = ("referrals", "matters", "households")

#: Pages that anybody may open without signing in.
PUBLIC = ("/results/", "/funds/", "/notices/", "/organizations/")


def _ranking(pair: Pair, name: str, window: Actor) -> None:
    need = Need.objects.filter(town_id=window.place_id, kind="care", status=NeedStatus.OPEN)[0]
    pair.add(
        name, lambda: ranking.rank(need), bare(*caught(lambda: ranking.rank(need), having="judged")), target=3
    )


def ranking_alone(*, households: int, providers: int, referrals: int, rounds: int) -> list[Row]:
    """The ranking in a smaller city, to be compared with the whole one."""
    stand_on("tenth", households=households, providers=providers, referrals=referrals)
    pair = Pair(rounds)
    _ranking(pair, RANKING_OF_A_TENTH, actor("chuangkou"))
    return pair.rows


def run(*, households: int, providers: int, referrals: int, rounds: int) -> list[Row]:
    """Every benchmark at one scale; times in milliseconds, medians of ``rounds``."""
    stand_on("city", households=households, providers=providers, referrals=referrals)
    pair = Pair(rounds)
    window = actor("chuangkou")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="chuangkou"))
    _ranking(pair, RANKING, window)
    for name in LISTS:
        page = partial(client.get, f"/{name}/")
        page()  # warms the caches up
        pair.add(
            f"list of {name}, page / all the SQL that it sends",
            page,
            bare(*caught(page)),
            target=3,
            rounds=rounds * 5,
        )
    for path in PUBLIC:
        page = partial(Client(SERVER_NAME="127.0.0.1").get, path)
        page()
        pair.add(
            f"public page {path} / a page that asks nothing of the city",
            page,
            partial(Client(SERVER_NAME="127.0.0.1").get, "/help/"),
            target=6,
            rounds=rounds * 5,
        )
    for name, username in (("civil affairs", "minzheng"), ("audit", "shenji"), ("window", "chuangkou")):
        reader = actor(username)
        search = partial(_searched, reader)
        keys = [referral.pk for referral in search()]
        pair.add(
            f"search by the beginning of a number, {name} / the same rows by primary key",
            search,
            partial(_fetched, keys),
            target=20,
        )
    pair.add(
        "workbench, rows only / the SQL of its rows",
        lambda: waiting.open_for(window),
        bare(*caught(lambda: waiting.open_for(window))),
        target=3,
    )
    number = id_number("1944-03-08", "F", 101)
    pair.add(
        "a person by identity number / by primary key",
        lambda: registration.person_by_number(number),
        bare(("SELECT * FROM households_person WHERE id = 1", [])),
        target=3,
    )
    start = moments.now()
    pair.add(
        "deadline of 15 working days / of 1",
        lambda: calendar.due(start, WorkingDays(15)),
        lambda: calendar.due(start, WorkingDays(1)),
        target=3,
    )
    matter = Matter.objects.visible_to(window).filter(status=MatterStatus.ACCEPTED).last()
    pair.add(
        "acceptance slip, made and sealed / WeasyPrint alone",
        _rolled_back(matter, window),
        _bare_pdf(matter),
        target=1.15,
        rounds=5,
    )
    return pair.rows


def _fetched(keys: list[int]) -> list[Referral]:
    """The rows of these keys, read by primary key."""
    return list(Referral.objects.filter(pk__in=keys))


def _searched(reader: Actor) -> list[Referral]:
    found = Referral.objects.visible_to(reader)
    return list(numbered(found, f"ZJ-{moments.today().year}-0", "ZJ")[:10])


def _rolled_back(matter: Matter, by: Any) -> Callable[[], Any]:
    def make() -> None:
        with transaction.atomic():
            document = making.request(ACCEPTANCE_SLIP, matter, by=by)
            making.render(document)
            transaction.set_rollback(True)

    return make


def _bare_pdf(matter: Matter) -> Callable[[], Any]:
    from django.template.loader import render_to_string
    from weasyprint import HTML

    document = Document(title="受理单", code="bench")
    shown = {"document": document, "qr": making._qr(document)}
    html = render_to_string(ACCEPTANCE_SLIP.template, {**ACCEPTANCE_SLIP.context(matter), **shown})
    return lambda: HTML(string=html).write_pdf(pdf_variant="pdf/a-3b")
