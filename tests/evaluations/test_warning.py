"""Between rounds: control charts by week, a signal where a provider leaves its limits, a visit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from evaluations.warnings import warning
from evaluations.warnings.models import Signal
from foundation import moments
from foundation.refusals import Invalid
from foundation.roles import SYSTEM
from foundation.rules import reading
from referrals.offers import offering
from referrals.offers.models import Referral
from tests import factories
from tests.evaluations.judging import in_days, officer

pytestmark = pytest.mark.story

MONDAY = date(2026, 6, 1)


def weeks(*shares: tuple[int, int]) -> dict[date, dict[str, int]]:
    """Weeks of (answered in time, of all), oldest first; the last is ``MONDAY``."""
    first = MONDAY - timedelta(weeks=len(shares) - 1)
    return {
        first + timedelta(weeks=n): {"answered_yes": yes, "answered_all": every}
        for n, (yes, every) in enumerate(shares)
    }


def chart(*shares: tuple[int, int], city: tuple[int, int] = (900, 1000)) -> list[warning.Point]:
    rule = reading.current(warning.CHARTS).value
    return warning.chart("answered", weeks(*shares), city, MONDAY, rule)


def test_a_week_far_below_the_own_mean_is_a_signal():
    point = chart(*[(19, 20)] * 10, (10, 20))[-1]
    assert point.centre == Fraction(19, 20)
    assert point.value < point.low
    assert point.broken == warning.BEYOND


def test_a_usual_week_and_a_good_one_are_none():
    assert chart(*[(18, 20)] * 10, (17, 20))[-1].broken == ""
    assert chart(*[(18, 20)] * 10, (20, 20))[-1].broken == ""


def test_eight_weeks_a_little_below_are_a_signal_too():
    points = chart(*[(20, 20)] * 12, *[(19, 20)] * 8)
    assert [point.broken for point in points[-3:]] == ["", "", warning.RUNNING]


def test_a_new_provider_is_held_against_the_city():
    point = chart((20, 20), (9, 20))[-1]
    assert point.centre == Fraction(9, 10)
    assert point.broken == warning.BEYOND


def test_weeks_of_too_few_cases_are_left_out():
    assert [each.n for each in chart((2, 4), (18, 20), (0, 3))] == [20]


def test_the_rule_decides_how_wide_the_limits_are():
    shares = [*[(19, 20)] * 10, (16, 20)]
    assert chart(*shares)[-1].broken == warning.BEYOND
    factories.rule("warning.charts", sigmas=6)
    assert chart(*shares)[-1].broken == ""


def test_more_complaints_than_the_u_chart_allows_are_a_signal():
    found = {MONDAY - timedelta(weeks=n): {"complaints": 1, "accepted_yes": 20} for n in range(1, 11)}
    found[MONDAY] = {"complaints": 6, "accepted_yes": 20}
    rule = reading.current(warning.CHARTS).value
    point = warning.chart("complaints", found, (10, 1000), MONDAY, rule)[-1]
    assert point.value > point.high
    assert point.broken == warning.BEYOND


@pytest.fixture
def lapsing():
    """A provider that let six offers of this week run out."""
    provider = factories.AccreditedProvider()
    offer = factories.AcceptedOffer(provider=provider, places=9)
    factories.ContractInForce(provider=provider)
    for _ in range(6):
        referral = factories.OfferedReferral(offer=offer, need=factories.OpenNeed())
        offering.time_out(referral, by=SYSTEM)
    return provider


def test_the_week_is_looked_at_and_nothing_is_raised_twice(lapsing):
    with in_days(7):
        assert warning.watch() >= 1
        assert warning.watch() == 0
    signal = Signal.objects.get(provider=lapsing, measure="answered")
    assert (signal.value, signal.cases, signal.status) == (0, 6, "raised")
    assert signal.week == warning.monday(moments.today())
    assert signal.chart == "p"
    assert warning.standings(Signal.objects.all())[0][0] == lapsing


@pytest.mark.tampers
def test_the_first_providers_are_those_with_most_signals_and_of_these_the_furthest(monkeypatch):
    monkeypatch.setattr(warning, "FIRST", 2)
    few, many, far = (factories.AccreditedProvider() for _each in range(3))
    for provider, values in ((few, [0.1]), (many, [0.1, 0.2]), (far, [0.1, 0.9])):
        for measure, value in zip(("answered", "accepted"), values, strict=False):
            number = {"value": Decimal(f"{value}"), "centre": 0, "low": 0, "high": 1, "cases": 9}
            Signal.objects.create(
                provider=provider, week=warning.monday(moments.today()), measure=measure, **number
            )
    found = warning.standings(Signal.objects.filter(provider__in=[few, many, far]))
    assert found == [(far, 2, Decimal("0.9")), (many, 2, Decimal("0.2"))]


def test_the_week_is_looked_at_in_as_many_statements_for_many_providers_as_for_few(
    lapsing, django_assert_max_num_queries
):
    with in_days(7), django_assert_max_num_queries(40):
        warning.watch()


def test_a_signal_shows_its_chart_and_the_records_behind_it(lapsing, client_of):
    with in_days(7):
        warning.watch()
    signal = Signal.objects.get(provider=lapsing, measure="answered")
    page = client_of("minzheng").get(signal.get_absolute_url()).content.decode()
    assert "超出平常范围" in page
    assert f"/indicators/{lapsing.pk}/answered/" in page
    listed = client_of("minzheng").get("/signals/").content.decode()
    assert "超出平常波动" in listed
    assert lapsing.organization.name in listed
    own = client_of(factories.user_of(lapsing).username)
    assert own.get(signal.get_absolute_url()).status_code == 404


def test_civil_affairs_visits_and_says_what_it_found(lapsing):
    with in_days(7):
        warning.watch()
        signal = Signal.objects.get(provider=lapsing, measure="answered")
        with pytest.raises(Invalid):
            warning.plan_visit(signal, by=officer(), visit_on=moments.today() - timedelta(days=1))
        signal = warning.plan_visit(signal, by=officer(), visit_on=moments.today())
        signal = warning.close(signal, by=officer(), found="协调员离职，已补人")
    assert (signal.status, signal.found) == ("closed", "协调员离职，已补人")
    assert Referral.objects.filter(provider=lapsing, status="timed_out").count() == 6


def test_a_signal_is_set_aside_with_a_reason(lapsing):
    with in_days(7):
        warning.watch()
        signal = Signal.objects.get(provider=lapsing, measure="answered")
        signal = warning.set_aside(signal, by=officer(), reason="系统停机一天")
    assert (signal.status, signal.found) == ("closed", "系统停机一天")
