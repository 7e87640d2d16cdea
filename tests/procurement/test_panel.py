"""The panel is drawn by lot without ties, scores alone, and its order follows from its points."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.invoices.sampling import drawn_by
from foundation import moments
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import Role
from foundation.work_items.models import WorkItem
from organizations.bodies.models import Organization
from organizations.people import conflicts
from organizations.people.models import ConflictOfInterest, Membership, User
from procurement.awards import awarding
from procurement.bids import bidding
from procurement.panel import formulas, scoring
from tests import factories
from tests.procurement import purchases


def more_experts(count: int) -> list[User]:
    agency = Organization.objects.get(code="pinggu")
    return [factories.PersonOf(role=Role.EVALUATOR, role__organization=agency) for _ in range(count)]


# --- the draw ---------------------------------------------------------------------------


def test_the_draw_can_be_made_again_by_anybody_with_its_seed():
    more_experts(6)
    project = purchases.evaluating()
    drawn = list(project.panelseats.order_by("draw_number").values_list("person_id", flat=True))
    pool = sorted(Membership.objects.filter(role=Role.EVALUATOR).values_list("user_id", flat=True))
    assert len(drawn) == 3
    assert drawn_by(project.panel_seed, pool, 3) == drawn


@pytest.mark.parametrize("tie", ["declared", "worked", "namesake"])
def test_nobody_with_a_tie_to_a_bidder_is_drawn(tie):
    more_experts(2)
    project = purchases.qualified()
    provider = project.bids.order_by("pk")[0].provider
    expert = User.objects.get(username="pinggu")
    if tie == "declared":
        conflicts.declare(expert.pk, provider.organization, "kin", "表兄")
    elif tie == "worked":
        today = moments.today()
        Membership.objects.filter(user=expert, role=Role.EVALUATOR).update(valid_from=moments.today())
        Membership.objects.create(
            user=expert,
            role=Role.SOCIAL_WORKER,
            organization=provider.organization,
            valid_from=today - timedelta(days=900),
            valid_to=today - timedelta(days=400),
        )
    else:
        provider.legal_representative = expert.full_name
        provider.save(update_fields=["legal_representative"])
    project = scoring.draw_panel(project, by=purchases.officer())
    assert expert.pk not in set(project.panelseats.values_list("person_id", flat=True))
    with pytest.raises(Refused, match="应当回避") as refusal:
        scoring.draw(by=purchases.officer(), project=project, person_id=expert.pk, number=9)
    assert refusal.value.rule == "政府采购法第十二条"


def test_employment_that_ended_over_three_years_ago_is_no_tie():
    provider = factories.AccreditedProvider()
    expert = User.objects.get(username="pinggu")
    ended = moments.today() - timedelta(days=365 * 3 + 2)
    Membership.objects.filter(user=expert, role=Role.EVALUATOR).update(valid_from=moments.today())
    Membership.objects.create(
        user=expert,
        role=Role.SOCIAL_WORKER,
        organization=provider.organization,
        valid_from=ended - timedelta(days=400),
        valid_to=ended,
    )
    assert expert.pk not in conflicts.people_in_conflict([provider.organization_id])
    factories.rule("ties.years", years=4)
    assert expert.pk in conflicts.people_in_conflict([provider.organization_id])


def test_too_few_free_experts_draw_no_panel():
    project = purchases.qualified()
    provider = project.bids.order_by("pk")[0].provider
    for name in ("pinggu", "pinggu2", "pinggu3", "pinggu4"):
        conflicts.declare(User.objects.get(username=name).pk, provider.organization, "kin")
    with pytest.raises(Refused, match="只有 2 人，需要 3 人"):
        scoring.draw_panel(project, by=purchases.officer())


def test_an_unchecked_bid_keeps_the_panel_from_being_drawn():
    project = purchases.opened()
    with pytest.raises(Refused, match="没有做资格审查"):
        scoring.draw_panel(project, by=purchases.officer())


def test_too_few_qualified_bids_keep_the_panel_from_being_drawn():
    project = purchases.opened()
    first, *rest = project.bids.filter(status="opened")
    bidding.reject(first, by=purchases.officer(), reason="没有养老服务资质")
    for each in rest:
        bidding.qualify(each, by=purchases.officer())
    with pytest.raises(Refused, match="不足 3 家，应当流标"):
        scoring.draw_panel(project, by=purchases.officer())


def test_who_declares_a_tie_is_replaced_by_the_next_of_the_draw_and_the_tie_is_kept():
    more_experts(2)
    project = purchases.evaluating()
    seat = project.panelseats.select_related("person")[0]
    bidder = project.bids.order_by("pk")[0].provider.organization
    scoring.declare_tie(
        seat, by=purchases.expert(seat), reason="我妹妹在这家机构工作", organization=bidder, kind="kin"
    )
    assert ConflictOfInterest.objects.get(person=seat.person).organization == bidder
    sitting = project.panelseats.exclude(status="excused")
    assert sitting.count() == 3
    assert seat.person_id not in set(sitting.values_list("person_id", flat=True))


def test_an_expert_whose_tie_was_found_meanwhile_cannot_declare_to_be_free():
    project = purchases.evaluating()
    seat = project.panelseats.select_related("person")[0]
    bidder = project.bids.order_by("pk")[0].provider.organization
    conflicts.declare(seat.person_id, bidder, "shareholding")
    with pytest.raises(Refused, match="请选择回避"):
        scoring.declare_free(seat, by=purchases.expert(seat), confirmed=True)


# --- scoring ----------------------------------------------------------------------------


def test_scores_are_kept_as_one_goes_and_handed_in_once_complete():
    project = purchases.evaluating()
    seat = project.panelseats.select_related("person")[0]
    seat = scoring.declare_free(seat, by=purchases.expert(seat), confirmed=True)
    first = scoring.to_score(seat)[0]
    half = {str(first.pk): {"c1": {"points": "41.5", "note": "好"}}}
    seat = scoring.score(seat, by=purchases.expert(seat), scores=half)
    assert seat.scores == half
    with pytest.raises(Invalid) as refusal:
        scoring.submit(seat, by=purchases.expert(seat), scores=half)
    assert len(refusal.value.fields) == 5
    assert f"points_{first.pk}_c2" in refusal.value.fields


@pytest.mark.parametrize("points", ["50.5", "-1"])
def test_a_criterion_has_no_more_points_than_it_has(points):
    project = purchases.evaluating()
    seat = project.panelseats.select_related("person")[0]
    seat = scoring.declare_free(seat, by=purchases.expert(seat), confirmed=True)
    bid = scoring.to_score(seat)[0]
    with pytest.raises(Invalid, match="打分有误"):
        scoring.score(seat, by=purchases.expert(seat), scores={str(bid.pk): {"c1": {"points": points}}})


def test_nobody_scores_in_anothers_name():
    project = purchases.evaluating()
    one, other = project.panelseats.select_related("person")[:2]
    with pytest.raises(NotYours):
        scoring.declare_free(one, by=purchases.expert(other), confirmed=True)


def test_the_report_waits_for_every_sheet():
    project = purchases.evaluating()
    first = project.panelseats.select_related("person")[0]
    seat = scoring.declare_free(first, by=purchases.expert(first), confirmed=True)
    scores = {str(bid.pk): {"c1": {"points": "40"}, "c2": {"points": "10"}} for bid in scoring.to_score(seat)}
    scoring.submit(seat, by=purchases.expert(seat), scores=scores)
    with pytest.raises(Refused, match="3 位专家里 1 位"):
        scoring.report(project, by=purchases.expert(seat))


def test_the_report_orders_by_price_points_and_the_panels_mean():
    best = Decimal("48000")
    project = purchases.evaluated(points=lambda bid: ("50", "20") if bid.price == best else ("30", "10"))
    places = list(project.bids.order_by("rank").values_list("price", "price_score", "quality_score"))
    # 40 is the lowest: 30 points; 45: 40/45*30 = 26.67; 48: 25.00.
    assert places == [
        (Decimal("48000"), Decimal("25.00"), Decimal("70.00")),
        (Decimal("40000"), Decimal("30.00"), Decimal("40.00")),
        (Decimal("45000"), Decimal("26.67"), Decimal("40.00")),
    ]
    project = awarding.award(project, by=purchases.officer())
    assert project.bids.get(status="awarded").price == best
    lost = project.bids.get(rank=2)
    assert (lost.status, lost.why) == ("lost", "总分 70.00，第 2 名。")


def test_a_replaced_experts_points_do_not_count():
    more_experts(2)
    project = purchases.evaluating()
    seat = project.panelseats.select_related("person")[0]
    seat = scoring.declare_free(seat, by=purchases.expert(seat), confirmed=True)
    scores = {str(bid.pk): {"c1": {"points": "1"}} for bid in scoring.to_score(seat)}
    scoring.score(seat, by=purchases.expert(seat), scores=scores)
    seat = purchases.replaced(seat)
    assert seat.scores == {}
    purchases.score_all(project)
    done = project.panelseats.filter(status="submitted").select_related("person")
    project = scoring.report(project, by=purchases.expert(done[0]))
    assert set(project.bids.values_list("quality_score", flat=True)) == {Decimal("55.00")}


def test_a_negotiation_is_recorded_where_there_is_no_panel():
    provider = factories.AccreditedProvider()
    item = {"code": "D02.01", "limit_price": Decimal("150"), "quota": 100}
    project = purchases.published(purchases.planned("single", **item), invited=[provider])
    purchases.bid_by(project, provider, "140")
    project = purchases.qualified(project, prices=())
    with pytest.raises(Refused, match="不设评审小组"):
        scoring.draw_panel(project, by=purchases.officer())
    project = scoring.negotiate(project, by=purchases.officer(), reason="商定单价 140 元")
    project = awarding.award(project, by=purchases.officer())
    assert project.bids.get().status == "awarded"


def test_a_purchase_with_a_panel_is_not_settled_by_a_negotiation():
    with pytest.raises(Refused, match="须由评审小组"):
        scoring.negotiate(purchases.qualified(), by=purchases.officer(), reason="商定")


def test_there_is_no_replacing_after_the_report():
    project = purchases.evaluated()
    seat = project.panelseats.select_related("person")[0]
    with pytest.raises(NotNow):
        scoring.propose_excuse(seat, by=purchases.officer(), reason="ill", why="晚了")


# --- the formulas -----------------------------------------------------------------------

PRICES = st.decimals(min_value="0.01", max_value="999999", places=2)
BIDS = st.lists(
    st.builds(
        formulas.Standing,
        key=st.integers(1, 10**6),
        price=PRICES,
        quality=st.decimals(min_value=0, max_value=70, places=2),
        social=st.booleans(),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda each: each.key,
)


@given(bids=BIDS, data=st.data())
def test_the_order_does_not_depend_on_the_order_in_which_bids_came(bids, data):
    shuffled = data.draw(st.permutations(bids))
    assert formulas.ranked(bids, 30, "seed") == formulas.ranked(shuffled, 30, "seed")


@given(bids=BIDS, lower=st.integers(1, 99))
def test_a_lower_price_never_loses_places_and_points(bids, lower):
    first, *rest = bids
    cheaper = formulas.Standing(
        first.key, max(first.price * lower / 100, Decimal("0.01")), first.quality, first.social
    )
    before = {each.key: each for each in formulas.ranked(bids, 30, "s")}[first.key]
    after = {each.key: each for each in formulas.ranked([cheaper, *rest], 30, "s")}[first.key]
    assert after.price_score >= before.price_score


@given(bids=BIDS)
def test_the_lowest_price_has_all_points_and_ranks_run_without_gaps(bids):
    places = formulas.ranked(bids, 30, "seed")
    lowest = min(bid.price for bid in bids)
    best = {bid.key for bid in bids if bid.price == lowest}
    assert all(place.price_score == 30 for place in places if place.key in best)
    assert [place.rank for place in places] == list(range(1, len(bids) + 1))
    assert all(place.score == place.price_score + place.quality_score for place in places)


def test_equal_scores_go_to_the_lower_price_then_to_social_organizations():
    one = formulas.Standing(1, Decimal("100"), Decimal("40"), social=False)
    social = formulas.Standing(2, Decimal("100"), Decimal("40"), social=True)
    assert [each.key for each in formulas.ranked([one, social], 30, "x")] == [2, 1]
    dearer = formulas.Standing(3, Decimal("200"), Decimal("55"), social=True)
    assert [each.key for each in formulas.ranked([dearer, one], 30, "x")] == [1, 3]


def test_once_all_points_are_given_the_next_step_is_to_hand_them_in():
    more_experts(6)
    seat = purchases.evaluating().panelseats.order_by("pk")[0]
    own = purchases.expert(seat)
    seat = scoring.declare_free(seat, by=own, confirmed=True)
    waiting = WorkItem.objects.filter(lifecycle="procurement.PanelSeat", object_id=seat.pk, waits=True)
    assert waiting.get().step == "score"
    given = {
        bid.pk: {criterion["key"]: {"points": 1, "note": ""} for criterion in seat.project.criteria}
        for bid in scoring.to_score(seat)
    }
    seat = scoring.score(seat, by=own, scores=given)
    assert waiting.get().step == "submit"
    assert {"score", "submit"} <= {row.name for row in seat.transitions_for(own)}
