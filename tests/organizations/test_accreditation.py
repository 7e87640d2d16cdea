"""A provider is registered, checked, admitted by a second person; suspended, and exited."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.starter.checks import all_right
from demo.starter.provider_documents import PAGE, Scan
from foundation import moments
from foundation.inbox.models import Notice
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import SYSTEM, Actor, Role
from organizations import tasks
from organizations.bodies import closing
from organizations.bodies import keeping as bodies
from organizations.bodies.models import Organization
from organizations.certificates import keeping
from organizations.document_checks.models import DocumentCheck
from organizations.places import closing as places
from organizations.places.models import Place
from organizations.providers import accreditation, standing
from organizations.providers.forms import JoinAsProvider
from organizations.providers.models import Provider
from organizations.responsibilities import assigning
from organizations.yearly_checks import stating
from tests import factories
from tests.racing import at_once, refused


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


def checked(who, **given):
    """One whose papers were found right, and that has a certificate."""
    provider = factories.certified(registered(who, **given))
    return accreditation.check_documents(provider, by=who("minzheng"), findings=all_right())


def test_the_one_who_checked_the_papers_may_not_accredit(who):
    provider = checked(who)
    until = moments.today() + timedelta(days=365)
    with pytest.raises(NotYours, match="另一人"):
        accreditation.accredit(provider, by=who("minzheng"), until=until)
    assert accreditation.accredit(provider, by=who("minzheng2"), until=until).status == "accredited"


def test_an_accreditation_ends_in_the_future(who):
    provider = checked(who)
    with pytest.raises(Invalid) as refusal:
        accreditation.accredit(provider, by=who("minzheng2"), until=moments.today())
    assert "until" in refusal.value.fields


def test_an_accreditation_ends_within_the_years_of_the_rule_and_the_form_tells_of_the_certificate(
    who, client_of
):
    provider = checked(who)
    years, last = accreditation.furthest()
    assert years == 5
    with pytest.raises(Invalid, match="最长准入 5 年") as refusal:
        accreditation.accredit(provider, by=who("minzheng2"), until=last + timedelta(days=1))
    assert "until" in refusal.value.fields
    provider.certificates.update(valid_until=moments.today() + timedelta(days=20))
    page = client_of("minzheng2").get(f"/providers/{provider.pk}/accredit/").content.decode()
    assert "由机构换证" in page
    ends = moments.today() + timedelta(days=20)
    with pytest.raises(Invalid, match="到期") as refusal:
        accreditation.accredit(provider, by=who("minzheng2"), until=ends + timedelta(days=1))
    assert "until" in refusal.value.fields
    assert accreditation.accredit(provider, by=who("minzheng2"), until=ends).status == "accredited"


def test_an_accreditation_outlasts_no_license_on_which_the_check_relied(who):
    provider = factories.certified(registered(who))
    factories.PersonOf(role=Role.COORDINATOR, role__organization=provider.organization)
    ends, by = moments.today() + timedelta(days=60), factories.member_of(provider)
    later = ends + timedelta(days=300)
    several = (
        ("license", "7", ends),
        ("license", "7", later),
        ("other", "8", ends),
        ("qualification", "9", ends + timedelta(days=100)),
    )
    for at, (kind, number, last) in enumerate(several):
        file = Scan(PAGE + bytes([at]))
        keeping.add(by=by, kind=kind, number=number, issuer="局", valid_until=last, file=file)
    provider = accreditation.check_documents(provider, by=who("minzheng"), findings=all_right())
    with pytest.raises(Invalid, match="专业资质 9"):
        accreditation.accredit(provider, by=who("minzheng2"), until=later)
    assert accreditation.accredit(provider, by=who("minzheng2"), until=ends + timedelta(days=100))


def test_the_same_credit_code_is_not_registered_twice(who):
    provider = registered(who)
    with pytest.raises(Invalid) as refusal:
        registered(who, credit_code=provider.organization.credit_code)
    assert "测试中心" in str(refusal.value.fields["credit_code"])


def test_an_accredited_provider_keeps_a_certificate_of_its_registration(who):
    provider = factories.AccreditedProvider()
    by = factories.member_of(provider, "coordinator")
    (only,) = provider.certificates.in_use().filter(kind="registration")
    assert "put_away" not in {row.name for row in only.transitions_for(by)}
    with pytest.raises(NotNow, match="查验过"):
        keeping.put_away(only, by=by)
    given = {
        "number": "新证 1 号",
        "issuer": "江阴市民政局",
        "valid_until": moments.today() + timedelta(days=900),
    }
    checked = {"provider": provider, "purpose": "admission", "checked_by_id": who("minzheng").person}
    DocumentCheck.objects.create(**checked)
    keeping.add(by=by, kind="registration", file=Scan(PAGE + b" "), **given)
    assert "put_away" not in {row.name for row in only.transitions_for(by)}
    with pytest.raises(NotNow, match="查验过"):
        keeping.put_away(only, by=by)
    DocumentCheck.objects.create(**checked, returned=True)
    with pytest.raises(NotNow):
        keeping.put_away(only, by=by)
    DocumentCheck.objects.create(**checked)
    keeping.put_away(only, by=by)


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


def test_nobody_is_admitted_or_extended_without_a_registration_certificate_of_that_day(who):
    provider, until = registered(who), moments.today() + timedelta(days=900)
    by = Actor(role=Role.COORDINATOR, organization_id=provider.organization_id, organization_name="x")
    given = {"number": "1", "issuer": "民政局", "file": Scan(PAGE)}
    keeping.add(by=by, kind="license", **given)
    keeping.add(by=by, kind="registration", valid_until=moments.today() + timedelta(days=40), **given)
    provider = accreditation.check_documents(provider, by=who("minzheng"), findings=all_right())
    with moments.as_of(moments.now() + timedelta(days=41)), pytest.raises(NotNow, match="有效的登记证书"):
        accreditation.accredit(provider, by=who("minzheng2"), until=until)
    ends = moments.today() + timedelta(days=40)
    provider = accreditation.accredit(provider, by=who("minzheng2"), until=ends)
    provider = accreditation.check_again(provider, by=who("minzheng"), findings=all_right())
    with moments.as_of(moments.now() + timedelta(days=41)):
        with pytest.raises(NotNow, match="有效的登记证书"):
            accreditation.extend(provider, by=who("minzheng2"), until=until)
        provider = accreditation.return_renewal(provider, by=who("minzheng"), findings=wrong())
        keeping.add(by=by, kind="registration", **{**given, "number": "2", "file": Scan(PAGE + b"2")})
        provider = accreditation.check_again(provider, by=who("minzheng"), findings=all_right())
        accreditation.extend(provider, by=who("minzheng2"), until=until)


def wrong() -> list[dict[str, str]]:
    """Findings of which the first is wrong."""
    first, *others = all_right()
    return [{**first, "found": "wrong", "words": "请重新上传"}, *others]


def test_papers_that_were_checked_stay_until_they_are_decided_on(who):
    """What the second officer admits or extends is what the first has seen."""
    provider = checked(who)
    factories.PersonOf(role=Role.COORDINATOR, role__organization=provider.organization)
    by = factories.member_of(provider)
    given = {"kind": "license", "number": "9", "issuer": "局", "file": Scan(PAGE)}

    def refused():
        kept = provider.certificates.in_use().first()
        for act in (
            lambda: keeping.add(by=by, **given),
            lambda: keeping.put_away(kept, by=by),
            lambda: stating.state(by=by, year=moments.today().year - 1, result="passed"),
        ):
            with pytest.raises(NotNow, match="已经查验"):
                act()
        assert "put_away" not in {row.name for row in kept.transitions_for(by)}

    refused()
    until = moments.today() + timedelta(days=900)
    provider = accreditation.accredit(provider, by=who("minzheng2"), until=until)
    keeping.add(by=by, **given)
    provider = accreditation.check_again(provider, by=who("minzheng"), findings=all_right())
    refused()
    accreditation.extend(provider, by=who("minzheng2"), until=until + timedelta(days=1))
    keeping.put_away(provider.certificates.in_use().filter(kind="license").last(), by=by)


def told_of_certificates(provider):
    """How many notices of certificates that run out its coordinators have."""
    told = Notice.objects.filter(
        object_id=provider.pk, role="coordinator", lifecycle="organizations.Provider"
    )
    return told.filter(texts__icontains="请上传新的").count()


@pytest.mark.parametrize("state", ["accredited", "suspended"])
def test_a_provider_is_told_of_a_certificate_at_the_days_of_the_rule_once_each(who, state):
    provider = factories.AccreditedProvider()
    if state == "suspended":
        provider = standing.suspend(provider, by=who("minzheng"), reason="整改")
    by, until = factories.member_of(provider), moments.today() + timedelta(days=100)
    keeping.add(by=by, kind="license", number="7", issuer="局", file=Scan(PAGE), valid_until=until)
    seen = []
    for left in (61, 60, 59, 31, 30, 29, 1, 0, -1):
        with moments.as_of(moments.now() + timedelta(days=100 - left)):
            tasks.notify_of_certificates(moments.today())
            seen.append(told_of_certificates(provider))
    assert seen == [0, 1, 1, 1, 2, 2, 2, 2, 2]


def test_a_certificate_that_is_replaced_put_away_or_of_no_provider_yet_is_not_told_of(who):
    provider = factories.AccreditedProvider()
    by, soon = factories.member_of(provider), moments.today() + timedelta(days=20)
    given = {"number": "7", "issuer": "局", "valid_until": soon}
    keeping.add(by=by, kind="registration", file=Scan(PAGE + b"2"), **given)  # it has one without a last day
    keeping.put_away(keeping.add(by=by, kind="license", file=Scan(PAGE), **given), by=by)
    waiting = registered(who)
    factories.PersonOf(role=Role.COORDINATOR, role__organization=waiting.organization)
    keeping.add(by=factories.member_of(waiting), kind="license", file=Scan(PAGE), **given)
    tasks.notify_of_certificates(moments.today())
    assert told_of_certificates(provider) == told_of_certificates(waiting) == 0


def test_what_was_asked_before_an_exit_is_not_asked_any_more_after_the_return(who):
    provider = factories.AccreditedProvider()
    Provider.objects.filter(pk=provider.pk).update(accredited_until=moments.today() + timedelta(days=20))
    accreditation.ask_renewal(provider, by=factories.member_of(provider))
    provider = standing.leave(provider, by=SYSTEM, reason="记录失实", until=moments.today())
    assert not provider.asks_renewal
    Provider.objects.filter(pk=provider.pk).update(renewal_asked_on=moments.today())
    provider = standing.readmit(provider, by=who("minzheng"), reason="期满")
    provider = accreditation.check_documents(provider, by=who("minzheng"), findings=all_right())
    until = moments.today() + timedelta(days=365)
    provider = accreditation.accredit(provider, by=who("minzheng2"), until=until)
    assert not provider.asks_renewal


def test_a_suspended_provider_asks_for_its_renewal_and_stays_suspended(who):
    provider = standing.suspend(factories.AccreditedProvider(), by=who("minzheng"), reason="整改")
    Provider.objects.filter(pk=provider.pk).update(accredited_until=moments.today() + timedelta(days=20))
    own, until = factories.member_of(provider), moments.today() + timedelta(days=900)
    provider = accreditation.ask_renewal(provider, by=own)
    wrong = all_right(certificates="许可证过期")
    provider = accreditation.return_renewal(provider, by=who("minzheng"), findings=wrong)
    provider = accreditation.ask_renewal(provider, by=own)
    provider = accreditation.check_again(provider, by=who("minzheng"), findings=all_right())
    provider = accreditation.extend(provider, by=who("minzheng2"), until=until)
    assert (provider.status, provider.accredited_until) == ("suspended", until)
    assert provider.standing_reason == "整改"


def known_body(**given) -> Organization:
    """A body that may supply, and is no provider yet."""
    values = {
        "kind": "body",
        "code": "body-known",
        "name": "江阴示例基金会",
        "may_supply": True,
        "credit_code": factories.new_credit_code(),
        "place": factories.town(),
        "phone": "0510-86000099",
        **given,
    }
    return Organization.objects.create(**values)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", "另一个名字"), ("phone", "0510-86000000"), ("place", "华士镇"), ("address", "别处 1 号")],
)
def test_what_is_typed_of_a_known_organization_and_is_known_otherwise_is_refused_at_its_field(
    who, field, typed
):
    body = known_body(address="示例路 1 号")
    given = {"name": body.name, "credit_code": body.credit_code, "place": body.place}
    given[field] = factories.town(typed) if field == "place" else typed
    with pytest.raises(Invalid) as refusal:
        registered(who, **given)
    assert list(refusal.value.fields) == [field]
    assert str(getattr(body, field)) in refusal.value.fields[field]
    assert not Provider.objects.filter(organization=body).exists()


def test_what_is_not_known_yet_of_a_known_organization_is_kept_and_a_closed_one_is_refused(who):
    body = known_body()
    given = {"name": body.name, "credit_code": body.credit_code, "place": None}
    registered(who, **given, address="示例路 3 号")
    body.refresh_from_db()
    assert (body.address, body.phone) == ("示例路 3 号", "0510-86000099")
    closed = known_body(code="body-closed", name="已撤的基金会")
    closing.close(closed, by=who("guanli"), reason="撤销")
    with pytest.raises(Invalid, match="已停用") as refusal:
        registered(who, name=closed.name, credit_code=closed.credit_code)
    assert "credit_code" in refusal.value.fields
    with pytest.raises(Invalid) as refusal:
        registered(who, place=None)
    assert "place" in refusal.value.fields


def test_only_towns_in_use_are_offered_and_those_that_are_served_already(who, client, client_of):
    provider = factories.AccreditedProvider()
    town = factories.town()
    old = Place.objects.create(kind=town.kind, code="320281999", name="旧镇", parent=town.parent)
    old = places.close(old, by=who("guanli"), reason="撤并")
    provider.serves.add(old)
    officer = client_of("minzheng").get("/providers/new/register/").context["form"]
    for form in (officer, JoinAsProvider()):
        form.prepare()
        for name in ("place", "serves"):
            assert old not in form.fields[name].queryset
    own = client_of(factories.user_of(provider).username)
    form = own.get(f"/providers/{provider.pk}/change-facts/").context["form"]
    assert old in form.fields["serves"].queryset
    other = factories.AccreditedProvider()
    form = client_of(factories.user_of(other).username).get(f"/providers/{other.pk}/change-facts/")
    assert old not in form.context["form"].fields["serves"].queryset


def test_an_organization_is_registered_once_by_two_at_the_same_moment(own_database):
    code, town = factories.new_credit_code(), factories.town()
    by = factories.actor("minzheng")

    def once():
        given = {"nature": "charity", "place": town, "serves": [town]}
        return accreditation.register(by=by, name="测试中心", credit_code=code, **given)

    def established():
        return bodies.establish(
            by=factories.actor("guanli"), kind="body", name="同码的部门", credit_code=code
        )

    assert refused(at_once([once, once, once, established]), Invalid) == 3
    assert Organization.objects.filter(credit_code=code).count() == 1


def test_a_body_has_a_duty_once_though_two_give_it_at_the_same_moment(own_database):
    body = Organization.objects.filter(kind="body", responsibilities=None)[0]
    by = factories.actor("minzheng")
    given = {"need_kind": "legal", "text": "法律援助", "basis": "S3", "valid_from": moments.today()}
    acts = [lambda: assigning.assign(by=by, organization=body, **given)] * 3
    assert refused(at_once(acts), Invalid) == 2
    assert body.responsibilities.filter(need_kind="legal").count() == 1
