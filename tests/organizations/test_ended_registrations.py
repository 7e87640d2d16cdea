"""A registration that ends before it is admitted: rejected, withdrawn or lapsed, and its credit code is free again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from demo.starter.checks import all_right
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock, Overdue
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import SYSTEM, Role
from organizations.bodies.models import Organization
from organizations.fact_changes import changing
from organizations.invitations import inviting
from organizations.invitations.models import Invitation
from organizations.people.models import Membership, User
from organizations.providers import accreditation, ending, facts, joining, standing
from organizations.providers.models import Provider
from tests import factories
from tests.organizations.test_accreditation import checked, registered
from tests.organizations.test_joining_providers import PHONE
from tests.organizations.test_joining_providers import facts as given


def joined(code: str, username: str = "zhanwei") -> tuple[Provider, User]:
    """A provider that has joined by itself under a credit code, and the account that answers for it."""
    place = factories.town()
    typed = given(credit_code=code, username=username, place=place, serves=[place])
    del typed["again"]
    person = joining.join(mobile=PHONE, **typed)
    return Provider.objects.get(organization__credit_code=code), person


@pytest.fixture
def code() -> str:
    return factories.new_credit_code()


def test_the_second_officer_returns_what_the_first_has_accepted(who, client_of):
    provider = checked(who)
    client = client_of("minzheng2")
    page = client.get(f"/providers/{provider.pk}/accredit/").content.decode()
    for address in ("return-documents", "reject"):
        assert f'href="/providers/{provider.pk}/{address}/"' in page
    assert client.get(f"/providers/{provider.pk}/return-documents/").status_code == 200
    wrong = all_right(bank_account="账号与回单不符")
    provider = accreditation.return_documents(provider, by=who("minzheng2"), findings=wrong)
    assert provider.fills_in
    with pytest.raises(NotNow):
        accreditation.accredit(provider, by=who("minzheng2"), until=moments.today() + timedelta(days=9))


def test_a_squatter_is_rejected_told_and_holds_nothing_and_the_real_one_joins(who, code, client_of):
    provider, squatter = joined(code)
    with pytest.raises(Invalid):
        joined(code, "zhenzheng")
    manager = Membership.objects.get(user=squatter, role=Role.STAFF_MANAGER).actor()
    invitation = inviting.invite(
        by=manager,
        full_name="同伙",
        phone="13900000009",
        channel="text",
        role=Role.SOCIAL_WORKER,
        organization=provider.organization,
    )
    with pytest.raises(Invalid):
        ending.reject(provider, by=who("minzheng"), reason=" ")
    provider = ending.reject(provider, by=who("minzheng"), reason="法定代表人来电：不是本机构登记的")
    assert (provider.status, provider.standing_reason) == ("rejected", "法定代表人来电：不是本机构登记的")
    assert not squatter.memberships.from_today().exists()
    assert Invitation.objects.get(pk=invitation.pk).status == "expired"
    sent = Message.objects.filter(about="provider:ended")
    assert any("不是本机构登记的" in str(message.text) for message in sent)
    old = Organization.objects.get(pk=provider.organization_id)
    assert (old.status, old.credit_code, provider.credit_code) == ("closed", None, code)
    assert code in client_of("minzheng").get(f"/providers/{provider.pk}/").content.decode()
    real, _person = joined(code, "zhenzheng")
    assert real.pk != provider.pk
    assert real.organization.credit_code == code
    assert not squatter.memberships.filter(organization=real.organization).exists()


@pytest.mark.parametrize("state", ["registered", "documents_checked", "returned"])
def test_what_is_being_checked_is_rejected_and_registered_anew_by_civil_affairs(who, code, state):
    provider = registered(who, credit_code=code)
    if state == "documents_checked":
        provider = accreditation.check_documents(provider, by=who("minzheng"), findings=all_right())
    if state == "returned":
        wrong = all_right(bank_account="没有")
        provider = accreditation.return_documents(provider, by=who("minzheng"), findings=wrong)
    assert provider.status == state
    ending.reject(provider, by=who("minzheng2"), reason="查实不具备条件")
    again = registered(who, credit_code=code)
    assert again.status == "registered"
    assert again.organization.code != provider.organization.code


def test_a_change_of_facts_that_waits_ends_with_the_registration(who):
    provider = registered(who)
    factories.PersonOf(role=Role.COORDINATOR, role__organization=provider.organization)
    change = changing.propose(by=factories.member_of(provider), why="改名", name="另一个名字")
    ending.reject(provider, by=who("minzheng"), reason="材料不实")
    change.refresh_from_db()
    assert change.status == "taken_back"


def test_a_provider_withdraws_before_it_is_admitted_and_not_after(who, code, client):
    provider, person = joined(code)
    client.force_login(person)
    sent = {"reason": "填错了信用代码", "key": "1"}
    answer = client.post(f"/providers/{provider.pk}/withdraw/", sent)
    assert answer.status_code == 302, answer.content.decode()
    provider.refresh_from_db()
    assert provider.status == "withdrawn"
    assert client.get("/providers/own/").status_code in (302, 403)
    assert Notice.objects.filter(object_id=provider.pk, role="civil_affairs").exists()
    joined(code, "chonglai")
    admitted = factories.AccreditedProvider()
    with pytest.raises(NotNow):
        ending.withdraw(admitted, by=factories.member_of(admitted), reason="不做了")
    with pytest.raises(NotNow):
        ending.reject(admitted, by=who("minzheng"), reason="不合适")


def test_what_is_never_handed_in_is_warned_of_and_lapses(code):
    provider, person = joined(code)
    clock = Clock.objects.get(lifecycle="organizations.Provider", object_id=provider.pk, stopped_at=None)
    assert (clock.due_at - clock.started_at).days in (89, 90, 91)
    later = clock.due_at - timedelta(days=14)
    with moments.as_of(later):
        clocks.tick()
        assert Notice.objects.filter(object_id=provider.pk, role="coordinator").exists()
        facts.change_facts(
            provider,
            by=factories.member_of(provider),
            phone="0510-86001234",
            address="示例路 9 号",
            serves=[factories.town()],
        )
    with moments.as_of(clock.due_at + timedelta(minutes=1)):
        clocks.tick()
        provider.refresh_from_db()
        assert provider.status == "lapsed"
        assert not person.memberships.from_today().exists()
        assert not Overdue.objects.filter(object_id=provider.pk, lifecycle="organizations.Provider").exists()
        joined(code, "chonglai")


def test_what_was_handed_in_in_time_does_not_lapse(who):
    provider = registered(who)
    assert not Clock.objects.filter(object_id=provider.pk, lifecycle="organizations.Provider").exists()
    with pytest.raises(NotNow):
        ending.lapse(provider, by=SYSTEM)


def test_one_that_comes_back_after_an_exit_is_refused_to_where_it_was(who):
    provider = factories.AccreditedProvider()
    standing.leave(provider, by=SYSTEM, reason="记录失实", until=moments.today())
    provider = standing.readmit(provider, by=who("minzheng"), reason="期满")
    with pytest.raises(Refused):
        ending.reject(provider, by=who("minzheng"), reason="不行")
    with pytest.raises(Refused):
        ending.withdraw(provider, by=factories.member_of(provider), reason="不行")
    provider = standing.refuse_return(provider, by=who("minzheng"), reason="整改不到位")
    assert provider.status == "exited"
    assert provider.organization.credit_code
    assert standing.readmit(provider, by=who("minzheng"), reason="再来").status == "registered"


def test_a_body_that_is_known_besides_keeps_its_code_and_is_taken_up_again(who):
    body = Organization.objects.filter(kind="body", may_supply=True, provider=None).first()
    if body is None:
        body = Organization.objects.filter(kind="body", provider=None, may_buy=False)[0]
        Organization.objects.filter(pk=body.pk).update(may_supply=True)
    code = factories.new_credit_code()
    Organization.objects.filter(pk=body.pk).update(credit_code=code)
    given = {"name": body.name, "credit_code": code, "place": None}
    provider = registered(who, **given)
    provider = ending.reject(provider, by=who("minzheng"), reason="材料不实")
    with pytest.raises(Invalid, match="重新受理登记"):
        registered(who, **given)
    body.refresh_from_db()
    assert (body.status, body.credit_code) == ("in_use", code)
    provider = ending.reopen(provider, by=who("minzheng"), reason="材料已补")
    assert (provider.status, provider.standing_reason) == ("registered", "")


def test_one_that_was_closed_with_its_registration_is_not_taken_up_and_nobody_else_ends_it(who, code):
    provider, _person = joined(code)
    with pytest.raises(NotYours):
        ending.lapse(provider, by=who("minzheng"))
    provider = ending.reject(provider, by=who("minzheng"), reason="查无此机构")
    with pytest.raises(NotNow):
        ending.reopen(provider, by=who("minzheng"), reason="再看看")


def test_a_registration_that_ended_is_seen_by_those_who_compare_alone(who, code):
    provider, _person = joined(code)
    ending.reject(provider, by=who("minzheng"), reason="查无此机构")
    assert Provider.objects.visible_to(who("minzheng")).filter(pk=provider.pk).exists()
    for other in (who("bumen"), factories.member_of(factories.AccreditedProvider(), Role.SOCIAL_WORKER)):
        assert not Provider.objects.visible_to(other).filter(pk=provider.pk).exists()
    assert Client().get(f"/directory/providers/{provider.pk}/").status_code == 404
