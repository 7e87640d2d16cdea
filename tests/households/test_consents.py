"""Consents: a child's, the household's, and their withdrawal."""

from __future__ import annotations

import pytest

from foundation.refusals import Invalid, NotYours, Refused
from households.consents import giving
from tests import factories
from tests.households.members import GIVEN, child_of


def test_a_childs_data_go_on_only_with_its_guardians_consent(household, window):
    child = child_of(household, window)
    with pytest.raises(Invalid) as refusal:
        giving.give_consent(household, by=window, scope=GIVEN, form="written", person=child)
    assert refusal.value.rule == "个人信息保护法第三十一条"
    giving.give_consent(
        household, by=window, scope=GIVEN, form="written", person=child, given_by=household.head.person
    )
    given = household.consents.get()
    receiver = factories.AccreditedProvider().organization_id
    assert given.allows(receiver, child)
    assert not given.allows(receiver, None)


def test_consent_of_the_household_does_not_cover_a_child(household, window):
    child = child_of(household, window)
    giving.give_consent(household, by=window, scope=GIVEN, form="written")
    receiver = factories.AccreditedProvider().organization_id
    assert household.consents.get().allows(receiver, None)
    assert not household.consents.get().allows(receiver, child)


def test_consent_to_one_receiver_or_for_another_purpose_allows_no_other(household, window):
    one, other = factories.AccreditedProvider(), factories.AccreditedProvider()
    giving.give_consent(household, by=window, scope=GIVEN, form="written", provider_body=one.organization)
    given = household.consents.get()
    assert given.allows(one.organization_id, None)
    assert not given.allows(other.organization_id, None)
    given.purpose_code = "story"
    assert not given.allows(one.organization_id, None)


def test_a_consent_is_withdrawn_by_the_household_itself_and_once_only(household, window):
    giving.give_consent(household, by=window, scope=GIVEN, form="written")
    consent, account = household.consents.get(), factories.account_of(household)
    giving.withdraw_consent(household, by=account, consent=consent)
    consent.refresh_from_db()
    assert not consent.holds
    with pytest.raises(Refused, match="没有有效的同意"):
        giving.withdraw_consent(household, by=account, consent=consent)
    giving.give_consent(household, by=window, scope=GIVEN, form="written")
    with pytest.raises(Invalid):
        giving.withdraw_consent(household, by=account, consent=consent)


def test_another_household_withdraws_nothing(household, window):
    giving.give_consent(household, by=window, scope=GIVEN, form="written")
    stranger = factories.account_of(factories.AcceptedMatter().household)
    with pytest.raises(NotYours):
        giving.withdraw_consent(household, by=stranger, consent=household.consents.get())
