"""Checks by civil affairs: every item is looked up, all is right, or all that is wrong is told at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import translation

from demo.starter.checks import all_right
from demo.starter.provider_documents import PAGE, Scan
from foundation import moments
from foundation.inbox.models import Notice
from foundation.personal_data import revealing
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import Role
from foundation.rules import reading
from foundation.wording import day
from foundation.work_items.models import WorkItem
from organizations.certificates import keeping
from organizations.certificates.models import Certificate
from organizations.document_checks.models import DocumentCheck
from organizations.fact_changes import changing
from organizations.listings import entering
from organizations.providers import accreditation, facts
from organizations.providers.models import Provider
from organizations.yearly_checks.models import YearlyCheck
from tests import factories
from tests.factories import rules
from tests.organizations.test_accreditation import registered


def with_people(provider: Provider) -> Provider:
    """The provider with a coordinator."""
    factories.PersonOf(role=Role.COORDINATOR, role__organization=provider.organization)
    return provider


def complete(provider: Provider) -> Provider:
    """The provider with all that is handed in."""
    own = factories.member_of(provider)
    provider = facts.fill_in(
        provider,
        by=own,
        name="测试中心",
        nature="charity",
        legal_representative="王某某",
        bank_name="示例银行",
        bank_account="6222000011112222",
        phone="0510-86000000",
        address="示例路 1 号",
        serves=[factories.town()],
    )
    given = {"kind": "registration", "number": "示 1 号", "issuer": "民政局", "file": Scan(PAGE)}
    keeping.add(by=own, **given)
    return provider


def test_a_bank_account_is_right_once_it_was_looked_at_since_it_was_set(who, client_of):
    wrong = [{**one, "found": "wrong", "words": "请补"} for one in all_right()]
    provider = with_people(registered(who))
    provider = complete(accreditation.return_documents(provider, by=who("minzheng"), findings=wrong))
    provider = facts.hand_in(provider, by=factories.member_of(provider))
    with pytest.raises(Invalid, match="点开对公账号") as refused:
        accreditation.check_documents(provider, by=who("minzheng"), findings=all_right())
    assert list(refused.value.fields) == ["bank_account_found"]
    revealing.reveal(provider, "bank_account", by=who("minzheng2"), reason="与开户许可核对")
    with pytest.raises(Invalid, match="点开对公账号"):
        accreditation.check_documents(provider, by=who("minzheng"), findings=all_right())
    page = client_of("minzheng").get(f"{provider.get_absolute_url()}check-documents/").content.decode()
    assert "在机构页面点开账号核对" in page
    revealing.reveal(provider, "bank_account", by=who("minzheng"), reason="与开户许可核对")
    assert accreditation.check_documents(provider, by=who("minzheng"), findings=all_right())


def test_what_was_found_where_when_and_by_whom_is_kept_and_shown(who, client_of):
    provider = accreditation.check_documents(registered(who), by=who("minzheng"), findings=all_right())
    check = DocumentCheck.objects.get(provider=provider)
    assert check.checked_by_id == who("minzheng").person
    assert {one["item"] for one in check.findings} == set(
        reading.current("accreditation.checklist").value["items"]
    )
    page = client_of("minzheng2").get(f"/providers/{provider.pk}/").content.decode()
    for words in ("登记证书", "严重违法失信名单", "登记管理机关信用信息公示平台", "符合"):
        assert words in page
    decides = client_of("minzheng2").get(f"/providers/{provider.pk}/accredit/").content.decode()
    assert "严重违法失信名单" in decides


@pytest.mark.parametrize(
    "change,field",
    [
        ({"found": ""}, "registration_found"),
        ({"found": "not_needed"}, "registration_found"),
        ({"where": " "}, "registration_where"),
        ({"on": "2099-01-01"}, "registration_on"),
        ({"found": "wrong", "words": "过期"}, "registration_found"),
    ],
)
def test_an_item_that_is_not_looked_up_or_not_right_is_not_accepted(who, change, field):
    provider, findings = registered(who), all_right()
    findings[0].update(change)
    with pytest.raises(Invalid) as refusal:
        accreditation.check_documents(provider, by=who("minzheng"), findings=findings)
    assert field in refusal.value.fields
    assert not DocumentCheck.objects.filter(provider=provider).exists()
    with pytest.raises(Invalid):
        accreditation.check_documents(provider, by=who("minzheng"), findings=all_right()[1:])


@pytest.mark.parametrize("result", ["failed", "missed", ""])
def test_a_last_year_that_is_not_right_is_not_passed_without_a_word(who, result):
    provider, year = registered(who), moments.today().year - 1
    if result:
        YearlyCheck.objects.create(provider=provider, year=year, result=result)
    YearlyCheck.objects.create(provider=provider, year=year - 1, result="passed")
    silent = [{**one, "words": ""} for one in all_right()]
    with pytest.raises(Invalid, match=f"{year} 年的年度检查") as refusal:
        accreditation.check_documents(provider, by=who("minzheng"), findings=silent)
    assert set(refusal.value.fields) == {"yearly_check_words"}
    assert accreditation.check_documents(provider, by=who("minzheng"), findings=all_right())


def test_where_an_item_was_looked_up_is_written_by_the_officer(who, client_of):
    provider = registered(who)
    address = f"/providers/{provider.pk}/check-documents/"
    page = client_of("minzheng").get(address).content.decode()
    assert 'list="usual-places"' in page and '<option value="开户许可证或银行回单">' in page
    assert 'value="登记管理机关信用信息公示平台"' not in page.replace("<option value", "")
    typed = {f"{code}_{part}": value for code in codes() for part, value in RIGHT.items()}
    sent = {**typed, "yearly_check_words": "见公示", "registration_where": "", "key": "1"}
    answer = client_of("minzheng").post(address, sent)
    assert "登记证书 · 在哪里查的" in answer.content.decode()
    assert not DocumentCheck.objects.filter(provider=provider).exists()


def test_documents_are_returned_with_every_reason_at_once_and_handed_in_again(who, client_of):
    provider = with_people(registered(who))
    with pytest.raises(Invalid):
        accreditation.return_documents(provider, by=who("minzheng"), findings=all_right())
    with pytest.raises(Invalid) as refusal:
        accreditation.return_documents(provider, by=who("minzheng"), findings=all_right(yearly_check=""))
    assert "yearly_check_words" in refusal.value.fields
    wrong = all_right(yearly_check="缺 2025 年度", bank_account="账号与回单不符")
    provider = accreditation.return_documents(provider, by=who("minzheng"), findings=wrong)
    told = Notice.objects.get(object_id=provider.pk, role="coordinator", texts__icontains="要补正的内容：")
    for words in ("年度检查：缺 2025 年度", "对公账户：账号与回单不符"):
        assert words in str(told.texts)
    own = factories.user_of(provider)
    page = client_of(own.username).get(f"/providers/{provider.pk}/").content.decode()
    assert "缺 2025 年度" in page
    assert "账号与回单不符" in page
    with pytest.raises(Refused, match="有效的登记证书"):
        facts.hand_in(provider, by=factories.member_of(provider))
    provider = facts.hand_in(complete(provider), by=factories.member_of(provider))
    assert provider.status == "registered"
    waiting = WorkItem.objects.filter(lifecycle="organizations.Provider", object_id=provider.pk)
    assert waiting.filter(role="civil_affairs").exists()


def test_the_officer_sees_beside_each_item_what_is_known_here(who, client_of):
    provider = with_people(registered(who))
    wrong = all_right(bank_account="没有填")
    provider = complete(accreditation.return_documents(provider, by=who("minzheng"), findings=wrong))
    facts.hand_in(provider, by=factories.member_of(provider))
    page = client_of("minzheng").get(f"/providers/{provider.pk}/check-documents/").content.decode()
    for words in ("王某某", "登记证书 示 1 号", "长期有效", "没有填年度检查", "************2222"):
        assert words in page, words


def test_each_fault_names_its_item(who, client_of):
    provider = registered(who)
    answer = client_of("minzheng").post(f"/providers/{provider.pk}/check-documents/", {"key": "1"})
    assert answer.status_code == 422
    summary = answer.content.decode().partition("fault-summary")[2].partition("</ul>")[0]
    items = [str(group.label) for group in answer.context["form"].groups]
    for item in items:
        assert f"{item} · 查验结果\uff1a请选择。" in summary
    typed = {f"{code}_{part}": value for code in codes() for part, value in RIGHT.items()}
    sent = {**typed, "yearly_check_found": "wrong", "key": "2"}
    answer = client_of("minzheng").post(f"/providers/{provider.pk}/return-documents/", sent)
    assert "年度检查 · 情况说明\uff1a请写明" in answer.content.decode()


def codes() -> list[str]:
    """The items of the checklist."""
    return list(reading.current("accreditation.checklist").value["items"])


#: What is sent of an item in which all is right.
RIGHT = {"found": "right", "where": "原件", "on": moments.today().isoformat(), "words": ""}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_day_of_a_finding_is_shown_as_days_are(who, client_of, language):
    looked_up = moments.today() - timedelta(days=30)
    with translation.override(language):
        said = day(looked_up)
    findings = [{**one, "on": looked_up.isoformat()} for one in all_right()]
    provider = accreditation.check_documents(registered(who), by=who("minzheng"), findings=findings)
    client = client_of("minzheng2")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(f"/providers/{provider.pk}/").content.decode()
    assert said in page
    assert looked_up.isoformat() not in page


def test_the_city_adds_items_of_its_own(who):
    rules.rule("accreditation.checklist", further=["消防验收意见"])
    provider, findings = registered(who), all_right()
    assert findings[-1]["label"] == "消防验收意见"
    with pytest.raises(Invalid, match="消防验收意见"):
        accreditation.check_documents(provider, by=who("minzheng"), findings=findings[:-1])
    accreditation.check_documents(provider, by=who("minzheng"), findings=findings)


def test_a_renewal_is_asked_for_checked_and_decided_by_three_people(who):
    provider = factories.AccreditedProvider()
    own = factories.member_of(provider)
    with pytest.raises(NotNow, match="起可以申请续期"):
        accreditation.ask_renewal(provider, by=own)
    Provider.objects.filter(pk=provider.pk).update(accredited_until=moments.today() + timedelta(days=80))
    provider = accreditation.ask_renewal(provider, by=own)
    with pytest.raises(NotNow, match="续期已申请"):
        accreditation.ask_renewal(provider, by=own)
    rows = WorkItem.objects.filter(
        lifecycle="organizations.Provider", object_id=provider.pk, role="civil_affairs"
    )
    assert [row.step for row in rows] == ["check_again"]
    provider = accreditation.return_renewal(
        provider, by=who("minzheng"), findings=all_right(certificates="许可证过期")
    )
    assert not provider.asks_renewal
    provider = accreditation.ask_renewal(provider, by=own)
    provider = accreditation.check_again(provider, by=who("minzheng"), findings=all_right())
    assert [row.step for row in rows.all()] == ["extend"]
    until = moments.today() + timedelta(days=1000)
    with pytest.raises(NotYours):
        accreditation.extend(provider, by=who("minzheng"), until=until)
    provider = accreditation.extend(provider, by=who("minzheng2"), until=until)
    assert (provider.accredited_until, provider.asks_renewal) == (until, False)


def test_a_renewal_that_was_returned_after_its_check_is_extended_by_nobody_before_the_next_check(who):
    provider = factories.AccreditedProvider()
    until = moments.today() + timedelta(days=1000)
    with pytest.raises(NotNow, match="请先做续期查验"):
        accreditation.extend(provider, by=who("minzheng2"), until=until)
    provider = accreditation.check_again(provider, by=who("minzheng"), findings=all_right())
    wrong = all_right(certificates="许可证过期")
    provider = accreditation.return_renewal(provider, by=who("minzheng2"), findings=wrong)
    offered = {row.name for row in provider.transitions_for(who("minzheng2"))}
    assert "extend" not in offered
    for officer in ("minzheng", "minzheng2"):
        with pytest.raises(Refused, match="另一人" if officer == "minzheng" else "请先做续期查验"):
            accreditation.extend(provider, by=who(officer), until=until)
    provider = accreditation.check_again(provider, by=who("minzheng"), findings=all_right())
    provider = accreditation.extend(provider, by=who("minzheng2"), until=until)
    with pytest.raises(NotNow, match="请先做续期查验"):
        accreditation.extend(provider, by=who("minzheng2"), until=until)


def test_certificates_are_kept_encrypted_seen_by_their_own_and_the_city_alone(who, client_of):
    provider = with_people(registered(who))
    by = factories.member_of(provider)
    with pytest.raises(Invalid) as refusal:
        keeping.add(
            by=by,
            kind="license",
            number="1",
            issuer="局",
            file=Scan(PAGE),
            valid_until=moments.today() - timedelta(days=1),
        )
    assert "valid_until" in refusal.value.fields
    made = keeping.add(by=by, kind="license", number="1", issuer="局", file=Scan(PAGE))
    assert bytes(Certificate.objects.get(pk=made.pk).content) != PAGE
    own = client_of(factories.user_of(provider).username)
    address = f"/certificates/{made.pk}/file/"
    assert own.get(address).content == PAGE
    assert client_of("minzheng").get(address).content == PAGE
    assert client_of("jigou").get(address).status_code == 404
    keeping.put_away(made, by=by)
    assert not provider.certificates.in_use().exists()


def test_a_certificate_that_has_run_out_is_not_valid_and_marked(who, client_of):
    provider = with_people(registered(who))
    until = moments.today() + timedelta(days=3)
    keeping.add(
        by=factories.member_of(provider),
        kind="registration",
        number="7",
        issuer="局",
        file=Scan(PAGE),
        valid_until=until,
    )
    assert provider.certificates.valid(until).exists()
    with moments.as_of(moments.now() + timedelta(days=4)):
        assert not provider.certificates.valid().exists()
        page = client_of("minzheng").get(f"/providers/{provider.pk}/").content.decode()
    assert "已过期" in page


@pytest.mark.parametrize(
    "kind,item", [("abnormal", "abnormal_list"), ("serious_breach", "serious_breach_list")]
)
def test_a_list_that_names_the_provider_here_is_not_said_to_be_right(who, kind, item):
    provider = registered(who)
    listing = entering.enter(
        by=who("minzheng"),
        credit_code=provider.credit_code,
        name=str(provider),
        kind=kind,
        listed_on=moments.today(),
        source="公示平台",
    )
    for transition, findings in (
        (accreditation.check_documents, all_right()),
        (accreditation.return_documents, all_right(yearly_check="缺 2025 年度")),
    ):
        with pytest.raises(Invalid) as refusal:
            transition(provider, by=who("minzheng"), findings=findings)
        assert set(refusal.value.fields) == {f"{item}_found"}
        assert "本平台登记的名录里有这家机构" in refusal.value.fields[f"{item}_found"]
    returned = accreditation.return_documents(
        provider, by=who("minzheng"), findings=all_right(**{item: "在名录中，移出后再报"})
    )
    assert returned.status == "returned"
    entering.remove(listing, by=who("minzheng2"), removed_on=moments.today(), reason="移出")
    assert accreditation.check_documents(registered(who), by=who("minzheng"), findings=all_right())


def test_who_checks_is_told_of_another_of_the_same_name_and_nothing_is_refused(who, client_of):
    known = factories.AccreditedProvider(name="澄江助老服务中心")
    lonely = registered(who)
    provider = registered(who, name="澄江助老服务中心")
    officer = client_of("minzheng")
    addresses = (f"/providers/{provider.pk}/", f"/providers/{provider.pk}/check-documents/")
    for page in (officer.get(address).content.decode() for address in addresses):
        assert "同名的机构" in page
        assert known.credit_code in page
    assert "同名的机构" not in officer.get(f"/providers/{lonely.pk}/").content.decode()
    with_people(lonely)
    change = changing.propose(by=factories.member_of(lonely), name="澄江助老服务中心", why="更名")
    assert known.credit_code in officer.get(f"/fact-changes/{change.pk}/confirm/").content.decode()
    assert accreditation.check_documents(provider, by=who("minzheng"), findings=all_right())


def test_the_same_certificate_twice_is_refused_at_its_number_and_the_same_file_at_the_file(who):
    provider = with_people(registered(who))
    by, until = factories.member_of(provider), moments.today() + timedelta(days=90)
    given = {"by": by, "kind": "license", "issuer": "局", "valid_until": until}
    first = keeping.add(number="示 1 号", file=Scan(PAGE), **given)
    other = Scan(PAGE + b"%")
    with pytest.raises(Invalid, match="已经上传") as refusal:
        keeping.add(number="示1号", file=other, **given)
    assert set(refusal.value.fields) == {"number"}
    with pytest.raises(Invalid) as refusal:
        keeping.add(number="2", file=Scan(PAGE), **given)
    assert set(refusal.value.fields) == {"file"}
    assert keeping.add(number="示1号", file=other, **given | {"valid_until": until + timedelta(days=1)})
    keeping.put_away(first, by=by)
    assert keeping.add(number="示 1 号", file=Scan(PAGE), **given)


def test_the_api_calls_the_items_in_the_language_of_the_reader(who, api_of):
    with translation.override("en"):
        findings = all_right()
    accreditation.check_documents(registered(who), by=who("minzheng"), findings=findings)
    for language, said in (("zh-hans", "登记证书"), ("en", "Registration certificate")):
        answer = api_of("minzheng").get("/api/v1/document-checks", HTTP_ACCEPT_LANGUAGE=language)
        found = {one["item"]: one["label"] for one in answer.json()["results"][0]["findings"]}
        assert found["registration"] == said


def test_an_accreditation_that_is_extended_never_ends_earlier(who):
    provider = factories.AccreditedProvider()
    provider = accreditation.check_again(provider, by=who("minzheng"), findings=all_right())
    earlier = provider.accredited_until - timedelta(days=1)
    with pytest.raises(Invalid) as refusal:
        accreditation.extend(provider, by=who("minzheng2"), until=earlier)
    assert set(refusal.value.fields) == {"until"}
    provider.refresh_from_db()
    assert provider.accredited_until > earlier
