"""Every page and answer about evaluations is as small for a round of a whole city as for a short one."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.sweep.addresses import Address, addresses, kinds
from benchmarks.sweep.judging import BYTES, STATEMENTS
from benchmarks.sweep.people import Person, people
from benchmarks.sweep.walking import Walk
from evaluations.appeals import appealing
from evaluations.rounds.models import Round
from evaluations.simulations import simulating
from foundation import moments
from foundation.permissions import NOBODY
from foundation.roles import Role
from foundation.work_items import rebuilding
from organizations.people.models import User
from organizations.providers.models import Provider
from tests import factories
from tests.evaluations import crowding, judging
from tests.evaluations.judging import CHAIR, officer

FEW, MANY = 60, 400
#: Of which a test of its own says how few statements any of them takes.
WORKBENCHES = ("/", "/workbench/")
#: Beside those of the package: where its objects are shown.
ELSEWHERE = ("/notices/", "/work", "/search/", "/results/", "/api/v1/work")


def among() -> list[Address]:
    """The addresses of the package, and where its objects are shown."""
    return [address for address in addresses() if _is_about_it(address)]


def _is_about_it(address: Address) -> bool:
    view = address.view
    model = getattr(view, "model", None) or getattr(getattr(view, "lifecycle", None), "model", None)
    of_it = view.__module__.startswith("evaluations.") or (model and model._meta.app_label == "evaluations")
    return bool(of_it) or address.route == "/" or address.route.startswith(ELSEWHERE)


def levels(sheet: Any, mark: str, n: int) -> int:
    """Levels on which the evaluators differ, so that the chair has to decide."""
    return (1, 4, 5)[n % 3]


def rounds(provider: Provider) -> list[Round]:
    """A round in each state of which a page shows something else, all of one provider."""
    factories.rule("evaluation.panel", rotation=0)
    providers = [provider]
    with_appeal = judging.told(providers)
    assessment = judging.only(with_appeal)
    by = factories.member_of(provider)
    appealing.file(by=by, assessment=assessment, indicator="staff", text="证件在有效期内")
    return [
        judging.planned(providers),
        judging.reporting_(providers),
        judging.scoring_(providers),
        judging.moderating(providers, levels),
        with_appeal,
        judging.noticed(providers),
        judging.published(providers),
    ]


def readers(provider: Provider) -> list[Person]:
    """An officer, an evaluator who scores and one who is the chair, one of an assessed provider, and nobody."""
    chair = Person(Role.EVALUATOR, User.objects.get(username=CHAIR))
    coordinator = Person(Role.COORDINATOR, factories.user_of(provider))
    first = [people(role)[0] for role in (Role.CIVIL_AFFAIRS, Role.EVALUATOR, NOBODY)]
    return [*first, chair, coordinator]


def opened(provider: Provider) -> dict[tuple[str, str], tuple[int, int]]:
    """Statements and bytes by reader and path."""
    known, found = kinds(), {}
    for person in readers(provider):
        walk = Walk([person], among(), known, rounds=0).through()
        walk.leave()
        assert [row for row in walk.rows if row.status >= 500] == []
        for row in walk.rows:
            if row.status == 200 and not row.apart:
                found[f"{person.role} {person.user}", row.path] = (row.statements, row.bytes)
    return found


@pytest.mark.slow
@pytest.mark.tampers
def test_no_page_grows_with_the_providers_of_a_round():
    provider = judging.served()
    made = rounds(provider)
    simulating.run(by=officer(), scheme=made[-1].scheme, round_=made[-1], resamples=100)
    added = crowding.more_providers(provider, MANY - 1)
    for round_ in made:
        crowding.crowd(round_, added[: FEW - 1])
    list(rebuilding.rebuild())
    # At one moment, since a sign-in that goes on is noted once a minute.
    at = moments.now()
    with moments.as_of(at):
        few = opened(provider)
    for round_ in made:
        crowding.crowd(round_, added[FEW - 1 :])
    simulating.run(by=officer(), scheme=made[-1].scheme, round_=made[-1], resamples=100)
    list(rebuilding.rebuild())
    with moments.as_of(at):
        many = opened(provider)
    both = few.keys() & many.keys()
    grown = {
        key: (few[key][0], many[key][0])
        for key in both
        if many[key][0] > few[key][0] and key[1] not in WORKBENCHES
    }
    large = {key: size for key, (_sent, size) in many.items() if size > BYTES}
    over = {key: sent for key, (sent, _size) in many.items() if sent > STATEMENTS}
    assert len(both) > 200
    assert (grown, large, over) == ({}, {}, {})
