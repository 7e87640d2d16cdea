"""An organization joins by itself: telephone, facts and account, then documents, then it waits for civil affairs."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from demo.starter.provider_documents import PAGE
from foundation.journal.models import Entry
from foundation.messaging.codes import MOST_AN_HOUR
from foundation.refusals import Invalid
from foundation.roles import Role
from foundation.work_items.models import WorkItem
from organizations.bodies.models import Organization
from organizations.people import ending
from organizations.people.models import User
from organizations.providers import joining
from organizations.providers.models import Provider
from tests import factories
from tests.racing import at_once, refused

PHONE, PASSWORD = "13912345678", "yi-ju-chang-mima-7"


def facts(**given):
    return {
        "name": "江阴新来社工服务中心",
        "credit_code": factories.new_credit_code(),
        "nature": "social_work_agency",
        "legal_representative": "王某某",
        "place": factories.town().pk,
        "serves": [factories.town().pk],
        "phone": "0510-86001234",
        "address": "示例路 9 号",
        "services": "上门探访",
        "full_name": "李某",
        "username": "xinlai",
        "password": PASSWORD,
        "again": PASSWORD,
        **given,
    }


def proved(client: Client, phone: str = PHONE) -> Client:
    client.post("/providers/join/", {"phone": phone})
    code = client.get("/providers/join/code/").context["shown"]
    assert client.post("/providers/join/code/", {"code": code})["Location"] == "/providers/join/form/"
    return client


def test_a_stranger_registers_completes_and_hands_in_and_civil_affairs_is_awaited(client):
    answer = proved(client).post("/providers/join/form/", facts())
    assert answer.status_code == 302, answer.content.decode()
    provider = Provider.objects.get(organization__name="江阴新来社工服务中心")
    person = User.objects.get(username="xinlai")
    assert provider.status == "preparing"
    held = person.memberships.values_list("role", "organization")
    assert set(held) == {
        ("coordinator", provider.organization_id),
        ("staff_manager", provider.organization_id),
    }
    assert person.phone.plain() == PHONE
    assert Entry.objects.get(lifecycle="organizations.Provider", object_id=provider.pk).actor_id == person.pk
    page = client.get("/providers/own/", follow=True)
    for words in ("材料准备中", "还缺：对公账户、有效的登记证书", "上传证书", "填写资料"):
        assert words in page.content.decode(), words
    here = f"/providers/{provider.pk}"
    filled = {**facts(), "bank_name": "示例银行", "bank_account": "6222 0000 1111 2222", "key": "1"}
    names = ("name", "nature", "legal_representative", "phone", "address", "serves", "services")
    sent = {name: filled[name] for name in (*names, "bank_name", "bank_account", "key")}
    assert client.post(f"{here}/fill-in/", sent).status_code == 302
    file = SimpleUploadedFile("a.pdf", PAGE)
    given = {"kind": "registration", "number": "7", "issuer": "民政局", "file": file, "key": "2"}
    assert client.post("/certificates/new/add/", given).status_code == 302
    yearly = {"year": 2025, "result": "passed", "key": "3"}
    assert client.post("/yearly-checks/new/state/", yearly).status_code == 302
    assert client.post(f"{here}/hand-in/", {"key": "4"}).status_code == 302
    provider.refresh_from_db()
    assert (provider.status, str(provider.bank_account)) == ("registered", "************2222")
    rows = WorkItem.objects.filter(lifecycle="organizations.Provider", object_id=provider.pk)
    assert rows.get(role="civil_affairs").step == "check_documents"


def test_a_credit_code_that_is_known_is_refused_at_its_field_and_nothing_is_kept_or_lost(client):
    known = factories.AccreditedProvider(name="早已在此的机构")
    typed = facts(credit_code=known.organization.credit_code)
    answer = proved(client).post("/providers/join/form/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这个统一社会信用代码已经登记" in page
    assert "早已在此的机构" not in page
    assert "江阴新来社工服务中心" in page
    assert not User.objects.filter(username="xinlai").exists()


@pytest.mark.parametrize(
    "wrong,words",
    [
        ({"credit_code": "52320281MJT0000019"}, "校验不通过"),
        ({"password": "123", "again": "123"}, "密码"),
        ({"again": "another-password-8"}, "两次输入的密码不一样"),
        ({"username": "minzheng"}, "已有人用"),
        ({"serves": []}, "请选择"),
        ({"phone": "12"}, "11 位手机号"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(client, wrong, words):
    answer = proved(client).post("/providers/join/form/", facts(**wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Organization.objects.filter(name="江阴新来社工服务中心").exists()


def test_nobody_comes_to_the_form_without_the_code(client):
    assert client.get("/providers/join/form/")["Location"] == "/providers/join/"
    client.post("/providers/join/", {"phone": PHONE})
    assert client.post("/providers/join/code/", {"code": "x"}).status_code == 422
    assert client.get("/providers/join/form/")["Location"] == "/providers/join/"
    assert client.post("/providers/join/form/", facts()).status_code == 422
    assert not Organization.objects.filter(name="江阴新来社工服务中心").exists()


def test_the_proof_of_another_trip_is_none_here(client):
    client.post("/apply/", {"phone": PHONE})
    code = client.get("/apply/code/").context["shown"]
    client.post("/apply/code/", {"code": code})
    assert client.get("/providers/join/form/")["Location"] == "/providers/join/"


def test_what_is_typed_is_kept_but_for_the_password(client):
    key = proved(client).get("/providers/join/form/").context["key"]
    kept = client.post("/providers/join/keep/", {**facts(), "key": key})
    assert kept.status_code == 200
    form = client.get("/providers/join/form/").context["form"]
    assert form["name"].value() == "江阴新来社工服务中心"
    assert form["serves"].value() == [str(factories.town().pk)]
    assert form["password"].value() is None


def test_strangers_are_limited_and_told_when_to_come_again(client):
    for _time in range(MOST_AN_HOUR):
        assert client.post("/providers/join/", {"phone": PHONE}).status_code == 302
    answer = client.post("/providers/join/", {"phone": PHONE})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "RateLimit" in answer


def test_a_program_joins_in_two_calls():
    api = APIClient()
    sent = api.post("/api/v1/providers/join-code", {"phone": PHONE}, format="json").json()
    body = facts(mobile=PHONE, asker=sent["asker"], code="000000")
    del body["again"]
    wrong = api.post("/api/v1/providers/join", body, format="json")
    assert wrong.status_code == 400
    assert "code" in wrong.json()["errors"]
    made = api.post("/api/v1/providers/join", {**body, "code": sent["shown"]}, format="json")
    assert made.status_code == 201, made.content
    assert Provider.objects.get(pk=made.json()["provider"]).status == "preparing"
    given = {"username": "xinlai", "password": PASSWORD}
    token = api.post("/api/v1/sign-in", given, format="json").json()["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    told = api.post(f"/api/v1/providers/{made.json()['provider']}/hand_in", {}, format="json")
    assert told.status_code in (409, 422)
    assert "有效的登记证书" in told.content.decode()


def test_a_joining_that_is_refused_leaves_the_code_for_the_next_try():
    api = APIClient()
    known = Organization.objects.filter(credit_code__gt="").first().credit_code
    sent = api.post("/api/v1/providers/join-code", {"phone": PHONE}, format="json").json()
    body = facts(mobile=PHONE, asker=sent["asker"], code=sent["shown"])
    del body["again"]
    taken = api.post("/api/v1/providers/join", {**body, "credit_code": known}, format="json")
    assert (taken.status_code, list(taken.json()["errors"])) == (400, ["credit_code"]), taken.content
    made = api.post("/api/v1/providers/join", body, format="json")
    assert made.status_code == 201, made.content
    again = api.post("/api/v1/providers/join", {**body, "username": "xinlai-3"}, format="json")
    assert list(again.json()["errors"]) == ["code"]


def test_whoever_registers_takes_the_telephone_from_an_account_that_holds_nothing(client):
    former = factories.PersonOf(role=Role.HOTLINE)
    former.phone = PHONE
    former.save()
    ending.end(former.memberships.get(), by=factories.actor("guanli"), reason="离职")
    town = factories.town()
    given = facts(username="hotliner", place=town, serves=[town])
    del given["again"]
    joining.join(mobile=PHONE, **given)
    former.refresh_from_db()
    assert not former.phone
    assert User.objects.get(username="hotliner").phone.plain() == PHONE


def test_the_same_organization_is_registered_once_at_once(own_database):
    code, town = factories.new_credit_code(), factories.town()

    def join(number: int):
        given = facts(credit_code=code, username=f"zhuce{number}", place=town, serves=[town])
        del given["again"]
        return joining.join(mobile=PHONE, **given)

    assert refused(at_once([lambda n=n: join(n) for n in range(4)]), Invalid) == 3
    assert Organization.objects.filter(credit_code=code).count() == 1
    assert User.objects.filter(username__startswith="zhuce").count() == 1
