"""A provider is registered, checked, admitted by a second person; suspended, and exited."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.starter.checks import all_right
from foundation import moments
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import SYSTEM
from organizations.bodies.models import Organization
from organizations.providers import accreditation, standing
from organizations.providers.models import Provider
from tests import factories


def registered(who, **given):
    given = {
        "name": "测试中心",
        "credit_code": factories.new_credit_code(),
        "nature": "charity",
        "place": factories.town(),
        "serves": [factories.town()],
        **given,
    }
    return accreditation.register(by=who("minzheng"), **given)


def test_the_one_who_checked_the_papers_may_not_accredit(who):
    provider = accreditation.check_documents(registered(who), by=who("minzheng"), findings=all_right())
    until = moments.today() + timedelta(days=365)
    with pytest.raises(NotYours, match="另一人"):
        accreditation.accredit(provider, by=who("minzheng"), until=until)
    assert accreditation.accredit(provider, by=who("minzheng2"), until=until).status == "accredited"


def test_an_accreditation_ends_in_the_future(who):
    provider = accreditation.check_documents(registered(who), by=who("minzheng"), findings=all_right())
    with pytest.raises(Invalid) as refusal:
        accreditation.accredit(provider, by=who("minzheng2"), until=moments.today())
    assert "until" in refusal.value.fields


def test_the_same_credit_code_is_not_registered_twice(who):
    provider = registered(who)
    with pytest.raises(Invalid) as refusal:
        registered(who, credit_code=provider.organization.credit_code)
    assert "测试中心" in str(refusal.value.fields["credit_code"])


@pytest.mark.parametrize("code", ["gonghui", "tuanwei", "fulian", "hongshizi", "canlian"])
def test_a_mass_organization_paid_by_the_budget_never_supplies(who, code):
    """财政部令102号, article 8."""
    body = Organization.objects.get(code=code)
    body.credit_code = factories.new_credit_code()
    body.save()
    with pytest.raises(Invalid, match="不能作为承接主体"):
        registered(who, credit_code=body.credit_code)
    assert not body.may_buy
    assert not body.may_supply


def test_the_charity_federation_may_supply():
    federation = Organization.objects.get(code="cishan")
    assert federation.may_supply
    assert Provider.objects.filter(organization=federation).exists()


def test_a_suspension_is_told_with_its_reason_and_ends(who):
    provider = factories.AccreditedProvider()
    provider = standing.suspend(provider, by=who("minzheng"), reason="记录不全，整改")
    assert (provider.status, provider.standing_reason) == ("suspended", "记录不全，整改")
    provider = standing.resume(provider, by=who("minzheng"), reason="整改完成")
    assert (provider.status, provider.standing_reason) == ("accredited", "")


def test_an_exit_lasts_until_its_day_and_is_the_systems_alone(who):
    until = moments.today() + timedelta(days=730)
    provider = factories.AccreditedProvider()
    with pytest.raises(NotYours):
        standing.leave(provider, by=who("minzheng"), reason="记录失实", until=until)
    provider = standing.leave(provider, by=SYSTEM, reason="记录失实", until=until)
    assert (provider.status, provider.exited_until) == ("exited", until)
    with pytest.raises(NotNow, match="禁入期"):
        standing.readmit(provider, by=who("minzheng"), reason="想回来")


def test_bodies_bear_the_names_that_they_bore_on_a_day():
    body = Organization.objects.filter(names__valid_to__isnull=False)[0]
    names = list(body.names.order_by("valid_from"))
    assert len(names) == 2
    assert names[0].valid_to < names[1].valid_from
    assert names[1].name == body.name


def test_a_provider_sees_itself_and_no_competitor(who):
    own = who("jigou")
    assert [p.organization_id for p in Provider.objects.visible_to(own)] == [own.organization_id]
