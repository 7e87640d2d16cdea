"""A floor does the same work as what it is compared with: it gives the same rows, or leaves the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from django.db import connection

from benchmarks import accepting, assignment, floors, leaving, pages, ranking
from benchmarks.measuring import Times, growth, in_turns, ninety_ninth, row_of
from foundation.inbox.models import Notice
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus
from referrals.rematching import assigning

pytestmark = pytest.mark.story


@pytest.fixture(autouse=True)
def closed_afterwards() -> Iterator[None]:
    yield
    floors.close()


def test_the_floor_of_every_page_gives_the_rows_that_the_page_shows():
    found = list(pages.cases())
    for case in found:
        case.check()
    names = {case.name for case in found}
    assert {f"workbench, {role}" for role in pages.PEOPLE} <= names
    assert sum(1 for case in found if case.shows) > 25


def test_a_floor_that_gives_other_rows_is_refused():
    case = next(case for case in pages.cases() if case.name.startswith("list /referrals/"))
    with pytest.raises(ValueError, match="the floor gives"):
        replace(case, floor=lambda: case.shows[1:]).check()


def test_the_floor_of_a_list_fetches_what_the_page_says():
    client = pages._client("civil affairs")
    page = unescape(pages.opened(client, "/referrals/").decode())
    keys = [row.pk for row in pages.shown(client, "/referrals/", "page")]
    for _key, number, _status, _used, _units, item, _english, provider, town in floors.bare().execute(
        floors.ROWS["referrals"], [keys]
    ):
        assert {number, item, provider, town} <= {
            word for word in (number, item, provider, town) if word in page
        }


def test_the_floor_of_the_ranking_gives_its_candidates():
    case = ranking.case()
    case.check()
    assert len(case.shows) > 3
    assert ranking.plan()[0].startswith("planning ")


def test_the_floor_of_an_acceptance_leaves_the_same_rows_with_fewer_statements():
    one = next(accepting._acceptable())
    with connection.cursor() as cursor:
        theirs = leaving.left_by(lambda: one.floor.within(cursor))
    ours = leaving.left_by(one.act)
    assert leaving.alike(ours) == leaving.alike(theirs)
    tables = {change.table for change in ours}
    assert {
        "referrals_referral",
        "referrals_need",
        "catalog_offer",
        "foundation_entry",
        "foundation_clock",
    } <= tables
    assert one.floor.count < 20


def test_what_a_benchmark_wrote_is_put_back():
    referral = Referral.objects.filter(status=ReferralStatus.OFFERED).order_by("pk")[0]
    one = accepting.acceptance(referral)
    with connection.cursor() as cursor, leaving.undone(one.changes):
        one.floor.within(cursor)
        referral.refresh_from_db()
        assert referral.status == ReferralStatus.ACCEPTED
    referral.refresh_from_db()
    assert (referral.status, referral.answered_at, referral.contact_name) == (
        ReferralStatus.OFFERED,
        None,
        None,
    )
    # The same again, so nothing of it is left.
    assert leaving.alike(accepting.acceptance(referral).changes) == leaving.alike(one.changes)


def test_a_row_that_an_action_deletes_is_deleted_by_the_floor_and_put_back():
    notice = Notice.objects.order_by("pk")[0]
    changes = leaving.left_by(notice.delete)
    assert [(change.table, change.new) for change in changes] == [("foundation_notice", None)]
    keys = {"pk": changes[0].old["id"]}
    with connection.cursor() as cursor, leaving.undone(changes):
        leaving.Floor(changes, ("foundation_notice", keys["pk"])).within(cursor)
        assert not Notice.objects.filter(**keys).exists()
    assert Notice.objects.get(**keys).text == notice.text


def test_the_flow_is_the_assignment_where_places_alone_bind():
    problem = assignment.leaving(200, 30)
    ample = np.full_like(problem.pot, 10**6)
    free = replace(problem, pot=ample, week=ample)
    assert assignment.Flow(free)() == pytest.approx(assigning.solve(free).total)


def test_one_more_provider_moves_only_what_it_had_over_what_the_others_have_left():
    problem = assignment.leaving(200, 30)
    found = assigning.solve(problem)
    rest = assignment.one_more(problem, found, offer=3)
    assert len(rest.units) == (found.offer_of == 3).sum() > 0
    after = assigning.solve(rest)
    assert 3 not in after.offer_of
    offers = np.where(found.offer_of == 3, -1, found.offer_of)
    offers[found.offer_of == 3] = after.offer_of
    placed = offers >= 0
    taken = np.bincount(offers[placed], problem.units[placed], len(problem.pot))
    assert (taken <= problem.pot).all()
    assert (np.bincount(offers[placed], minlength=len(problem.places)) <= problem.places).all()


def test_a_row_says_whether_its_target_is_met():
    times = Times(ours=[4.0, 6.0, 5.0], floor=[1.0, 2.0, 3.0], cold=[9.0])
    case = replace(ranking.case(), name="a", against="b", target=2.5)
    assert row_of(case, times).as_json() == {
        "name": "a / b",
        "ours": 5.0,
        "floor": 2.0,
        "unit": "ms",
        "ratio": 2.5,
        "target": 2.5,
        "holds": True,
    }
    rows = growth("a", times, Times(ours=[5.0], cold=[3.0]))
    assert [(row.ratio, row.holds) for row in rows] == [(1.0, True), (3.0, False), (1.2, False)]
    assert ninety_ninth([float(number) for number in range(101)]) == 99


def test_ours_and_the_floor_take_turns():
    told: list[str] = []
    case = replace(ranking.case(), ours=lambda: told.append("ours"), floor=lambda: told.append("floor"))
    times = in_turns(case, seconds=0, fewest=3)
    assert told == ["ours", "floor"] * 4
    assert len(times.ours) == len(times.floor) == 3
