"""What becomes of a referral on hold, the state that ``docs/how-to/a-new-state.md`` adds.

Run by ``tests/house/test_how_to_a_new_state.py`` in a copy of the product in which the how-to was done.
"""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from catalog.editions import effects
from catalog.items.models import Item
from foundation import moments
from foundation.inbox.models import Notice
from foundation.lifecycle.states import States
from foundation.personal_data.disclosing import Telling
from foundation.refusals import NotNow, NotYours, Refused
from foundation.ui.chips import chip, state_chip
from households.register import members
from organizations.people.models import User
from organizations.places.models import Place
from organizations.providers import standing
from referrals.handovers import handing_over
from referrals.needs import checks, missing
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus
from referrals.rematching import rematching
from referrals.service import delivery
from tests import factories
from tests.referrals.leaving import preview, supplied

ON_HOLD: States = ReferralStatus("on_hold")


def on_hold(**given) -> Referral:
    """A service that its provider has put on hold."""
    referral = factories.ReferralInService(**given)
    return delivery.hold(referral, by=factories.coordinator_of(referral), reason="家庭回老家两周")


@pytest.fixture
def held() -> Referral:
    return on_hold()


def heir_of(held: Referral) -> Referral:
    """The same help, offered to another provider."""
    return offering.send(
        held.need,
        by=factories.window_of(held.town),
        offer_id=supplied().pk,
        ask=Ask(units=3, goal="继续照料"),
        choice_reason="家庭希望",
        replaces=held,
    )


def page_of(actor, obj, language="zh-hans"):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(User.objects.get(pk=actor.user_id))
    return client.get(obj.get_absolute_url())


def states_of(*referrals: Referral) -> list[str]:
    return [Referral.objects.get(pk=referral.pk).status for referral in referrals]


def test_it_is_on_hold_goes_on_again_and_the_window_is_told(held):
    assert (held.status, held.held_on) == (ON_HOLD, moments.today())
    assert Notice.objects.filter(
        object_id=held.pk, role="window", place_id=held.town_id, texts__icontains="家庭回老家两周"
    )
    assert delivery.resume(held, by=factories.worker_of(held)).status == "in_service"


def test_an_urgent_service_and_another_provider_are_refused():
    urgent = factories.ReferralInService(urgent=True)
    with pytest.raises(Refused, match="紧急的服务不能暂缓"):
        delivery.hold(urgent, by=factories.coordinator_of(urgent), reason="x")
    with pytest.raises(NotYours):
        delivery.hold(factories.ReferralInService(), by=factories.coordinator_of(urgent), reason="x")


def test_the_provider_still_knows_its_client(held):
    coordinator = factories.coordinator_of(held)
    assert held.known
    assert held.discloses("contact_name", coordinator) is Telling.REASON
    shown = page_of(coordinator, held)
    assert shown.context["shows_contact"]
    assert str(held.contact_name) in shown.content.decode()


def test_it_is_matched_anew_when_its_provider_leaves(leaving, who):
    held, heir = on_hold(offer=leaving), supplied()
    assert list(rematching.to_move(leaving.provider_id)) == [held]
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    rematching.approve(preview(leaving, who), by=who("minzheng2"))
    assert states_of(held) == ["transferred"]
    assert Referral.objects.get(replaces=held, status="accepted").offer == heir


def test_it_ends_early(held):
    delivery.end_early(held, by=factories.coordinator_of(held), reason="不再回来")
    held.offer.refresh_from_db()
    assert (states_of(held), held.offer.taken) == (["ended_early"], 0)


def test_a_death_ends_it(held, who):
    household = held.need.matter.household
    members.record_death(
        household, by=factories.window_of(held.town), member=household.members.get(), on=moments.today()
    )
    ended = Referral.objects.get(pk=held.pk)
    assert (ended.status, ended.died_on, bool(ended.contact_name)) == ("closed", moments.today(), False)


def test_another_provider_takes_it_over(held):
    heir = heir_of(held)
    offering.accept(heir, by=factories.coordinator_of(heir))
    assert states_of(held, heir) == ["transferred", "accepted"]


def test_another_window_takes_it_over_with_its_matter(held, who):
    town = Place.objects.get(name="华士镇")
    proposed = handing_over.propose(
        by=factories.window_of(held.town), matter=held.need.matter, town=town, why="家庭迁走"
    )
    handing_over.accept(proposed, by=who("chuangkou2"))
    assert Referral.objects.get(pk=held.pk).town == town


def test_one_provider_serves_the_need(held):
    with pytest.raises(NotNow):
        offering.send(
            Need.objects.get(pk=held.need_id),
            by=factories.window_of(held.town),
            offer_id=supplied().pk,
            ask=Ask(units=3, goal="再来一家"),
        )
    heir = heir_of(held)
    with (
        pytest.raises(IntegrityError, match="one_provider_serves_a_need"),
        pgtrigger.ignore(),  # past the table, which would refuse it too
        transaction.atomic(),
    ):
        Referral.objects.filter(pk=heir.pk).update(status="accepted")


def test_its_help_is_counted_once(held):
    number = held.need.matter.household.head.person.id_number.plain()
    again = factories.OpenNeed(kind="care", id_number=number)
    found = checks.of_help(again, Item.objects.get(pk=held.offer.item_id), Decimal("0"))
    assert [finding.key for finding in found if held.number in finding.words] == ["same_item:B01.01"]


def test_help_is_not_missing_where_it_waits(held):
    window = factories.window_of(held.town)
    assert not missing.waiting(window).filter(pk=held.need_id).exists()


def test_a_new_edition_finds_it_under_way_once(held):
    draft = factories.DraftEdition(change={"B01.01": {"price_low": "25", "price_high": "30"}})
    kinds = {kind.title: kind for kind in effects.effect_of(draft).kinds}
    found = [row for row in kinds["办理中的转介"].rows if held.number in row.words]
    assert [row.consequence for row in found] == ["暂缓\uff0c按原条件继续"]


def test_the_household_sees_its_chip_and_how_far_it_is(held):
    assert str(state_chip(held)) == str(chip("暂缓", "soon"))
    shown = page_of(factories.account_of(held.need.matter.household), held)
    assert str(state_chip(held)) in shown.content.decode()
    assert [step.words for step in shown.context["steps"] if step.stands == "now"] == ["服务中"]


def test_it_is_shown_in_both_languages(held):
    coordinator = factories.coordinator_of(held)
    assert "恢复服务" in page_of(coordinator, held).content.decode()
    english = page_of(coordinator, held, "en").content.decode()
    assert "On hold" in english
    assert "Resume the service" in english
    with translation.override("en"):
        assert (str(ON_HOLD.label), held.status_label) == ("On hold", "On hold")
