"""One need, several providers: a cascade, the first or the best; never two winners."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from catalog.offers import applying
from catalog.offers.models import Offer
from foundation import moments
from foundation.deadlines import clocks
from foundation.messaging.models import Message
from foundation.models import Clock
from foundation.refusals import Invalid, NotNow
from households.consents import giving
from organizations.people.models import Membership, User
from organizations.providers import standing
from referrals.matching import ranking
from referrals.offers import links, offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.requests import requesting
from tests import factories


def supplied(**given):
    provider = factories.AccreditedProvider()
    offer = factories.AcceptedOffer(provider=provider, **given)
    factories.ContractInForce(provider=provider)
    return offer


def announced(mode, need=None, **given):
    need = need or factories.OpenNeed()
    first = ranking.rank(need, units=4).candidates[0]
    fields = {"offer_id": first.offer_id, "ask": Ask(units=4, goal="在家有人照应"), **given}
    return requesting.announce(by=factories.window_of(need.town), need=need, mode=mode, **fields)


def by_of(referral):
    return factories.member_of(referral.provider)


def asked(call) -> list[Referral]:
    return list(call.referrals.order_by("pk"))


def states(call) -> list[str]:
    return [each.status for each in asked(call)]


@pytest.fixture(autouse=True)
def several():
    return [supplied() for _ in range(3)]


def test_a_cascade_asks_the_best_alone_and_the_next_once_it_declines():
    call = announced("cascade")
    assert states(call) == ["offered"]
    one = asked(call)[0]
    offering.decline(one, by=by_of(one), reason="no_staff")
    assert states(call) == ["declined", "offered"]
    two = asked(call)[1]
    assert two.offer_id == call.queue[1]["offer"]
    call.need.refresh_from_db()
    assert call.need.status == "referred"


def test_a_cascade_goes_on_when_time_runs_out():
    call = announced("cascade")
    clock = Clock.objects.get(lifecycle="referrals.Referral", object_id=asked(call)[0].pk, stopped_at=None)
    assert clocks.tick(clock.due_at)["moved"] >= 1
    assert states(call) == ["timed_out", "offered"]


def test_a_cascade_skips_whoever_may_no_longer_serve(who):
    call = announced("cascade")
    second = call.queue[1]["offer"]
    standing.suspend(Offer.objects.get(pk=second).provider, by=who("minzheng"), reason="整改")
    one = asked(call)[0]
    offering.decline(one, by=by_of(one), reason="no_staff")
    assert asked(call)[1].offer_id == call.queue[2]["offer"]


def test_when_nobody_is_left_the_need_is_back_and_shown_as_unmet():
    call = announced("cascade")
    for _ in call.queue:
        last = asked(call)[-1]
        offering.decline(last, by=by_of(last), reason="no_places")
    call.refresh_from_db()
    call.need.refresh_from_db()
    assert (call.status, call.need.status) == ("failed", "unmet")


def test_the_first_answer_wins_and_the_others_stand_down():
    call = announced("first")
    assert set(states(call)) == {"offered"}
    last = asked(call)[-1]
    offering.accept(last, by=by_of(last))
    assert sorted(set(states(call))) == ["accepted", "not_chosen"]
    call.refresh_from_db()
    assert call.status == "filled"
    with pytest.raises(NotNow):
        offering.accept(asked(call)[0], by=by_of(asked(call)[0]))


def test_the_best_of_those_who_volunteer_wins_once_all_have_answered():
    call = announced("best")
    sent = sorted(asked(call), key=lambda r: [row["offer"] for row in call.queue].index(r.offer_id))
    offering.volunteer(sent[1], by=by_of(sent[1]))
    offering.volunteer(sent[2], by=by_of(sent[2]))
    assert Referral.objects.get(pk=sent[1].pk).status == "willing"
    for each in (sent[0], *sent[3:]):
        offering.decline(each, by=by_of(each), reason="no_staff")
    assert Referral.objects.get(pk=sent[1].pk).status == "accepted"
    assert Referral.objects.get(pk=sent[2].pk).status == "not_chosen"


def test_the_second_best_serves_where_the_best_has_no_room_left():
    call = announced("best")
    order = [row["offer"] for row in call.queue]
    sent = sorted(asked(call), key=lambda r: order.index(r.offer_id))
    for each in sent[:2]:
        offering.volunteer(each, by=by_of(each))
    best = sent[0].offer
    best.taken = best.places
    best.save(update_fields=["taken"])
    for each in sent[2:]:
        offering.decline(each, by=by_of(each), reason="no_staff")
    assert Referral.objects.get(pk=sent[1].pk).status == "accepted"


def test_in_a_call_for_the_best_nobody_takes_it_at_once():
    call = announced("best")
    one = asked(call)[0]
    assert "accept" not in [each.name for each in one.transitions_for(by_of(one))]
    assert "volunteer" in [each.name for each in one.transitions_for(by_of(one))]


def test_the_window_takes_a_call_back_with_every_offer_of_it():
    call = announced("first")
    requesting.withdraw(call, by=factories.window_of(call.town), reason="家庭改主意")
    call.need.refresh_from_db()
    assert set(states(call)) == {"withdrawn"}
    assert call.need.status == "open"


def test_a_call_announced_twice_with_one_key_asks_once():
    need = factories.OpenNeed()
    one = announced("first", need, key="k1")
    two = announced("first", need, key="k1")
    assert one == two


def test_consent_withdrawn_in_a_cascade_stops_it(who):
    call = announced("cascade")
    household = call.need.matter.household
    giving.withdraw_consent(household, by=who("chuangkou"), consent=household.consents.get())
    call.need.refresh_from_db()
    assert set(states(call)) == {"withdrawn"}
    assert call.need.status == "unmet"


# --- the signed link --------------------------------------------------------------------


@pytest.fixture
def linked():
    """An offer to a provider that has no account."""
    offer = supplied()
    Membership.objects.filter(organization=offer.provider.organization).delete()
    offer.provider.organization.phone = "0510-86100099"
    offer.provider.organization.save()
    need = factories.OpenNeed()
    return offering.send(
        need,
        by=factories.window_of(need.town),
        offer_id=offer.pk,
        ask=Ask(units=4, goal="在家有人照应"),
        choice_reason="就近",
    )


def path_of(referral) -> str:
    return "/answer/" + links.address(referral).split("/answer/")[1]


def test_a_provider_without_an_account_gets_a_link_by_text(linked):
    message = Message.objects.filter(about="referral-link")[0]
    assert links.address(linked) in message.text
    assert str(message.to) != "0510-86100099"


def test_the_link_shows_need_place_and_size_but_not_who(linked):
    page = Client().get(path_of(linked)).content.decode()
    assert "居家照料" in page
    for secret in ("王小明", "王**", "13800000000", "示例路", "老伴卧床"):
        assert secret not in page


def test_the_link_accepts_once(linked):
    path = path_of(linked)
    assert Client().post(path, {"takes": "yes"}).status_code == 422
    assert Client().post(path, {"takes": "yes", "who": "老张"}).status_code == 200
    assert Referral.objects.get(pk=linked.pk).status == "accepted"
    assert Client().post(path, {"takes": "no", "who": "老张", "reason": "too_far"}).status_code == 410


def test_the_link_declines_with_a_reason(linked):
    path = path_of(linked)
    assert Client().post(path, {"takes": "no", "who": "老张"}).status_code == 422
    assert Client().post(path, {"takes": "no", "who": "老张", "reason": "no_staff"}).status_code == 200
    assert Referral.objects.get(pk=linked.pk).status == "declined"


def test_a_link_that_was_changed_or_is_too_late_answers_nothing(linked):
    path = path_of(linked)
    assert Client().get(path[:-3] + "xx/").status_code == 410
    forged = signing.dumps([linked.pk, linked.offered_at.isoformat()], salt="other")
    assert Client().get(f"/answer/{forged}/").status_code == 410
    clock = Clock.objects.get(lifecycle="referrals.Referral", object_id=linked.pk, stopped_at=None)
    with moments.as_of(clock.due_at + timedelta(seconds=1)):
        assert Client().get(path).status_code == 410


def test_a_provider_with_an_account_gets_no_link(client_of):
    offer = supplied()
    need = factories.OpenNeed()
    referral = offering.send(
        need,
        by=factories.window_of(need.town),
        offer_id=offer.pk,
        ask=Ask(units=4, goal="x"),
        choice_reason="y",
    )
    assert not Message.objects.filter(about="referral-link").exists()
    page = client_of("chuangkou").post(f"/referrals/{referral.number}/link/")
    assert page.status_code == 302


def test_free_places_are_told_with_one_tap(several):
    offer = several[0]
    coordinator = factories.member_of(offer.provider)
    client = Client()
    client.force_login(User.objects.get(pk=coordinator.user_id))
    for step, places in (("1", 6), ("-1", 5), ("0", 5)):
        answer = client.post(f"/offers/{offer.pk}/places/", {"step": step}, HTTP_HX_REQUEST="true")
        assert answer.status_code == 200
        offer.refresh_from_db()
        assert offer.places == places


def test_a_stale_figure_is_marked_as_such(several):
    need = factories.OpenNeed()
    offer = several[0]
    with moments.as_of(moments.now() + timedelta(days=31)):
        assert ranking.rank(need).find(offer.pk).stale
        applying.update_places(offer, by=factories.member_of(offer.provider), step=0)
        assert not ranking.rank(need).find(offer.pk).stale


def test_another_than_the_first_needs_a_reason_in_a_call_too():
    need = factories.OpenNeed()
    last = ranking.rank(need, units=4).by_provider[-1]
    with pytest.raises(Invalid) as refusal:
        announced("cascade", need, offer_id=last.offer_id)
    assert "choice_reason" in refusal.value.fields
