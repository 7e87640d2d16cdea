"""Candidates: who may serve, in which order, and why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.items.kinds import Residence
from catalog.offers import applying, renewal
from catalog.offers.models import Offer
from contracts.contracts import quota
from foundation import moments
from foundation.refusals import Invalid
from households.register.models import Person, Registration
from organizations.places.models import Place
from organizations.providers import standing
from organizations.providers.models import Provider
from referrals.matching import pace, scoring
from referrals.matching.ranking import Slice, first, rank
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.service import delivery
from tests import factories


def supplied(**given):
    """A provider with an offer and a contract line for home care; returns the offer."""
    quota_, towns = given.pop("quota", 50), given.pop("towns", None)
    provider = factories.AccreditedProvider(**({"towns": towns} if towns else {}))
    offer = factories.AcceptedOffer(provider=provider, **given)
    factories.ContractInForce(provider=provider, quota=quota_)
    return offer


def why_not(need, offer, **given) -> str:
    found = rank(need, **given).find(offer.pk)
    return ";".join(found.why_not)


@pytest.fixture
def need():
    return factories.OpenNeed(kind="care")


def renewed(offer: Offer) -> Offer:
    """The offer taken over into a new edition, confirmed by its provider."""
    return applying.renew(
        Offer.objects.get(pk=offer.pk),
        by=factories.member_of(offer.provider),
        places=5,
        weekly=9,
        price=Decimal("40"),
        staff="持证 3 人",
        confirmed=True,
    )


def test_an_accredited_offer_with_contract_quota_place_and_coverage_is_a_candidate(need):
    offer = supplied()
    assert why_not(need, offer) == ""
    assert rank(need).position(offer.pk) >= 1


def test_each_reason_against_an_offer_is_told_in_words(need, who):
    elsewhere = supplied(towns=[factories.town("华士镇")])
    assert why_not(need, elsewhere) == "服务区域不含本镇街"
    full = supplied(places=1)
    applying.take_place(full.pk)
    assert why_not(need, full) == "没有空位"
    little = supplied(quota=3)
    assert why_not(need, little, units=4) == "合同余量不足（剩 3）"
    bare = factories.AcceptedOffer()
    assert why_not(need, bare) == "没有生效的合同"
    suspended = supplied()
    standing.suspend(suspended.provider, by=who("minzheng"), reason="整改")
    assert why_not(need, suspended) == "已暂停承接：整改"
    old = supplied()
    Provider.objects.filter(pk=old.provider_id).update(accredited_until=moments.today() - timedelta(days=1))
    assert why_not(need, old) == "准入已过期"


def test_a_contract_that_has_ended_is_none(need):
    offer = supplied()
    with moments.as_of(moments.now() + timedelta(days=301)):
        assert "没有生效的合同" in why_not(need, offer)


def test_quota_reserved_by_others_counts(need):
    offer = supplied(quota=10)
    line = offer.provider.contracts.get().lines.get()
    quota.reserve(line.pk, 8)
    assert why_not(need, offer, units=2) == ""
    assert "剩 2" in why_not(need, offer, units=3)


def test_an_offer_for_another_kind_of_need_is_not_in_question(need):
    offer = factories.AcceptedOffer(code="C01.01", price=Decimal("200"))
    assert rank(need).find(offer.pk) is None


def test_an_edition_that_changes_nothing_agreed_to_changes_no_ranking(need):
    offer = supplied()
    factories.PublishedEdition(change={"B01.01": {"price_low": Decimal("36")}})
    assert why_not(need, offer) == ""
    offer.refresh_from_db()
    assert offer.item.edition.status == "in_force"


def test_a_new_edition_stops_no_running_contract_but_what_stands_without_one(need):
    contracted, bare = supplied(), factories.AcceptedOffer()
    factories.PublishedEdition(change={"B01.01": {"unit": "次"}})
    renewal.look_at_renewals()
    assert why_not(need, contracted) == ""
    assert "还没有续报" in why_not(need, bare)


def test_the_conditions_of_an_item_are_held_against_the_household(need):
    offer = supplied()
    factories.PublishedEdition(change={"B01.01": {"age_from": 90, "unit": "小时"}})
    household = need.matter.household
    assert "90 周岁" not in why_not(need, offer)  # two people, of one of whom nothing is known
    renewal.look_at_renewals()
    offer = renewed(offer)
    found = rank(need).find(offer.pk)
    assert "年满 90 周岁" in found.to_check
    type(household).objects.filter(pk=household.pk).update(size=1)
    assert "不符合：年满 90 周岁" in why_not(Need.objects.get(pk=need.pk), offer)


def test_an_item_of_other_towns_is_said_to_be_so(need):
    offer = supplied()
    elsewhere = Place.objects.get(name="顾山镇").code
    factories.PublishedEdition(change={"B01.01": {"places": [elsewhere]}})
    renewal.look_at_renewals()
    renewed(offer)
    assert "没有在本镇街开展" in why_not(need, offer)


def test_the_parts_add_up_to_the_total_and_none_exceeds_its_weight(need):
    supplied()
    ranking = rank(need)
    for each in (*ranking.candidates, *ranking.excluded):
        assert sum(part.points for part in each.parts) == pytest.approx(each.total, abs=0.3)
        assert all(0 <= part.points <= part.most for part in each.parts)
        assert all(part.words for part in each.parts)


def test_candidates_come_best_first(need):
    for _ in range(3):
        supplied()
    totals = [candidate.total for candidate in rank(need).candidates]
    assert totals == sorted(totals, reverse=True)


def test_a_better_score_a_nearer_place_and_more_room_help(need):
    base = supplied(places=2)
    better = supplied(places=2)
    Provider.objects.filter(pk=better.provider_id).update(last_score=95, last_grade="excellent")
    roomy = supplied(places=9)
    far = supplied(places=2, towns=[factories.town("顾山镇"), factories.town()])
    ranking = rank(need)
    total = {o.pk: ranking.find(o.pk).total for o in (base, better, roomy, far)}
    assert total[better.pk] > total[base.pk]
    assert total[roomy.pk] > total[base.pk]
    assert total[far.pk] < total[base.pk]


def test_a_small_provider_gets_its_share_by_the_fairness_term(need):
    busy, idle = supplied(places=40), supplied(places=20)
    for _ in range(20):
        applying.take_place(busy.pk)
    ranking = rank(need)

    def fairness(offer) -> float:
        return next(p.points for p in ranking.find(offer.pk).parts if p.name == "均衡")

    assert fairness(idle) > fairness(busy)


def test_ranking_is_the_same_number_of_queries_for_few_and_for_many(need, django_assert_num_queries):
    assert need.town, need.matter.household  # loaded beforehand
    with django_assert_num_queries(4):
        rank(need)
    for _ in range(4):
        supplied()
    with django_assert_num_queries(4):
        rank(need)


# --- week, means, language, staff, fairness ---------------------------------------------


def test_the_week_of_a_provider_is_booked_and_given_back():
    offer = supplied(weekly=3)
    referral = factories.AcceptedReferral(offer=offer, units=8)
    offer.refresh_from_db()
    assert (referral.weekly, offer.booked) == (2, 2)
    need = factories.OpenNeed()
    assert why_not(need, offer, units=8) == "本周服务量已排满（剩 1）"
    assert why_not(need, offer, units=4) == ""
    delivery.end_early(referral, by=factories.member_of(offer.provider), reason="家庭搬走")
    offer.refresh_from_db()
    assert (offer.booked, offer.taken) == (0, 0)


def test_a_charitys_own_means_run_out_and_are_given_back():
    provider = factories.AccreditedProvider()
    offer = factories.AcceptedOffer(
        provider=provider, code="E01.03", price=Decimal("300"), stock=3, weekly=50
    )
    need = factories.OpenNeed(kind=offer.item.need_kind)
    assert "自有资金或物资不足（剩 3）" in why_not(need, offer, units=4)
    referral = factories.AcceptedReferral(offer=offer, need=need, units=2)
    offer.refresh_from_db()
    assert offer.stock == 1
    delivery.end_early(referral, by=factories.member_of(provider), reason="已买到")
    offer.refresh_from_db()
    assert offer.stock == 3


def test_only_a_charitys_project_has_means_of_its_own():
    with pytest.raises(Invalid) as refusal:
        factories.AcceptedOffer(stock=5)
    assert "stock" in refusal.value.fields


def test_the_language_of_a_household_must_be_spoken(need):
    offer, signing_too = supplied(), supplied(speaks=["mandarin", "sign"])
    household = need.matter.household
    type(household).objects.filter(pk=household.pk).update(language="sign")
    need = Need.objects.get(pk=need.pk)
    assert why_not(need, offer) == "没有会手语的人员"
    assert why_not(need, signing_too) == ""


def test_staff_of_the_wished_sex_must_be_there():
    need = factories.OpenNeed(worker_sex="F")
    men_only, both = supplied(sexes=["M"]), supplied()
    assert why_not(need, men_only) == "没有女性服务人员"
    assert why_not(need, both) == ""


def test_a_good_small_provider_gets_its_share_and_a_bad_one_does_not(need):
    good, bad, busy = supplied(), supplied(), supplied(places=30)
    for offer, score in ((good, 95), (bad, 61), (busy, 95)):
        Provider.objects.filter(pk=offer.provider_id).update(last_score=score, last_grade="good")
    for _ in range(20):
        applying.take_place(busy.pk)
    ranking = rank(need)

    def fairness(offer) -> float:
        return next(p.points for p in ranking.find(offer.pk).parts if p.name == "均衡")

    assert fairness(good) > fairness(bad)
    assert fairness(good) > fairness(busy)


def test_the_three_best_say_what_they_have_before_the_others(need):
    near, far = supplied(), supplied(places=60)
    for offer, latitude in ((near, 31.91), (far, 31.70)):
        place = Place.objects.create(
            code=f"t{offer.pk}", name="某地", kind="village", latitude=latitude, longitude=120.28
        )
        offer.provider.organization.place = place
        offer.provider.organization.save()
    ranking = rank(need)
    one, two = ranking.find(near.pk), ranking.find(far.pk)
    assert any("公里" in words for words in one.ahead_of([two]))
    assert "多 55 个空位" in two.ahead_of([one])
    assert one.ahead_of([]) == ()


def test_a_place_whose_position_is_unknown_has_no_distance_and_is_not_taken_for_zero(need):
    near, unknown = supplied(), supplied()
    place = Place.objects.create(code=f"t{unknown.pk}", name="某地", kind="village")
    unknown.provider.organization.place = place
    unknown.provider.organization.save()
    ranking = rank(need)
    assert ranking.find(near.pk).km is not None
    assert ranking.find(unknown.pk).km is None
    assert next(part.points for part in ranking.find(unknown.pk).parts if part.name == "距离") == 0
    Place.objects.filter(pk=need.town_id).update(latitude=None, longitude=None)
    ranking = rank(Need.objects.get(pk=need.pk))
    assert {ranking.find(offer.pk).km for offer in (near, unknown)} == {None}


def test_registration_means_the_same_to_households_and_items():
    assert Registration.REGISTERED.value == Residence.REGISTERED.value


def test_what_the_household_told_decides_conditions_that_were_open(need):
    offer = supplied()
    factories.PublishedEdition(change={"B01.01": {"residence": "registered", "disability": "severe"}})
    renewal.look_at_renewals()
    renewed(offer)
    found = rank(need).find(offer.pk)
    assert set(found.to_check) == {"本市户籍", "一级、二级残疾"}
    household = need.matter.household
    type(household).objects.filter(pk=household.pk).update(registration="elsewhere", size=1)
    Person.objects.filter(homes__household=household).update(disability="none")
    found = rank(Need.objects.get(pk=need.pk)).find(offer.pk)
    assert "不符合：本市户籍" in found.why_not
    assert "不符合：一级、二级残疾" in found.why_not


# --- what a page shows of a ranking -----------------------------------------------------


def test_a_page_shows_the_first_of_the_ranking_and_how_many_there_are(need):
    for _ in range(3):
        supplied()
    full = supplied(places=1)
    applying.take_place(full.pk)
    whole = rank(need)
    shown = first(need, Slice(2))
    assert [c.offer_id for c in shown.candidates] == [c.offer_id for c in whole.candidates[:2]]
    assert [c.offer_id for c in shown.excluded] == [c.offer_id for c in whole.excluded[:2]]
    assert shown.candidates_total == len(whole.candidates) >= 3
    assert shown.excluded_total == len(whole.excluded) >= 1
    following = first(need, Slice(2, behind=2))
    assert [c.offer_id for c in following.candidates] == [c.offer_id for c in whole.candidates[2:4]]
    assert following.candidates_total == shown.candidates_total
    beyond = first(need, Slice(2, behind=1000))
    assert (beyond.candidates, beyond.candidates_total) == ((), shown.candidates_total)


def test_conditions_of_items_count_in_the_part_as_in_the_whole(need):
    offer = supplied()
    factories.PublishedEdition(change={"B01.01": {"age_from": 90, "unit": "小时"}})
    renewal.look_at_renewals()
    renewed(offer)
    type(need.matter.household).objects.filter(pk=need.matter.household_id).update(size=1)
    asked = Need.objects.get(pk=need.pk)
    found = first(asked, Slice(50)).find(offer.pk)
    assert found.why_not == rank(asked).find(offer.pk).why_not == ("不符合：年满 90 周岁",)


def test_others_are_found_by_a_part_of_their_name(need):
    one, other = supplied(), supplied()
    shown = first(need, Slice(20, named=one.provider.organization.name[:-1]))
    assert shown.find(one.pk) is not None
    only = first(need, Slice(20, named=one.provider.organization.name))
    assert [c.offer_id for c in only.candidates] == [one.pk]
    assert first(need, Slice(20, named="没有这一家")).candidates == ()
    assert first(need, Slice(20, named=other.item.code)).find(other.pk) is not None


def test_what_does_not_serve_the_town_is_found_by_its_name_however_old(need, monkeypatch):
    monkeypatch.setattr(scoring, "ELSEWHERE", 1)
    older, newer = supplied(), supplied()
    for offer in (older, newer):
        offer.provider.serves.remove(need.town)
    for offer in (older, newer):
        found = first(need, Slice(20, named=offer.provider.organization.name))
        assert [candidate.offer_id for candidate in found.excluded] == [offer.pk]
    assert [c.offer_id for c in rank(need).excluded if c.offer_id in (older.pk, newer.pk)] == [newer.pk]


def test_the_chosen_one_is_kept_and_the_present_provider_is_left_out(need):
    offers = [supplied() for _ in range(3)]
    last = rank(need).candidates[-1].offer_id
    assert first(need, Slice(1, kept=last)).find(last) is not None
    shown = first(need, Slice(50, but=offers[0].provider_id))
    assert shown.find(offers[0].pk) is None
    assert shown.find(offers[1].pk) is not None


def test_how_fast_a_provider_answers_is_counted_by_the_night(need):
    offer = supplied()
    factories.AcceptedReferral(offer=offer)
    offered = moments.now() - timedelta(hours=30)
    Referral.objects.filter(offer=offer).update(offered_at=offered, answered_at=offered + timedelta(hours=6))
    assert rank(need).find(offer.pk).hours is None
    assert pace.count_again() >= 1
    assert rank(need).find(offer.pk).hours == pytest.approx(6)
    assert pace.count_again() == 0
