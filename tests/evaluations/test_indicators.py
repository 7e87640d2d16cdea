"""What is counted by itself: events of a period, opened row by row, carried on day by day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from demo.starter.cases import told_code
from evaluations.assessments import views as assessment_views
from evaluations.indicators import evidence, measures, records, tallies
from evaluations.indicators.measures import MEASURES, figure_of
from evaluations.indicators.models import Tally, TallySpan
from evaluations.indicators.records import COUNTERS
from evaluations.schemes import defaults
from foundation import moments
from foundation.roles import SYSTEM, Role
from organizations.people.models import Membership
from referrals.answers.models import Satisfaction
from referrals.complaints.models import Complaint
from referrals.matching import case_mix
from referrals.offers import offering
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus
from referrals.service import delivery
from referrals.service.models import Visit
from tests import factories
from tests.evaluations.judging import in_days, served


def counted(provider, first=None, last=None) -> dict:
    today = moments.today()
    return tallies.evidence(first or today, last or today, [provider.pk])[provider.pk]


def value(provider, key: str):
    found = figure_of(key, counted(provider), defaults.survey())
    return None if found is None else found.value


@pytest.fixture
def busy():
    """A provider that declined one, let one time out, and finished one of three units of four."""
    provider = factories.AccreditedProvider()
    offer = factories.AcceptedOffer(provider=provider, places=9)
    factories.ContractInForce(provider=provider)
    coordinator = factories.member_of(provider)
    worker = factories.member_of(provider, Role.SOCIAL_WORKER)
    first, second, third = (
        factories.OfferedReferral(offer=offer, need=factories.OpenNeed()) for _ in range(3)
    )
    offering.decline(first, by=coordinator, reason="no_staff")
    offering.time_out(second, by=SYSTEM)
    membership = Membership.objects.get(organization=provider.organization, role=Role.SOCIAL_WORKER)
    third = offering.accept(third, by=coordinator, worker=membership)
    third = delivery.plan(third, by=worker, plan_text="x")
    third = delivery.record_visit(
        third, by=worker, on=moments.today(), units=3, note="x", code=told_code(third)
    )
    delivery.complete(third, by=worker, outcome="好", goal_level=2)
    return provider


def test_figures_count_what_happened(busy):
    counts = counted(busy)["counts"]
    assert (counts["answered_yes"], counts["answered_all"]) == (2, 3)
    assert (counts["accepted_yes"], counts["answers"]) == (1, 2)
    assert (counts["contact_yes"], counts["contact_all"]) == (1, 1)
    assert (counts["units_yes"], counts["units_all"]) == (3, 4)
    assert (counts["completed_yes"], counts["services"], counts["kept_yes"]) == (1, 1, 1)
    assert "goals_yes" not in counts
    assert (counts["records_yes"], counts["records_all"]) == (1, 1)
    assert value(busy, "visits") == Fraction(3, 4)
    assert value(busy, "goals") == 0


def test_what_has_no_records_is_no_data_and_never_zero(busy):
    assert value(busy, "satisfaction") is None
    assert value(busy, "accounts") is None
    assert value(factories.AccreditedProvider(), "answered") is None


def test_an_event_belongs_to_its_day_in_the_city(busy):
    yesterday = moments.today() - timedelta(days=1)
    assert counted(busy, yesterday, yesterday)["counts"] == {}


def test_who_ended_a_case_decides_about_continuity():
    by_provider, by_window = factories.ReferralInService(), factories.ReferralInService()
    delivery.end_early(by_provider, by=factories.member_of(by_provider.provider), reason="社工离职")
    window = factories.window_of(by_window.town)
    delivery.end_early(by_window, by=window, reason="家庭搬走")
    assert value(by_provider.provider, "continuity") == 0
    assert value(by_window.provider, "continuity") == 1
    assert value(by_window.provider, "completed") == 0


@pytest.mark.parametrize(
    "said,mean",
    [
        ((("own", 5), ("link", 2)), Fraction(7, 2)),
        # What the window writes down does not overrule what the household says itself.
        ((("call", 5), ("link", 2)), Fraction(2)),
        ((("call", 5),), Fraction(5)),
    ],
)
def test_a_household_asked_by_two_channels_weighs_as_much_as_one(said, mean):
    provider = served()
    referral = Referral.objects.get(provider=provider)
    for channel, score in said:
        Satisfaction.objects.create(need=referral.need, channel=channel, score=score, at=moments.now())
    counts = counted(provider)["counts"]
    assert (counts["marks_all"], Fraction(counts["marks"], counts["marks_all"])) == (6, mean)
    found = figure_of("satisfaction", counted(provider), defaults.survey())
    assert (found.n, found.raw) == (1, mean)


def test_a_complaint_counts_against_who_served_the_need(who):
    provider = served()
    referral = Referral.objects.get(provider=provider)
    household = referral.need.matter.household
    Complaint.objects.create(
        household=household, need=referral.need, town=referral.town, about="provider", text="迟到"
    )
    Complaint.objects.create(
        household=household, need=referral.need, town=referral.town, about="window", text="慢"
    )
    assert counted(provider)["counts"]["complaints"] == 1
    assert value(provider, "complaints") == 1


def test_the_cost_of_a_unit_is_held_against_the_guide_price_of_the_catalog():
    referral = factories.ReferralInService()
    line = referral.line
    guide = line.item.price_high
    found = figure_of("unit_cost", counted(referral.provider), defaults.survey())
    assert found.value == Fraction(line.unit_price) / Fraction(guide)
    assert found.n == 1


def test_a_visit_that_is_recorded_late_or_not_confirmed_is_no_good_record():
    referral = factories.ReferralInService()
    Visit.objects.filter(referral=referral).update(confirmed=True)
    assert value(referral.provider, "records") == 1
    Visit.objects.filter(referral=referral).update(on=moments.today() - timedelta(days=3))
    assert value(referral.provider, "records") == 0


def test_how_hard_a_case_is_stands_with_the_referral_and_stays():
    referral = factories.ReferralInService()
    need = referral.need
    assert referral.case_mix == case_mix.stratum_of(need)
    household = need.matter.household
    household.category = "extremely_poor"
    household.save()
    assert Referral.objects.get(pk=referral.pk).case_mix == referral.case_mix
    need.refresh_from_db()
    assert case_mix.stratum_of(need) == referral.case_mix.replace("-2-", "-3-").replace("-1-", "-3-")


# --- the records behind a figure ----------------------------------------------------------


@pytest.mark.parametrize("key", MEASURES)
def test_every_number_opens_the_records_behind_it(key, busy, who):
    today = moments.today()
    rows, yes, every = evidence.rows(key, busy.pk, today, today, who("minzheng"))
    counts, measure = counted(busy)["counts"], MEASURES[key]
    assert (yes, every) == (counts.get(measure.yes, 0), counts.get(measure.all, 0))
    assert (sum(row.yes for row in rows), sum(row.all for row in rows)) == (yes, every)
    assert all(row.address for row in rows)


def test_a_part_of_the_records_is_shown_and_all_are_counted(busy, who):
    today = moments.today()
    every, *sums = evidence.rows("answered", busy.pk, today, today, who("minzheng"))
    for start in (0, 1):
        part, *same = evidence.rows("answered", busy.pk, today, today, who("minzheng"), start=start, most=2)
        assert (part, same) == (every[start : start + 2], sums)
    assert len(every) > 2
    assert [row.at for row in every] == sorted((row.at for row in every), reverse=True)
    yesterday = today - timedelta(days=1)
    assert evidence.rows("answered", busy.pk, yesterday, yesterday, who("minzheng")) == ([], 0, 0)


def test_records_behind_a_figure_come_page_by_page(busy, client_of, monkeypatch):
    monkeypatch.setattr(assessment_views, "PAGE", 2)
    path = reverse("provider-records", args=[busy.pk, "answered"])
    with in_days(1):
        client = client_of("minzheng")
        first = client.get(path).context
        following = client.get(path + first["rows"].older).context
        assert client.get(path + "?from=9999").status_code == 404
    assert len(first["rows"]) == 2
    assert len(following["rows"]) == 1
    assert following["rows"].rows[0] not in first["rows"].rows
    assert following["every"] == first["every"] == 3


def test_a_record_is_named_and_its_page_opened_only_for_who_may_see_it(busy, who):
    today = moments.today()
    rows, _yes, _every = evidence.rows("answered", busy.pk, today, today, who("pinggu"))
    assert rows
    assert {row.address for row in rows} == {""}
    assert all(row.words.startswith("ZJ-") for row in rows)


def test_the_page_of_a_figure_shows_the_sums_and_leads_to_the_records(busy, client_of):
    tallies.rebuild()
    with in_days(1):
        tallies.roll_forward()
        page = client_of("minzheng").get(f"/indicators/{busy.pk}/").content.decode()
        assert f'href="/indicators/{busy.pk}/answered/"' in page
        assert "66.7%" in page
        behind = client_of("minzheng").get(f"/indicators/{busy.pk}/answered/").content.decode()
    assert "计入 2 / 3" in behind
    assert behind.count("/referrals/ZJ-") >= 3


def test_a_provider_opens_its_own_figures_and_no_others(busy, client_of, who):
    own = Membership.objects.get(user_id=who("jigou").user_id).organization.provider
    client = client_of("jigou")
    assert client.get(f"/indicators/{own.pk}/").status_code == 200
    assert client.get(f"/indicators/{busy.pk}/").status_code == 404
    assert client.get(f"/indicators/{own.pk}/no-such/").status_code == 404
    assert client_of("shegong").get(f"/indicators/{own.pk}/").status_code == 403


def test_the_api_gives_the_same_figures_and_their_records(busy, api_of):
    tallies.rebuild()
    with in_days(1):
        tallies.roll_forward()
        found = {
            row["measure"]: row
            for row in api_of("minzheng").get(f"/api/v1/providers/{busy.pk}/figures").json()
        }
        rows = api_of("minzheng").get(f"/api/v1/providers/{busy.pk}/figures/answered").json()
    assert (found["answered"]["value"], found["answered"]["n"]) == (0.6667, 3)
    assert found["satisfaction"]["value"] is None
    assert sum(row["all"] for row in rows) == 3


# --- kept, and carried on -----------------------------------------------------------------


def kept_rows() -> dict:
    names = ("provider_id", "mix", *COUNTERS)
    rows = Tally.objects.values_list(*names)
    return {row[:2]: row[2:] for row in rows if any(row[2:])}


def test_a_day_carried_on_is_the_same_as_all_summed_anew(busy):
    tallies.rebuild()
    before = kept_rows()
    with in_days(1):
        assert tallies.roll_forward() == 1
        carried = kept_rows()
        assert carried != before
        tallies.rebuild()
        assert kept_rows() == carried
        span = TallySpan.objects.get()
        assert (span.last - span.first).days == tallies.WINDOW - 1


def test_some_days_at_once_are_carried_on_and_a_long_gap_is_summed_anew(busy):
    tallies.rebuild()
    with in_days(5):
        assert tallies.roll_forward() == 5
        carried = kept_rows()
        tallies.rebuild()
        assert kept_rows() == carried
    with in_days(30):
        assert tallies.roll_forward() == tallies.WINDOW


def test_carrying_on_twice_on_one_day_changes_nothing(busy):
    tallies.rebuild()
    with in_days(1):
        tallies.roll_forward()
        before = kept_rows()
        assert tallies.roll_forward() == 0
        assert kept_rows() == before


def test_what_left_the_window_is_taken_off(busy):
    tallies.rebuild()
    with in_days(1):
        tallies.roll_forward()
        assert tallies.stored(busy.pk, tallies.window())["counts"]["answered_all"] == 3
    with in_days(1 + tallies.WINDOW):
        TallySpan.objects.update(
            first=moments.today() - timedelta(days=1 + tallies.WINDOW),
            last=moments.today() - timedelta(days=2),
        )
        tallies.roll_forward()
        assert tallies.stored(busy.pk, tallies.window())["counts"].get("answered_all", 0) == 0


def test_what_is_kept_tells_of_each_provider_what_its_records_tell(busy, django_assert_num_queries):
    another = factories.AcceptedOffer(provider=factories.AccreditedProvider(), places=9)
    factories.ContractInForce(provider=another.provider)
    coordinator = factories.member_of(another.provider)
    for need in (factories.OpenNeed(), factories.OpenNeed()):
        referral = factories.OfferedReferral(offer=another, need=need)
        offering.decline(referral, by=coordinator, reason="no_staff")
    tallies.rebuild()
    with in_days(1):
        tallies.roll_forward()
        span = tallies.window()
        told = tallies.everybody(span.first, span.last)
        assert {key for found in told.values() for key in found["others"]} - {"*"}, "somebody to compare with"
        for provider in told:
            with django_assert_num_queries(1):
                kept = tallies.stored(provider, span)
            assert kept == told[provider]


def test_the_figures_take_one_statement_however_many_providers(busy, django_assert_num_queries):
    today = moments.today()
    with django_assert_num_queries(1):
        tallies.everybody(today - timedelta(days=300), today)


def test_a_value_is_written_as_people_read_it():
    assert measures.written("answered", Fraction(934, 1000)) == "93.4%"
    assert measures.written("hours", Fraction(32, 10)) == "3.2 小时"
    assert measures.written("satisfaction", Decimal("4.6")) == "4.60 分"


def test_every_source_is_written_with_names_and_states_of_today_and_no_parameter_has_two_meanings():
    for source in records.SOURCES:
        assert source.when and source.whose
        for name, value in source.given.items():
            assert records.GIVEN[name] == value, (source.name, name)
            assert value, (source.name, name)
        for counter in source.counters:
            assert counter in records.COUNTERS and counter in source.rows
    states = {state.value for state in ReferralStatus}
    assert not [state for source in records.SOURCES for state in states if f"'{state}'" in source.rows]
