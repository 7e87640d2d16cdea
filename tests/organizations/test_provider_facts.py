"""A provider keeps its facts; sensitive ones are registered once civil affairs has confirmed them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from demo.starter.checks import all_right
from foundation import moments
from foundation.journal.models import Entry
from foundation.personal_data.revealing import reveal
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.work_items.models import WorkItem
from organizations.bodies import hours, keeping
from organizations.bodies import keeping as bodies
from organizations.bodies.models import OrganizationKind
from organizations.fact_changes import changing
from organizations.fact_changes.models import FactChange
from organizations.providers import accreditation, facts
from organizations.providers.models import Provider
from tests import factories


@pytest.fixture
def provider(db):
    return factories.AccreditedProvider(name="旧名社工中心", phone="051086000000", address="旧路 1 号")


def test_telephone_address_hours_and_area_change_at_once_and_the_journal_says_what(provider):
    own = factories.member_of(provider)
    serves = [factories.town(), factories.town("南闸街道")]
    facts.change_facts(
        provider,
        by=own,
        phone="051086001111",
        address="新路 2 号",
        hours=hours.read("周一至周五 9:00-17:00"),
        serves=serves,
    )
    provider = Provider.objects.get(pk=provider.pk)
    assert (provider.organization.phone, provider.organization.address) == ("051086001111", "新路 2 号")
    assert provider.organization.hours["5"] == [["09:00", "17:00"]]
    assert provider.serves.count() == 2
    entry = Entry.objects.get(object_id=provider.pk, lifecycle="organizations.Provider", move="facts")
    assert (entry.before["phone"], entry.after["phone"]) == ("051086000000", "051086001111")
    assert entry.after["serves"] == ["澄江街道", "南闸街道"]
    assert entry.actor_id == own.user_id


def test_the_form_shows_what_is_known_and_a_program_may_leave_the_rest_out(provider, client_of):
    user = factories.user_of(provider)
    page = client_of(user.username).get(f"/providers/{provider.pk}/change-facts/").content.decode()
    assert "旧路 1 号" in page
    user.set_password("yi-ju-chang-mima-7")
    user.save()
    api = APIClient()
    given = {"username": user.username, "password": "yi-ju-chang-mima-7"}
    token = api.post("/api/v1/sign-in", given, format="json").json()["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    address = f"/api/v1/providers/{provider.pk}/change_facts"
    answer = api.post(address, {"phone": "0510-86002222"}, format="json")
    assert answer.status_code == 200, answer.content
    provider = Provider.objects.get(pk=provider.pk)
    assert (provider.organization.phone, provider.organization.address) == ("0510-86002222", "旧路 1 号")


def test_nobody_else_changes_the_facts_and_after_the_check_the_provider_changes_no_name(provider, who):
    given = {"phone": "051086001111", "address": "别处", "serves": [factories.town()]}
    for stranger in (who("jigou"), who("minzheng"), factories.member_of(provider, "social_worker")):
        with pytest.raises(NotYours):
            facts.change_facts(provider, by=stranger, **given)
    sensitive = {
        "name": "新名",
        "nature": "charity",
        "legal_representative": "甲",
        "bank_name": "乙",
        "bank_account": "",
    }
    with pytest.raises(NotNow):
        facts.fill_in(provider, by=factories.member_of(provider), **given, **sensitive)


def proposed(provider, **given):
    return changing.propose(by=factories.member_of(provider), why="换届，见新证书", **given)


def confirmed(change, officer):
    """The change as an officer confirms it, who has looked at the account."""
    if change.bank_account:
        reveal(change, "bank_account", by=officer, reason="核对开户许可")
    return changing.confirm(change, by=officer, looked_up_at="公示平台")


def test_a_bank_account_is_confirmed_by_who_has_looked_at_it(provider, who, client_of):
    other = factories.AccreditedProvider(name="同账号社工中心", towns=[factories.town()])
    other.bank_account = "6222000011113333"
    other.save(update_fields=["bank_account"])
    change = proposed(provider, bank_name="新银行", bank_account="6222000011113333")
    with pytest.raises(Refused, match="先点开"):
        changing.confirm(change, by=who("minzheng"), looked_up_at="公示平台")
    page = client_of("minzheng").get(f"{change.get_absolute_url()}confirm/").content.decode()
    assert "“同账号社工中心”登记的是同一个账号" in page
    reveal(change, "bank_account", by=who("minzheng2"), reason="核对开户许可")
    with pytest.raises(Refused, match="先点开"):
        changing.confirm(change, by=who("minzheng"), looked_up_at="公示平台")
    confirmed(change, who("minzheng"))


def test_sensitive_facts_stand_until_civil_affairs_confirms_and_the_former_name_is_kept(provider, who):
    change = proposed(
        provider,
        name="新名社工中心",
        legal_representative="赵某",
        bank_name="新银行",
        bank_account="6222000011113333",
    )
    assert Provider.objects.get(pk=provider.pk).organization.name == "旧名社工中心"
    waits = WorkItem.objects.filter(lifecycle="organizations.FactChange", object_id=change.pk)
    assert waits.filter(role="civil_affairs", step="confirm").exists()
    with pytest.raises(NotYours):
        changing.confirm(change, by=factories.member_of(provider), looked_up_at="公示平台")
    confirmed(change, who("minzheng"))
    provider = Provider.objects.get(pk=provider.pk)
    assert (provider.organization.name, provider.legal_representative) == ("新名社工中心", "赵某")
    assert (provider.bank_name, provider.bank_account.plain()) == ("新银行", "6222000011113333")
    names = list(provider.organization.names.values_list("name", "valid_to"))
    assert [name for name, _until in names] == ["旧名社工中心", "新名社工中心"]
    assert names[0][1] < moments.today()
    assert "6222000011113333" not in str(list(Entry.objects.values_list("before", "after")))


def test_a_change_shows_what_stood_before_also_when_it_is_long_decided(provider, who, client_of, api_of):
    first = proposed(provider, name="新名社工中心", bank_name="新银行", bank_account="6222000011113333")
    confirmed(first, who("minzheng"))
    second = proposed(provider, name="再名社工中心", bank_account="6222000011114444")
    confirmed(second, who("minzheng"))
    page = client_of("minzheng").get(second.get_absolute_url()).content.decode()
    assert "新名社工中心 → 再名社工中心" in page
    assert page.index("************3333") < page.index("************4444")
    assert (
        "旧名社工中心 → 新名社工中心" in client_of("minzheng").get(first.get_absolute_url()).content.decode()
    )
    told = api_of("minzheng").get(f"/api/v1/fact-changes/{second.pk}").json()
    assert (told["former_name"], told["former_bank_account"]) == ("新名社工中心", "************3333")
    assert (told["former_legal_representative"], told["legal_representative"]) == ("", "")


def test_other_facts_are_confirmed_by_no_program_and_in_no_lent_role(provider, who):
    change = proposed(provider, legal_representative="钱某")
    for by in (replace(who("minzheng"), program=True), replace(who("minzheng"), emergency_id=1)):
        with pytest.raises(NotYours):
            changing.confirm(change, by=by, looked_up_at="公示平台")


@pytest.mark.parametrize("name", ["江阴市民政局", " 江阴市 民政局 "])
def test_no_provider_takes_the_name_of_a_body(provider, who, name):
    with pytest.raises(Invalid) as refusal:
        proposed(provider, name=name)
    assert set(refusal.value.fields) == {"name"}
    change = proposed(provider, name="江阴市某局")
    bodies.establish(by=who("guanli"), kind=OrganizationKind.BODY, name="江阴市 某局")
    with pytest.raises(Refused, match="名称"):
        changing.confirm(change, by=who("minzheng"), looked_up_at="公示平台")


def test_a_refusal_has_its_reason_and_changes_nothing(provider, who):
    change = proposed(provider, bank_name="新银行", bank_account="6222000011113333")
    with pytest.raises(Invalid):
        changing.refuse(change, by=who("minzheng"), reason=" ")
    changing.refuse(change, by=who("minzheng"), reason="与开户许可不符")
    provider = Provider.objects.get(pk=provider.pk)
    assert (provider.bank_name, provider.bank_account) == ("", None)
    assert proposed(provider, bank_name="再一家").pk != change.pk


def test_one_request_at_a_time_and_none_without_a_change(provider):
    with pytest.raises(Invalid):
        proposed(provider, name="旧名社工中心")
    change = proposed(provider, legal_representative="赵某")
    with pytest.raises(NotNow):
        proposed(provider, legal_representative="钱某")
    changing.take_back(change, by=factories.member_of(provider))
    proposed(provider, legal_representative="钱某")


def test_the_account_is_masked_on_page_and_api_and_read_in_plain_only_with_a_reason(
    provider, who, client_of, api_of
):
    change = proposed(provider, bank_name="新银行", bank_account="6222000011113333")
    confirmed(change, who("minzheng"))
    officer = client_of("minzheng")
    page = officer.get(f"/providers/{provider.pk}/").content.decode()
    assert "************3333" in page
    assert "6222000011113333" not in page
    told = api_of("minzheng").get(f"/api/v1/providers/{provider.pk}").json()
    assert told["bank_account"] == "************3333"
    assert "bank_account" not in api_of("chuangkou").get(f"/api/v1/providers/{provider.pk}").json()
    window = client_of("chuangkou").get(f"/providers/{provider.pk}/").content.decode()
    assert "3333" not in window
    address = f"/reveal/organizations.Provider/{provider.pk}/bank_account/"
    answer = officer.post(address, {"reason": "核对开户许可证"})
    assert "6222000011113333" in answer.content.decode()
    assert client_of("chuangkou").post(address, {"reason": "核对开户许可证"}).status_code == 422


@pytest.mark.parametrize("has_had_others", [False, True])
def test_the_name_that_is_filled_in_stays_after_the_night(who, has_had_others):
    provider = accreditation.register(
        by=who("minzheng"),
        name="江阴旧名社工中心",
        credit_code=factories.new_credit_code(),
        nature="charity",
        place=factories.town(),
        serves=[factories.town()],
    )
    organization = provider.organization
    if has_had_others:
        organization.names.create(name="江阴更早的社工中心", valid_to=moments.today() - timedelta(days=9))
        first = moments.today() - timedelta(days=8)
        organization.names.create(name="江阴旧名社工中心", valid_from=first)
    factories.PersonOf(role="coordinator", role__organization=organization)
    wrong = all_right(registration="名称不符")
    provider = accreditation.return_documents(provider, by=who("minzheng"), findings=wrong)
    provider = facts.fill_in(
        provider,
        by=factories.member_of(provider),
        name="江阴新名社工中心",
        nature="charity",
        legal_representative="王某某",
        bank_name="示例银行",
        bank_account="6222000011112222",
        phone="0510-86000000",
        address="示例路 1 号",
        serves=[factories.town()],
    )
    for night in (0, 1, 2):
        with moments.as_of(moments.now() + timedelta(days=night)):
            keeping.follow_the_day()
        organization.refresh_from_db()
        assert organization.name == "江阴新名社工中心"
    entry = Entry.objects.get(object_id=provider.pk, lifecycle="organizations.Provider", move="facts")
    assert (entry.before["name"], entry.after["name"]) == ("江阴旧名社工中心", "江阴新名社工中心")
    if has_had_others:
        names = list(organization.names.values_list("name", flat=True))
        assert names == ["江阴更早的社工中心", "江阴旧名社工中心", "江阴新名社工中心"]


def test_what_was_checked_is_what_is_decided_on_so_no_other_facts_meanwhile(who, client_of):
    """Neither proposed nor confirmed between the check and the decision."""
    provider = factories.AccreditedProvider()
    change = proposed(provider, legal_representative="赵某")
    provider = accreditation.check_again(provider, by=who("minzheng"), findings=all_right())
    with pytest.raises(NotNow, match="决定以前不登记变更"):
        confirmed(change, who("minzheng2"))
    change = FactChange.objects.get(pk=change.pk)
    assert "confirm" not in {row.name for row in change.transitions_for(who("minzheng2"))}
    changing.take_back(change, by=factories.member_of(provider))
    with pytest.raises(NotNow, match="已经查验"):
        proposed(provider, legal_representative="钱某")
    until = moments.today() + timedelta(days=900)
    provider = accreditation.extend(provider, by=who("minzheng2"), until=until)
    assert confirmed(proposed(provider, legal_representative="钱某"), who("minzheng")).looked_up_at


def test_where_other_facts_were_looked_up_is_asked_and_kept(provider, who, client_of):
    change = proposed(provider, legal_representative="赵某")
    address = f"{change.get_absolute_url()}confirm/"
    refused = client_of("minzheng").post(address, {"key": "1"})
    assert refused.status_code == 422 and "在哪里核对的" in refused.content.decode()
    assert (
        client_of("minzheng").post(address, {"key": "2", "looked_up_at": "开户许可证原件"}).status_code == 302
    )
    assert "开户许可证原件" in client_of("minzheng").get(change.get_absolute_url()).content.decode()
    assert "开户许可证原件" in str(Entry.objects.get(object_id=change.pk, move="confirm").after)
