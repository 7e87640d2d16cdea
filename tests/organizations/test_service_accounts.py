"""Programs act with a token of their own: shown once, within a scope, dead with what it hangs on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from rest_framework.test import APIClient

from demo.accounts import PASSWORD as DEMO_PASSWORD
from foundation import moments
from foundation.documents import making
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.refusals import Invalid
from foundation.rules import changing
from organizations.people import ending
from organizations.people.models import Membership, User
from organizations.service_accounts import bearing, issuing
from organizations.service_accounts.models import ServiceAccount
from organizations.signing_in import everywhere, known
from tests import factories
from tests.factories import actor
from tests.marketplace.problems import problem


def issued(
    username: str = "bumen", *, parts=("referrals", "organizations"), acts=False, days=30
) -> ServiceAccount:
    return issuing.issue(
        by=actor(username),
        name="省平台",
        purpose="取转办的需求",
        parts=parts,
        acts=acts,
        expires_on=moments.today() + timedelta(days=days),
    )


def program(account: ServiceAccount, text: str = "") -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {text or account.text}")
    return api


def test_a_program_acts_in_the_membership_of_its_maker_and_under_its_own_name():
    account = issued(acts=True)
    api = program(account)
    (own,) = api.get("/api/v1/me").json()
    assert own["id"] == account.membership_id
    assert api.get("/api/v1/needs").status_code == 200
    assert "令牌" not in str(api.get("/api/v1/needs").json())
    account = issued("minzheng", acts=True)
    body = {
        "organization": account.membership.organization_id,
        "need_kind": "legal",
        "text": "法律援助",
        "basis": "测试",
        "valid_from": moments.today().isoformat(),
    }
    answer = program(account).post("/api/v1/duties/assign", body, format="json")
    assert answer.status_code == 201, answer.json()
    entry = Entry.objects.get(lifecycle="organizations.Responsibility", object_id=answer.json()["id"])
    person = account.membership.user
    assert (entry.actor_id, entry.actor_name) == (person.pk, f"{person.full_name}\uff08省平台\uff09")


def test_lists_about_all_packages_tell_a_program_of_its_own_parts_alone():
    """The journal, the register of overdue, notices, and what is asked of an object by its label."""
    matter = factories.AcceptedMatter()
    household, town = matter.household, actor("minzheng")
    changing.propose(by=town, rule="people.emergency", value={"waits": 30, "lasts": 30}, note="试行")
    about_rules, about_all = (
        program(issued("minzheng", parts=parts))
        for parts in (("foundation",), ("foundation", "households", "referrals"))
    )

    def kinds(client):
        found = client.get("/api/v1/journal?page_size=200").json()["results"]
        return {one["lifecycle"].partition(".")[0] for one in found}

    assert kinds(about_rules) == {"foundation"}
    assert {"households", "referrals"} <= kinds(about_all)
    assert "organizations" not in kinds(about_all)
    keys = [one["id"] for one in about_rules.get("/api/v1/notices?page_size=200").json()["results"]]
    told = Notice.objects.filter(pk__in=keys).values_list("lifecycle", flat=True)
    assert {label.partition(".")[0] for label in told} <= {"foundation"}
    for path, status in (
        (f"/api/v1/clocks/{matter._meta.label}/{matter.pk}", 403),
        ("/api/v1/overdue", 200),
        ("/api/v1/moved-deadlines", 200),
    ):
        assert about_rules.get(path).status_code == status, path
        assert about_all.get(path).status_code == 200, path
    slip = making.request(making.KINDS["acceptance-slip"], matter, by=factories.window_of(matter.town))
    path = f"/api/v1/documents/{slip.code}"
    assert about_rules.get(path).status_code == 404
    acts = program(issued("minzheng", parts=("foundation",), acts=True))
    looked = {"reason": "核对救助对象身份"}
    path = f"/api/v1/reveal/{household._meta.label}/{household.pk}/phone"
    assert acts.post(path, looked, format="json").status_code == 403
    assert acts.post(f"/api/v1/documents/acceptance-slip/{matter._meta.label}/{matter.pk}").status_code == 403


def test_what_lies_outside_of_its_scope_is_refused():
    reads = program(issued("minzheng", parts=("organizations",)))
    assert reads.get("/api/v1/duties").status_code == 200
    for address in (
        "/api/v1/needs",
        "/api/v1/households",
        "/api/v1/journal",
        "/api/v1/tokens",
        "/api/v1/contracts",
    ):
        problem(reads.get(address), 403, "not-yours")
    problem(reads.post("/api/v1/duties/assign", {}, format="json"), 403, "not-yours")
    problem(reads.post("/api/v1/sign-out"), 403, "not-yours")
    acts = program(issued("minzheng", parts=("organizations",), acts=True))
    problem(acts.post("/api/v1/duties/assign", {}, format="json"), 400, "invalid")
    problem(acts.post("/api/v1/sign-out"), 403, "not-yours")
    for part in ("organizations", "households", "contracts", "referrals", "foundation"):
        account = issued("minzheng", parts=(part,))
        assert program(account).get("/api/v1/service-accounts").status_code == (
            200 if part == "organizations" else 403
        )


@pytest.mark.parametrize(
    ("acts", "address", "said"),
    [
        (True, "memberships/give", "只由人登录后办理"),
        (False, "memberships/give", "只由人登录后办理"),
        (True, "emergencies/5/allow", "只由人登录后办理"),
        (True, "sign-out", "只能本人登录后用"),
        (True, "needs/5/findings", "不包括"),
        (False, "duties/assign", "只能读取"),
    ],
)
def test_a_program_is_told_why_something_is_beyond_it(acts, address, said):
    account = issued("minzheng", parts=("organizations",), acts=acts)
    answer = program(account).post(f"/api/v1/{address}", {}, format="json")
    problem(answer, 403, "not-yours")
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("part", "status"), [("foundation", 200), ("households", 403), ("organizations", 403)]
)
def test_the_steps_of_setting_up_are_of_the_part_of_the_city(part, status):
    account = issued("minzheng", parts=(part,))
    assert program(account).get("/api/v1/setup").status_code == status


def test_no_program_reaches_the_account_of_its_maker_whatever_its_scope():
    parts = ("organizations", "foundation", "referrals", "households", "catalog", "contracts")
    acts = program(issued("minzheng", parts=parts, acts=True))
    for address in ("factors", "sign-ins", "connections", "tokens"):
        problem(acts.get(f"/api/v1/{address}"), 403, "not-yours")
    for address in (
        "factors/offer-app",
        "factors/renew-codes",
        "sign-ins/end-all",
        "tokens/0123456789abcdef/revoke",
    ):
        problem(acts.post(f"/api/v1/{address}", {}, format="json"), 403, "not-yours")
    for address in ("emergencies/ask", "service-accounts/issue", "invitations/invite", "memberships/give"):
        problem(acts.post(f"/api/v1/{address}", {}, format="json"), 403, "not-yours")
    assert acts.get("/api/v1/emergencies").status_code == 200


def test_parts_of_an_object_are_of_the_package_of_the_whole():
    address = f"/api/v1/households/{factories.AcceptedMatter().household.number}/members"
    assert program(issued("minzheng", parts=("households",))).get(address).status_code == 200
    problem(program(issued("minzheng", parts=("referrals",))).get(address), 403, "not-yours")


def test_a_program_never_acts_in_another_membership():
    account = issued()
    other = Membership.objects.exclude(user=account.membership.user).first()
    assert (
        program(account).get("/api/v1/me", headers={"X-Membership": str(account.membership_id)}).status_code
        == 200
    )
    for asked in (str(other.pk), "x", "", "0"):
        problem(program(account).get("/api/v1/me", headers={"X-Membership": asked}), 403, "not-yours")


def change_the_password(account: ServiceAccount) -> None:
    User.objects.filter(pk=account.membership.user_id).update(password=make_password("another-long-one-9"))


def end_the_membership(account: ServiceAccount) -> None:
    yesterday = moments.today() - timedelta(days=1)
    Membership.objects.filter(pk=account.membership_id).update(valid_to=yesterday)


def close_the_account(account: ServiceAccount) -> None:
    User.objects.filter(pk=account.membership.user_id).update(is_active=False)


def revoke(account: ServiceAccount) -> None:
    issuing.revoke(account, by=actor("minzheng"), reason="不再使用")


@pytest.mark.parametrize("end", [change_the_password, end_the_membership, close_the_account, revoke])
def test_a_token_is_dead_with_what_it_hangs_on(end):
    account, other = issued(), issued("caizheng", parts=("contracts",))
    header = f"Bearer {account.text}"
    assert program(account).get("/api/v1/me").status_code == 200
    assert known.signed_in("", header)
    end(account)
    answer = program(account).get("/api/v1/me")
    problem(answer, 401, "sign-in")
    assert not known.signed_in("", header)
    assert program(other).get("/api/v1/me").status_code == 200


def sign_out_everywhere(account: ServiceAccount) -> None:
    everywhere.sign_out(account.membership.user)


def give_another_password(account: ServiceAccount) -> None:
    browser = Client()
    browser.force_login(account.membership.user)
    given = {
        "old_password": DEMO_PASSWORD,
        "new_password1": "yi-ju-xin-mima-8",
        "new_password2": "yi-ju-xin-mima-8",
    }
    assert browser.post("/password/", given).status_code == 302


def end_it_by_its_action(account: ServiceAccount) -> None:
    factories.PersonOf(role="handler", role__organization=account.membership.organization)
    other = Membership.objects.latest("pk")
    ending.end(account.membership, by=actor("guanli"), colleague=other, reason="调离")


@pytest.mark.parametrize("end", [sign_out_everywhere, give_another_password, end_it_by_its_action])
def test_whoever_reads_the_list_sees_at_once_that_a_token_is_dead(end):
    account, other = issued(), issued("caizheng", parts=("contracts",))
    end(account)
    account.refresh_from_db()
    other.refresh_from_db()
    assert (account.status, other.status) == ("lapsed", "in_use")
    told = Notice.objects.filter(lifecycle="organizations.ServiceAccount", object_id=account.pk)
    assert told.filter(texts__icontains="令牌失效").exists()


def test_what_died_past_the_product_is_told_in_the_night():
    account = issued()
    change_the_password(account)
    issuing.follow_the_day()
    account.refresh_from_db()
    assert account.status == "lapsed"


def test_a_token_ends_with_its_last_day_whether_or_not_anything_has_run():
    account = issued(days=3)
    with moments.as_of(moments.now() + timedelta(days=3)):
        assert program(account).get("/api/v1/me").status_code == 200
    with moments.as_of(moments.now() + timedelta(days=4)):
        problem(program(account).get("/api/v1/me"), 401, "sign-in")
        issuing.follow_the_day()
        account.refresh_from_db()
        assert account.status == "expired"
        issuing.follow_the_day()
    told = Notice.objects.filter(lifecycle="organizations.ServiceAccount", object_id=account.pk)
    assert told.filter(texts__icontains="令牌到期").count() == 1


def test_its_end_is_told_some_days_before():
    account = issued(days=20)
    found = Notice.objects.filter(lifecycle="organizations.ServiceAccount", object_id=account.pk)
    issuing.follow_the_day()
    assert not found.exists()
    with moments.as_of(moments.now() + timedelta(days=6)):
        issuing.follow_the_day()
    assert found.get(role="handler").organization_id == account.membership.organization_id


@pytest.mark.parametrize("days", [-1, 367])
def test_no_token_is_valid_for_ever_or_for_days_that_have_passed(days):
    with pytest.raises(Invalid) as refused:
        issued(days=days)
    assert "expires_on" in refused.value.fields
    assert not ServiceAccount.objects.exists()


FORM = {"name": "工单系统", "purpose": "取工单", "parts": ["referrals"], "acts": "on", "key": "once"}


def test_the_page_shows_the_token_once(client_of):
    client = client_of("rexian")
    given = FORM | {"expires_on": (moments.today() + timedelta(days=9)).isoformat()}
    first, again = (client.post("/service-accounts/new/issue/", given) for _ in range(2))
    account = ServiceAccount.objects.get()
    (text,) = bearing.TOKEN.findall(first.content.decode())
    assert "no-store" in first["Cache-Control"]
    assert account.digest == bearing.digest_of(text)
    assert program(account, text).get("/api/v1/me").status_code == 200
    for page in (
        again,
        client.get(account.get_absolute_url()),
        client.get("/service-accounts/"),
        client.get("/journal/"),
    ):
        assert text not in page.content.decode()
        assert account.digest not in page.content.decode()
    assert not Entry.objects.filter(
        lifecycle="organizations.ServiceAccount", after__has_key="digest"
    ).exists()


def test_the_api_shows_the_token_once(api_of):
    body = {
        "name": "财政一体化",
        "purpose": "支付",
        "parts": ["contracts"],
        "acts": False,
        "expires_on": (moments.today() + timedelta(days=9)).isoformat(),
    }
    api = api_of("caizheng")
    answers = [
        api.post("/api/v1/service-accounts/issue", body, format="json", headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    first, again = (answer.json() for answer in answers)
    assert (answers[0].status_code, first["id"]) == (201, again["id"])
    assert bearing.TOKEN.fullmatch(first["token"])
    assert again["token"] == ""
    (row,) = api.get("/api/v1/service-accounts").json()["results"]
    assert (row["token"], row["name"]) == ("", "财政一体化")
    assert "digest" not in row
    problem(api.post(f"/api/v1/service-accounts/{first['id']}/revoke", {}, format="json"), 400, "invalid")
    done = api.post(f"/api/v1/service-accounts/{first['id']}/revoke", {"reason": "停用"}, format="json")
    assert done.json()["status"] == "revoked"


def test_colleagues_and_oversight_see_it_and_strangers_do_not(client_of):
    account = issued("bumen")
    address = account.get_absolute_url()
    for username, code in (
        ("bumen", 200),
        ("minzheng", 200),
        ("shenji", 200),
        ("bumen2", 404),
        ("jigou", 404),
        ("chuangkou", 403),
        ("jiating", 403),
    ):
        assert client_of(username).get(address).status_code == code, username
    page = client_of("shenji").get(address).content.decode()
    assert "revoke/" not in page
    assert client_of("bumen2").post(f"{address}revoke/", {"reason": "x"}).status_code == 404


def test_wrong_fields_are_told_and_nothing_is_issued(client_of):
    client = client_of("bumen")
    wrong = client.post(
        "/service-accounts/new/issue/",
        {"name": "", "purpose": "x" * 300, "parts": ["x"], "expires_on": "32.1."},
    )
    assert wrong.status_code == 422
    assert "x" * 300 in wrong.content.decode()
    assert not ServiceAccount.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "liandong_", "x" * 52, "liandong_" + "\u00e4" * 43, "liandong_" + "a" * 43, "Bearer"]
)
def test_what_is_no_token_of_ours_opens_nothing(text):
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {text}".encode().decode("latin-1"))
    answer = api.get("/api/v1/me")
    problem(answer, 401, "sign-in")


def test_its_use_is_written_down_once_a_minute(django_assert_num_queries):
    account = issued()
    api = program(account)
    api.get("/api/v1/me")
    account.refresh_from_db()
    first = account.last_used_at
    assert first is not None
    with django_assert_num_queries(2):
        api.get("/api/v1/me")
    with moments.as_of(moments.now() + timedelta(minutes=2)):
        api.get("/api/v1/me")
    account.refresh_from_db()
    assert account.last_used_at > first


def test_a_page_is_not_opened_by_a_token():
    client = Client(headers={"Authorization": f"Bearer {issued('minzheng').text}"})
    assert client.get("/workbench/").status_code == 302
