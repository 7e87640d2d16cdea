"""A round: figures frozen, evaluators without ties, four eyes, and consequences."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from evaluations import indicators, rounds, schemes, scoring
from evaluations.models import ProviderFigures, Round, Scheme, ScoreSheet
from foundation import moments
from foundation.refusals import Invalid, NotYours, Refused
from foundation.roles import Role
from organizations.models import Membership
from referrals import delivery, matching, offering
from tests import factories


def planned(who, providers) -> Round:
    today = moments.today()
    return rounds.plan(
        by=who("minzheng"), title="测试轮次", scheme=Scheme.objects.get(status="in_use"),
        period_from=today - timedelta(days=30), period_to=today, providers=providers,
    )  # fmt: skip


def scored(round_: Round, level: int) -> None:
    for sheet in ScoreSheet.objects.filter(assessment__round=round_):
        evaluator = Membership.objects.get(user=sheet.evaluator, role=Role.EVALUATOR).actor()
        scoring.submit(
            sheet, by=evaluator,
            scores={each["key"]: {"level": level, "note": ""} for each in scoring.scored(sheet)},
        )  # fmt: skip


def published(who, provider, level: int) -> Round:
    round_ = rounds.begin_scoring(planned(who, [provider]), by=who("minzheng"))
    scored(round_, level)
    round_ = rounds.tally(round_, by=who("minzheng"))
    return rounds.publish(round_, by=who("minzheng2"))


def test_two_evaluators_without_ties_are_drawn_and_the_figures_frozen(who):
    provider = factories.AcceptedReferral().provider
    round_ = rounds.begin_scoring(planned(who, [provider]), by=who("minzheng"))
    assessment = round_.assessments.get()
    assert len({sheet.evaluator_id for sheet in assessment.sheets.all()}) == 2
    assert assessment.figures["accepted"] == {"value": 1.0, "n": 1}


def test_an_evaluator_who_worked_for_the_provider_cannot_be_drawn(who):
    provider = factories.AccreditedProvider()
    pool = [who(name).user_id for name in ("pinggu", "pinggu2", "pinggu3")]
    Membership.objects.create(
        user_id=pool[0], role=Role.SOCIAL_WORKER, organization=provider.organization,
        valid_from=moments.today() - timedelta(days=900), valid_to=moments.today() - timedelta(days=400),
    )  # fmt: skip
    assert [user.pk for user in scoring.free_evaluators(provider)] == sorted(pool[1:])
    Membership.objects.create(
        user_id=pool[1], role=Role.COORDINATOR, organization=provider.organization,
        valid_from=moments.today() - timedelta(days=10),
    )  # fmt: skip
    with pytest.raises(Refused, match="回避"):
        rounds.begin_scoring(planned(who, [provider]), by=who("minzheng"))


def test_a_tie_longer_ago_than_three_years_is_none(who):
    provider = factories.AccreditedProvider()
    Membership.objects.create(
        user_id=who("pinggu").user_id, role=Role.SOCIAL_WORKER, organization=provider.organization,
        valid_from=moments.today() - timedelta(days=3000),
        valid_to=moments.today() - timedelta(days=3 * 365 + 1),
    )  # fmt: skip
    assert not scoring.tied(who("pinggu").user_id, provider)


def test_a_sheet_is_submitted_whole_and_by_its_own_evaluator(who):
    provider = factories.AccreditedProvider()
    round_ = rounds.begin_scoring(planned(who, [provider]), by=who("minzheng"))
    sheet = ScoreSheet.objects.filter(assessment__round=round_).first()
    own = Membership.objects.get(user=sheet.evaluator, role=Role.EVALUATOR).actor()
    with pytest.raises(Invalid) as refusal:
        scoring.submit(sheet, by=own, scores={"records": {"level": 4, "note": ""}})
    assert "level_staff" in refusal.value.fields
    with pytest.raises(Invalid):
        scoring.submit(
            sheet, by=own, scores={e["key"]: {"level": 6} for e in scoring.scored(sheet)}
        )
    other = next(
        who(name) for name in ("pinggu", "pinggu2", "pinggu3") if who(name).user_id != own.user_id
    )
    with pytest.raises(NotYours):
        scoring.submit(sheet, by=other, scores={})


def test_no_tally_while_a_sheet_is_missing_and_no_publication_by_the_same_person(who):
    provider = factories.AcceptedReferral().provider
    round_ = rounds.begin_scoring(planned(who, [provider]), by=who("minzheng"))
    with pytest.raises(Refused, match="2 份评分表"):
        rounds.tally(round_, by=who("minzheng"))
    scored(round_, 4)
    round_ = rounds.tally(round_, by=who("minzheng"))
    with pytest.raises(NotYours, match="另一人"):
        rounds.publish(round_, by=who("minzheng"))


def test_a_failing_score_closes_the_door_to_new_referrals_at_once(who):
    referral = factories.OfferedReferral()
    provider = referral.provider
    offering.decline(referral, by=factories.member_of(provider), reason="no_staff")
    need = factories.OpenNeed()
    assert matching.rank(need).find(referral.offer_id).why_not == ()

    round_ = published(who, provider, level=1)

    assessment = round_.assessments.get()
    assert assessment.grade == "fail"
    provider.refresh_from_db()
    contract = provider.contracts.get()
    assert provider.status == "suspended"
    assert "不合格" in provider.standing_reason
    assert contract.payment_share == Decimal("0.80")
    assert "已暂停承接" in matching.rank(need).find(referral.offer_id).why_not[0]


def test_running_services_go_on_after_a_failing_score(who):
    referral = factories.ReferralInService()
    published(who, referral.provider, level=1)
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    again = delivery.record_visit(referral, by=worker, on=moments.today(), units=1, note="x")
    assert again.used == 2


def test_an_excellent_score_brings_a_bonus_and_full_pay(who):
    referral = factories.AcceptedReferral()
    provider = referral.provider
    round_ = published(who, provider, level=5)
    provider.refresh_from_db()
    assert round_.assessments.get().grade == "excellent"
    assert (provider.match_bonus, provider.last_grade) == (Decimal("0.050"), "excellent")
    assert provider.contracts.get().payment_share == 1


def test_a_result_records_the_versions_of_the_rules_it_used(who):
    round_ = published(who, factories.AcceptedReferral().provider, level=4)
    assert round_.rules == {"evaluation.grades": 0, "evaluation.smallest_survey": 0}
    parts = round_.assessments.get().parts
    assert sum(part["weight"] for part in parts) == 100


def test_a_total_can_be_recomputed_from_its_parts(who):
    from evaluations.formulas import Points, total_of

    assessment = published(who, factories.AcceptedReferral().provider, level=4).assessments.get()
    points = [
        Points(p["key"], p["title"], Decimal(str(p["weight"])),
               None if p["share"] is None else Decimal(str(p["share"])))
        for p in assessment.parts
    ]  # fmt: skip
    assert total_of(points) == pytest.approx(assessment.total, abs=Decimal("0.02"))


def test_a_scheme_in_use_is_frozen_in_the_database_too(who):
    scheme = Scheme.objects.get(status="in_use")
    with pytest.raises(DatabaseError), transaction.atomic():
        Scheme.objects.filter(pk=scheme.pk).update(indicators=[])


@pytest.mark.parametrize(
    "indicators_",
    [
        [],
        [{"key": "a", "title": "x", "weight": 99, "source": "scored"}],
        [{"key": "a", "title": "x", "weight": 50, "source": "scored"}] * 2,
        [{"key": "a", "title": "x", "weight": 100, "source": "guess"}],
        [{"key": "a", "title": "x", "weight": -100, "source": "scored"}],
        [{"key": "a", "title": "x", "weight": 100, "source": "automatic", "figure": "no"}],
        [{"key": "a"}],
        "x",
    ],
)
def test_a_scheme_that_does_not_add_up_is_refused(who, indicators_):
    with pytest.raises(Invalid) as refusal:
        schemes.draft(by=who("minzheng"), name="x", indicators=indicators_)
    assert "indicators" in refusal.value.fields


def test_the_nightly_refresh_keeps_one_row_a_provider(django_assert_num_queries):
    provider = factories.ReferralInService().provider
    made = indicators.refresh()
    assert indicators.refresh() == made
    found = ProviderFigures.objects.get(provider=provider)
    assert found.values["answered"] == {"value": 1.0, "n": 1}


def test_figures_count_what_happened():
    provider = factories.AccreditedProvider()
    offer = factories.AcceptedOffer(provider=provider, places=9)
    factories.ContractInForce(provider=provider)
    coordinator = factories.member_of(provider)
    worker = factories.member_of(provider, Role.SOCIAL_WORKER)
    first, second, third = (
        factories.OfferedReferral(offer=offer, need=factories.OpenNeed()) for _ in range(3)
    )
    offering.decline(first, by=coordinator, reason="no_staff")
    offering.time_out(second, by=factories.offering.Actor(role=Role.SYSTEM))
    membership = Membership.objects.get(organization=provider.organization, role=Role.SOCIAL_WORKER)
    third = offering.accept(third, by=coordinator, worker=membership)
    third = delivery.plan(third, by=worker, plan_text="x")
    third = delivery.record_visit(third, by=worker, on=moments.today(), units=3, note="x")
    delivery.complete(third, by=worker, outcome="好", goal_level=2)
    today = moments.today()
    found = indicators.figures(today, today, [provider.pk])[provider.pk]
    assert found["answered"] == {"value": 0.6667, "n": 3}
    assert found["accepted"] == {"value": 0.5, "n": 2}
    assert found["contact"] == {"value": 1.0, "n": 1}
    assert found["visits"] == {"value": 0.75, "n": 4}
    assert found["goals"] == {"value": 0.0, "n": 1}
    assert found["continuity"] == {"value": 1.0, "n": 1}
    assert "satisfaction" not in found


def test_a_provider_reads_its_own_result_only(who, client_of):
    round_ = Round.objects.get(status="final")
    own = who("jigou")
    seen = client_of("jigou").get(f"/rounds/{round_.pk}/").content.decode()
    for assessment in round_.assessments.select_related("provider__organization"):
        name = assessment.provider.organization.name
        assert (name in seen) == (assessment.provider.organization_id == own.organization_id)
