"""A need is offered, accepted or declined; the service is delivered and answered."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from foundation import moments
from foundation.refusals import Exhausted, Invalid, NotNow, NotYours, Refused
from foundation.roles import Role
from households.consents.models import Consent
from organizations.people.models import Membership, User
from organizations.providers import standing
from referrals.answers import answering
from referrals.matching.ranking import rank
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.requests import requesting
from referrals.service import delivery
from tests import factories
from tests.racing import at_once, refused


def send(need, offer, **given):
    given = {"ask": Ask(units=4, goal="在家有人照应"), "choice_reason": "家庭选择", **given}
    return offering.send(need, by=factories.window_of(need.matter.town), offer_id=offer.pk, **given)


@pytest.fixture
def offer():
    provider = factories.AccreditedProvider()
    made = factories.AcceptedOffer(provider=provider, places=2)
    factories.ContractInForce(provider=provider, quota=10)
    return made


def test_sending_moves_the_need_and_remembers_why_this_one(offer):
    need = factories.OpenNeed()
    referral = send(need, offer)
    need.refresh_from_db()
    assert (referral.status, need.status) == ("offered", "referred")
    assert referral.choice["reason"] == "家庭选择"
    assert referral.choice["parts"][0]["words"]
    assert referral.choice["rank"] >= 1


def test_sending_twice_with_the_same_key_sends_once(offer):
    need = factories.OpenNeed()
    one = send(need, offer, key="s1")
    two = send(need, offer, key="s1")
    assert one.pk == two.pk
    assert Referral.objects.filter(need=need).count() == 1


def test_another_than_the_first_needs_a_reason(offer):
    factories.OfferedReferral()  # by another provider, which has a contract, too
    need = factories.OpenNeed()
    ranking = rank(need, units=4)
    last = ranking.candidates[-1]
    assert last.provider_id != ranking.candidates[0].provider_id
    window = factories.window_of(need.matter.town)
    with pytest.raises(Invalid) as refusal:
        offering.send(need, by=window, offer_id=last.offer_id, ask=Ask(units=4, goal="x"))
    assert "choice_reason" in refusal.value.fields
    first = ranking.candidates[0]
    sent = offering.send(need, by=window, offer_id=first.offer_id, ask=Ask(units=4, goal="x"))
    assert sent.choice["rank"] == 1


def test_without_separate_consent_nothing_is_handed_on(offer):
    need = factories.OpenNeed(consent=False)
    with pytest.raises(Invalid) as refusal:
        send(need, offer)
    assert "consent" in refusal.value.fields


def test_an_offer_that_is_no_candidate_is_refused_with_its_reasons(offer, who):
    standing.suspend(offer.provider, by=who("minzheng"), reason="整改")
    with pytest.raises(Invalid, match="已暂停承接"):
        send(factories.OpenNeed(), offer)


def test_a_need_has_one_live_referral_at_a_time(offer):
    need = factories.OpenNeed()
    referral = send(need, offer)
    with pytest.raises(NotNow):
        send(need, offer)
    with pytest.raises(IntegrityError), transaction.atomic():
        referral.pk, referral.number = None, "ZJ-X"
        referral.save(force_insert=True)


def test_before_acceptance_the_provider_sees_need_place_and_size_but_not_who(client_of, offer):
    referral = send(factories.OpenNeed(), offer)
    coordinator = factories.member_of(offer.provider)
    username = coordinator_username(coordinator)
    page = client_of(username).get(referral.get_absolute_url()).content.decode()
    assert "居家照料" in page
    assert "澄江街道" in page
    for secret in ("王小明", "王**", "13800000000", "示例路", "老伴卧床", "虹桥社区"):
        assert secret not in page, secret
    body = client_of(username).get(f"/api/v1/referrals/{referral.number}").content.decode()
    for secret in ("王小明", "王**", "老伴卧床"):
        assert secret not in body


def coordinator_username(actor) -> str:
    from organizations.people.models import User

    return User.objects.get(pk=actor.user_id).username


def test_accepting_reserves_units_and_a_place_and_hands_over_what_consent_covers(offer):
    referral = send(factories.OpenNeed(), offer)
    Consent.objects.filter(household=referral.need.matter.household).update(
        scope=["contact_name", "contact_phone"]
    )
    accepted = offering.accept(referral, by=factories.member_of(offer.provider))
    offer.refresh_from_db()
    line = accepted.line
    line.refresh_from_db()
    accepted.need.refresh_from_db()
    assert (offer.taken, line.reserved, accepted.need.status) == (1, 4, "in_hand")
    assert accepted.contact_name.plain() == "王小明"
    assert not accepted.contact_address


def test_consent_withdrawn_meanwhile_stops_the_hand_over(offer):
    referral = send(factories.OpenNeed(), offer)
    Consent.objects.filter(household=referral.need.matter.household).update(withdrawn_at=moments.now())
    with pytest.raises(Refused, match="同意已撤回"):
        offering.accept(referral, by=factories.member_of(offer.provider))
    offer.refresh_from_db()
    assert offer.taken == 0


def test_a_suspended_provider_cannot_accept_what_was_sent_before(offer, who):
    referral = send(factories.OpenNeed(), offer)
    standing.suspend(offer.provider, by=who("minzheng"), reason="整改")
    with pytest.raises(NotNow, match="已暂停"):
        offering.accept(referral, by=factories.member_of(offer.provider))


def test_a_worker_of_another_organization_is_refused(offer):
    referral = send(factories.OpenNeed(), offer)
    stranger = Membership.objects.filter(role=Role.SOCIAL_WORKER).exclude(
        organization=offer.provider.organization
    )[0]
    with pytest.raises(Invalid) as refusal:
        offering.accept(referral, by=factories.member_of(offer.provider), worker=stranger)
    assert "worker" in refusal.value.fields


@pytest.mark.parametrize("way", ["decline", "withdraw"])
def test_a_declined_or_withdrawn_referral_brings_the_need_back(offer, way):
    need = factories.OpenNeed()
    referral = send(need, offer)
    if way == "decline":
        offering.decline(referral, by=factories.member_of(offer.provider), reason="too_far")
    else:
        offering.withdraw(referral, by=factories.window_of(need.matter.town), reason="家庭改意")
    need.refresh_from_db()
    assert need.status == "open"
    assert send(need, offer).status == "offered"


def test_two_acceptances_against_the_last_place_never_both_win(own_database):
    provider = factories.AccreditedProvider()
    offer = factories.AcceptedOffer(provider=provider, places=1)
    factories.ContractInForce(provider=provider, quota=100)
    sent = [send(factories.OpenNeed(), offer) for _ in range(4)]
    coordinator = factories.member_of(provider)
    outcomes = at_once([partial(offering.accept, each, by=coordinator) for each in sent])
    assert refused(outcomes, Exhausted) == 3
    offer.refresh_from_db()
    line = sent[0].line
    line.refresh_from_db()
    assert (offer.taken, line.reserved) == (1, 4)


def test_two_acceptances_of_one_need_never_both_win(own_database):
    need = factories.OpenNeed()
    for _ in range(4):
        provider = factories.AccreditedProvider()
        factories.AcceptedOffer(provider=provider)
        factories.ContractInForce(provider=provider)
    first = rank(need, units=4).candidates[0]
    request = requesting.announce(
        by=factories.window_of(need.town),
        need=need,
        mode="first",
        offer_id=first.offer_id,
        ask=Ask(units=4, goal="在家有人照应"),
    )
    sent = list(request.referrals.all())
    outcomes = at_once(
        [partial(offering.accept, each, by=factories.member_of(each.provider)) for each in sent]
    )
    assert refused(outcomes, NotNow) == len(sent) - 1
    states = list(request.referrals.values_list("status", flat=True))
    assert (states.count("accepted"), states.count("not_chosen")) == (1, len(sent) - 1)


# --- delivery ---------------------------------------------------------------------------


def test_a_visit_moves_quota_from_reserved_to_used_and_tells_the_contract():
    referral = factories.ReferralInService()
    line = referral.line
    line.refresh_from_db()
    assert (line.reserved, line.used) == (3, 1)
    told = line.deliveries.get()
    assert (told.holder, told.units, told.unit_price) == (referral.number, 1, line.unit_price)


@pytest.mark.parametrize("days,units,field", [(1, 1, "on"), (-1, 1, "on"), (0, 4, "units"), (-400, 1, "on")])
def test_a_visit_in_the_future_before_acceptance_or_beyond_the_plan_is_refused(days, units, field):
    referral = factories.ReferralInService()
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    with pytest.raises(Invalid) as refusal:
        delivery.record_visit(
            referral, by=worker, on=moments.today() + timedelta(days=days), units=units, note="x"
        )
    assert field in refusal.value.fields
    referral.refresh_from_db()
    assert (referral.used, referral.visits.count()) == (1, 1)


def test_a_visit_outside_the_contract_is_refused_with_its_dates():
    referral = factories.ReferralInService()
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    with moments.as_of(moments.now() + timedelta(days=320)):
        with pytest.raises(Invalid, match="不在合同期内"):
            delivery.record_visit(referral, by=worker, on=moments.today(), units=1, note="x")


def test_another_worker_does_not_see_the_case(who):
    referral = factories.ReferralInService()
    other = (
        factories.PersonOf(role=Role.SOCIAL_WORKER, role__organization=referral.provider.organization)
        .memberships.get()
        .actor()
    )
    assert not Referral.objects.visible_to(other).filter(pk=referral.pk).exists()
    with pytest.raises(NotYours):
        delivery.complete(referral, by=other, outcome="x", goal_level=3)


def test_completion_releases_what_is_left_and_writes_the_ledger_of_help():
    referral = factories.ReferralInService()
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    referral = delivery.complete(referral, by=worker, outcome="好多了", goal_level=4)
    line, offer = referral.line, referral.offer
    line.refresh_from_db()
    offer.refresh_from_db()
    referral.need.refresh_from_db()
    assert (line.reserved, line.used, offer.taken) == (0, 1, 0)
    assert referral.need.status == "done"
    helped = referral.need.matter.household.help_received.get()
    assert (helped.item_code, helped.units, helped.amount) == ("B01.01", 1, 40)


def test_an_early_end_releases_and_leaves_the_need_unmet():
    referral = factories.ReferralInService()
    referral = delivery.end_early(referral, by=factories.member_of(referral.provider), reason="家庭搬走")
    referral.line.refresh_from_db()
    referral.need.refresh_from_db()
    assert (referral.line.reserved, referral.need.status) == (0, "unmet")


def test_the_answer_reaches_household_and_window_and_contact_data_go_at_the_close():
    referral = factories.ReferralInService()
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    coordinator = factories.member_of(referral.provider)
    window = factories.window_of(referral.town)
    referral = delivery.complete(referral, by=worker, outcome="好多了", goal_level=4)
    referral = answering.feed_back_service(referral, by=coordinator, words="您家里有人照应了")
    referral.need.refresh_from_db()
    assert (referral.need.status, referral.need.result) == ("fed_back", "您家里有人照应了")
    referral = answering.close_referral(referral, by=window)
    assert not referral.contact_name
    assert not referral.contact_phone
    need = answering.rate(referral.need, by=window, score=5)
    need = answering.close(need, by=window)
    need.matter.refresh_from_db()
    assert (need.status, need.matter.status) == ("closed", "closed")


def test_the_pages_of_a_matter_and_its_need_say_what_the_need_lacks(client, monkeypatch):
    referral = factories.ReferralInService()
    worker, coordinator = factories.worker_of(referral), factories.coordinator_of(referral)
    referral = delivery.complete(referral, by=worker, outcome="好多了", goal_level=4)
    referral = answering.feed_back_service(referral, by=coordinator, words="您家里有人照应了")
    missing = {referral.need_id: NotNow("还有进行中的转介，不能办结。")}
    client.force_login(User.objects.get(pk=factories.window_of(referral.town).user_id))
    pages = (referral.need.matter.get_absolute_url(), referral.need.get_absolute_url())
    with monkeypatch.context() as patched:
        patched.setitem(Need.lifecycle.lacks, "close", lambda needs: missing)
        assert [client.get(page).content.decode().count("还有进行中的转介") for page in pages] == [1, 1]


def test_a_need_with_a_running_referral_is_not_closed():
    referral = factories.ReferralInService()
    with pytest.raises(NotNow):
        answering.close(referral.need, by=factories.window_of(referral.town))
