"""Households are entered once, found again, and see what is known of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from foundation import moments
from foundation.refusals import Invalid
from households.consents import giving
from households.register import registration
from households.register.forms import Recognition
from households.register.models import Household, HouseholdMember, Person, Sex
from organizations.places.models import Place
from referrals.matters import intake
from tests import factories
from tests.racing import at_once


def test_the_number_fills_birth_date_and_sex():
    number = factories.new_id_number(sex="F")
    person = registration.person_from_number("王小明", number)
    assert person.sex == Sex.FEMALE
    assert person.birth_date.strftime("%Y%m%d") == number[6:14]


def test_a_second_entry_of_the_same_number_joins_the_first():
    number = factories.new_id_number()
    first = factories.AcceptedMatter(id_number=number)
    again = factories.AcceptedMatter(id_number=number, name="", category="", size=None)
    assert again.household_id == first.household_id
    assert Person.objects.filter(id_number_hash=registration.keyed_hash(number)).count() == 1


def test_a_household_of_another_town_is_sent_to_its_own_window():
    number = factories.new_id_number()
    factories.AcceptedMatter(id_number=number)
    with pytest.raises(Invalid) as refusal:
        factories.AcceptedMatter(id_number=number, place=Place.objects.get(name="华士社区"))
    assert refusal.value.rule == "S3"
    assert "澄江街道" in str(refusal.value.fields["place"])


def test_a_new_household_without_its_basics_is_told_everything_that_lacks_at_once():
    with pytest.raises(Invalid) as refusal:
        intake.accept_application(
            by=factories.window_of(factories.town()), id_number=factories.new_id_number(), needs=["care"]
        )
    assert set(refusal.value.fields) == {"name", "place", "category", "size"}


def test_two_windows_that_enter_the_same_person_at_once_make_one_household(own_database):
    number = factories.new_id_number()
    window = factories.window_of(factories.town())
    place = Place.objects.get(name="虹桥社区")

    def enter():
        return intake.accept_application(
            by=window,
            name="王小明",
            id_number=number,
            needs=["care"],
            place=place,
            category="none",
            size=1,
            monthly_income=Decimal("900"),
        ).household_id

    assert len(set(at_once([enter] * 3))) == 1


def test_a_person_has_one_home_at_a_time():
    household = factories.AcceptedMatter().household
    other = factories.AcceptedMatter().household
    person = household.members.get().person
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseholdMember.objects.create(household=other, person=person, relation="child")
    household.members.update(valid_to=date(2026, 1, 1))
    HouseholdMember.objects.create(household=other, person=person, relation="child")
    assert registration.household_of(person) == other


def test_consent_names_receiver_purpose_kinds_and_time_and_can_end(who):
    household = factories.AcceptedMatter(consent=False).household
    giving.give_consent(household, by=who("chuangkou"), scope=["contact_name"], form="written")
    consent = household.consents.get()
    assert (consent.holds, consent.purpose, consent.receiver, consent.scope) == (
        True,
        "转介社会力量提供服务",
        "接受转介的机构",
        ["contact_name"],
    )
    consent.withdrawn_at = moments.now()
    assert not consent.holds
    consent.withdrawn_at, consent.valid_to = None, date(2020, 1, 1)
    assert not consent.holds


def test_what_is_typed_is_recognised_before_anything_is_saved(who):
    number = factories.new_id_number(sex="M")
    window, elsewhere = who("chuangkou"), who("chuangkou2")
    new = Recognition.of_number(number, window)
    assert (new.sex, new.household, new.fault) == (Sex.MALE, None, "")
    factories.AcceptedMatter(id_number=number)
    known = Recognition.of_number(f" {number} ", window)
    assert known.household is not None
    assert str(known.person) == "王**"
    assert Recognition.of_number(number, elsewhere) == new
    assert "位" in Recognition.of_number("123", window).fault
    assert Recognition.of_number("", window) == Recognition()


def test_who_may_see_a_household(who):
    household = factories.AcceptedMatter().household
    account = factories.account_of(household)

    def sees(actor) -> bool:
        return Household.objects.visible_to(actor).filter(pk=household.pk).exists()

    for username in ("chuangkou", "xieguan", "minzheng", "shenji"):
        assert sees(who(username)), username
    assert sees(account)
    for username in ("chuangkou2", "jigou", "shegong", "pinggu", "caizheng", "bumen", "mishu"):
        assert not sees(who(username)), username
