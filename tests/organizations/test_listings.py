"""The two lists of the registration authority: days, files, and what they bar."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from demo.starter.checks import all_right
from foundation import moments
from foundation.inbox.models import Notice
from foundation.refusals import Invalid, NotNow, NotYours
from organizations.document_checks.knowing import known_of
from organizations.listings import entering
from organizations.listings.kinds import ListKind
from organizations.listings.models import Listing
from organizations.providers import accreditation
from organizations.providers.models import Provider, in_good_standing
from tests import factories
from tests.organizations.test_accreditation import checked, registered


def days(number: int):
    """A day so many days from today."""
    return moments.today() + timedelta(days=number)


def entered(who, code: str, kind: str = "abnormal", *, since: int = -10) -> Listing:
    """An organization in a list for some days."""
    return entering.enter(
        by=who("minzheng"),
        credit_code=code,
        name="登记的名称",
        kind=kind,
        listed_on=days(since),
        source="公示平台",
    )


def test_an_organization_stands_in_a_list_from_its_day_to_the_day_before_its_removal(who):
    provider = factories.AccreditedProvider()
    listing = entered(who, provider.organization.credit_code, since=-10)
    entering.remove(listing, by=who("minzheng2"), removed_on=days(-3), reason="已公告移出")
    stands = {day: bool(Provider.objects.get(pk=provider.pk).stands_on(days(day))) for day in range(-12, 1)}
    assert [day for day, on in stands.items() if on] == list(range(-10, -3))
    for day, on in stands.items():
        able = Provider.objects.filter(in_good_standing(days(day)), pk=provider.pk).exists()
        assert able is not on
        assert Provider.objects.get(pk=provider.pk).in_good_standing(days(day)) is not on


@pytest.mark.parametrize("kind", ["serious_breach", "abnormal"])
def test_a_bar_for_a_serious_breach_is_lifted_by_another_than_who_entered_it(who, kind):
    listing = entered(who, factories.new_credit_code(), kind=kind)
    given = {"removed_on": days(0), "reason": "移出"}
    own = "remove" in {row.name for row in listing.transitions_for(who("minzheng"))}
    assert own is (kind == "abnormal")
    if not own:
        with pytest.raises(NotYours, match="另一人"):
            entering.remove(listing, by=who("minzheng"), **given)
    assert entering.remove(listing, by=who("minzheng2"), **given).status == "removed"


def test_what_a_second_person_takes_back_is_no_program_s_and_no_lent_role_s(who):
    listing = entered(who, factories.new_credit_code(), kind="serious")
    officer, given = who("minzheng2"), {"removed_on": days(0), "reason": "移出"}
    for by in (replace(officer, program=True), replace(officer, emergency_id=1)):
        assert {"remove", "withdraw"}.isdisjoint({row.name for row in listing.transitions_for(by)})
        with pytest.raises(NotYours):
            entering.remove(listing, by=by, **given)
    assert entering.remove(listing, by=officer, **given).status == "removed"


def test_a_list_of_which_nothing_was_ever_entered_does_not_speak_for_anybody(who):
    Listing.objects.all().delete()
    provider = factories.AccreditedProvider()
    assert known_of(provider)["abnormal_list"] == ["本市还没有录入这份名录，请到登记机关的网站核对"]
    entered(who, factories.new_credit_code(), "abnormal")
    assert known_of(provider)["abnormal_list"] == ["本平台登记的名录里没有这家机构"]
    assert "还没有录入" in known_of(provider)["serious_breach_list"][0]


def test_the_graver_of_two_lists_is_told(who):
    provider = factories.AccreditedProvider()
    entered(who, provider.organization.credit_code, "abnormal")
    entered(who, provider.organization.credit_code, "serious_breach")
    assert Provider.objects.get(pk=provider.pk).stands_on() == ListKind.SERIOUS_BREACH
    assert Provider.objects.with_lists().get(pk=provider.pk).stands_on() == ListKind.SERIOUS_BREACH


def test_it_stands_in_a_list_once_at_a_time_and_not_in_the_future(who):
    code = factories.new_credit_code()
    listing = entered(who, code)
    with pytest.raises(Invalid) as refusal:
        entered(who, code)
    assert "credit_code" in refusal.value.fields
    with pytest.raises(Invalid) as refusal:
        entered(who, code, "serious_breach", since=1)
    assert "listed_on" in refusal.value.fields
    for day in (-11, 1):
        with pytest.raises(Invalid) as refusal:
            entering.remove(listing, by=who("minzheng2"), removed_on=days(day), reason="移出")
        assert "removed_on" in refusal.value.fields
    entering.remove(listing, by=who("minzheng2"), removed_on=days(0), reason="移出")
    assert entered(who, code, since=0).pk != listing.pk


def test_an_entry_that_was_wrong_is_withdrawn_by_a_second_person_and_counts_for_no_day(who):
    provider = factories.AccreditedProvider()
    listing = entered(who, provider.organization.credit_code)
    with pytest.raises(NotYours):
        entering.withdraw(listing, by=who("minzheng"), reason="同名")
    entering.withdraw(listing, by=who("minzheng2"), reason="同名")
    assert not Provider.objects.get(pk=provider.pk).stands_on(days(-5))


@pytest.mark.parametrize("kind", ListKind.values)
def test_who_is_listed_is_neither_admitted_nor_renewed_until_it_is_removed(who, kind):
    provider = checked(who)
    listing = entered(who, provider.organization.credit_code, kind)
    with pytest.raises(NotNow, match=str(ListKind(kind).label)):
        accreditation.accredit(provider, by=who("minzheng2"), until=days(300))
    entering.remove(listing, by=who("minzheng2"), removed_on=days(0), reason="移出")
    provider = accreditation.accredit(provider, by=who("minzheng2"), until=days(300))
    accreditation.check_again(provider, by=who("minzheng"), findings=all_right())
    entered(who, provider.organization.credit_code, kind, since=0)
    with pytest.raises(NotNow):
        accreditation.extend(provider, by=who("minzheng2"), until=days(600))


def test_an_organization_that_is_not_known_is_kept_and_counts_once_it_registers(who):
    code = factories.new_credit_code()
    entered(who, code, "serious_breach")
    provider = registered(who, credit_code=code)
    assert Provider.objects.get(pk=provider.pk).stands_on() == "serious_breach"


def test_the_provider_and_civil_affairs_are_told_of_both_ends(who):
    provider = factories.AccreditedProvider()
    listing = entered(who, provider.organization.credit_code)
    entering.remove(listing, by=who("minzheng2"), removed_on=days(0), reason="移出")
    told = Notice.objects.filter(object_id=provider.pk, lifecycle="organizations.Provider")
    for words in ("已列入“活动异常名录”", "已移出或作废"):
        roles = told.filter(texts__icontains=words).values_list("role", flat=True)
        assert set(roles) >= {"civil_affairs", "coordinator"}


def test_only_civil_affairs_enters_and_providers_do_not_see_the_lists(who, api_of):
    with pytest.raises(NotYours):
        entering.enter(
            by=who("jigou"),
            credit_code=factories.new_credit_code(),
            name="别家",
            kind="abnormal",
            listed_on=days(0),
            source="听说",
        )
    assert api_of("jigou").get("/api/v1/listings").status_code == 403
    assert api_of("chuangkou").get("/api/v1/listings").status_code == 200
