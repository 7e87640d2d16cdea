"""Every address of the project, as every role and as nobody."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from contracts.contracts.models import Contract
from demo.accounts import accounts
from foundation.inbox.models import Notice
from foundation.permissions import NOBODY
from foundation.roles import PEOPLE, Role
from households.register.models import Household
from marketplace.permissions_table import METHODS, Address
from organizations.people.models import User
from referrals.matters.models import Matter
from referrals.offers.models import Referral
from tests.access.addresses import ADDRESSES
from tests.accounts import USERS

pytestmark = pytest.mark.story

EVERYBODY = (NOBODY, *PEOPLE)

#: What the guard says in the API, other than a action that finds the second person missing.
GUARD = "您的身份不能使用这个地址"

#: Addresses that end the session of whoever asks, or give it another key, which is rolled back.
ENDS_THE_SESSION = ("/sign-out/", "/api/v1/sign-out", "/account/security/opened/end-others/")


def ask(client: Client, address: Address, path: str, method: str):
    send = getattr(client, method.lower())
    with transaction.atomic():
        savepoint = transaction.savepoint()
        if method == "GET":
            answer = send(path)
        elif path.startswith("/api/"):
            answer = send(path, data=json.dumps({}), content_type="application/json")
        else:
            answer = send(path, data={})
        transaction.savepoint_rollback(savepoint)
    return answer


def test_every_address_declares_who_may_use_it():
    silent = [address.route for address in ADDRESSES if address.access is None]
    assert silent == []


def test_an_address_answers_exactly_the_methods_it_declares():
    for address in ADDRESSES:
        declared = {name for name, _roles in address.access.methods}
        assert declared == set(address.methods), address.route


def test_no_address_is_declared_for_nobody_at_all():
    for address in ADDRESSES:
        for method, roles in address.access.methods:
            assert roles, (address.route, method)
            assert Role.SYSTEM not in roles, (address.route, method)


@pytest.mark.parametrize("person", EVERYBODY)
def test_everybody_is_admitted_exactly_where_the_table_says(person, example):
    client, username = browser_of(person)
    wrong: list[str] = []
    for address in ADDRESSES:
        path = example(address.route, username)
        for method in address.methods:
            answer = ask(client, address, path, method)
            admitted = address.access.allows(method, None if person == NOBODY else person)
            verdict = _verdict(address, answer, admitted, person)
            if verdict:
                wrong.append(f"{method} {path} as {person}: {answer.status_code} {verdict}")
            if path in ENDS_THE_SESSION and username:
                client.force_login(User.objects.get(username=username))
    assert wrong == []


@pytest.mark.parametrize("person", [NOBODY, Role.HOUSEHOLD, Role.CIVIL_AFFAIRS])
def test_a_method_that_an_address_does_not_declare_is_refused_whoever_asks(person, example):
    client, username = browser_of(person)
    wrong: list[str] = []
    for address in ADDRESSES:
        path = example(address.route, username)
        for method in set(METHODS) - set(address.methods):
            answer = ask(client, address, path, method)
            if answer.status_code not in (401, 403, 405) and not _leads_to_sign_in(answer):
                wrong.append(f"{method} {path} as {person}: {answer.status_code} should not be a method here")
    assert wrong == []


def browser_of(person: str) -> tuple[Client, str | None]:
    """A client of a role's demo person, and the user name; of nobody without one."""
    client = Client()
    if person == NOBODY:
        return client, None
    client.force_login(User.objects.get(username=USERS[person]))
    return client, USERS[person]


def _verdict(address: Address, answer, admitted: bool, person: str) -> str:
    """Empty where the answer is as the table says."""
    code, to_sign_in = answer.status_code, _leads_to_sign_in(answer)
    if code >= 500:
        return "is a fault"
    if admitted:
        by_the_verb = code == 403 and b"/problems/not-yours" in answer.content
        by_the_guard = code == 403 and (not by_the_verb or GUARD in answer.content.decode())
        return "was refused" if code in (401, 405) or by_the_guard or to_sign_in else ""
    if person == NOBODY:
        if address.route.startswith("/api/"):
            return "" if code == 401 else "should ask to sign in"
        return "" if to_sign_in else "should lead to the sign-in page"
    return "" if code == 403 else "should be refused"


def _leads_to_sign_in(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(f"/{settings.LOGIN_URL}/")


def test_an_object_of_another_town_or_provider_is_not_there(client_of, who):
    window, provider = who("chuangkou"), who("jigou")
    elsewhere = Matter.objects.exclude(town_id=window.place_id).first()
    foreign = Referral.objects.exclude(provider__organization_id=provider.organization_id).first()
    contract = Contract.objects.exclude(provider__organization_id=provider.organization_id).first()
    for username, path in (
        ("chuangkou", elsewhere.get_absolute_url()),
        ("chuangkou", f"/api/v1/matters/{elsewhere.number}"),
        ("chuangkou", f"/households/{elsewhere.household.number}/"),
        ("jigou", foreign.get_absolute_url()),
        ("jigou", f"/api/v1/referrals/{foreign.number}"),
        ("jigou", contract.get_absolute_url()),
        ("jigou", f"/referrals/{foreign.number}/accept/"),
        ("shegong", foreign.get_absolute_url()),
    ):
        assert client_of(username).get(path).status_code == 404, path


def test_a_move_on_an_invisible_object_is_not_there_either(client_of, who):
    provider = who("jigou")
    foreign = Referral.objects.exclude(provider__organization_id=provider.organization_id).first()
    answer = client_of("jigou").post(f"/referrals/{foreign.number}/accept/", {})
    assert answer.status_code == 404
    answer = client_of("jigou").post(
        f"/api/v1/referrals/{foreign.number}/accept", "{}", content_type="application/json"
    )
    assert answer.status_code == 404


def test_a_household_sees_its_own_case_only(client_of):
    client = client_of("jiating")
    own = Household.objects.get(accounts__user__username="jiating")
    other = Household.objects.exclude(pk=own.pk).first()
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get("/households/").status_code == 403


def test_an_account_without_a_role_gets_nowhere(client_of):
    user = User.objects.create(username="nobody-special", full_name="无身份")
    client = Client()
    client.force_login(user)
    assert client.get("/workbench/").status_code == 403
    assert client.get("/api/v1/matters").status_code == 403
    assert client.get("/").status_code == 200


def test_a_role_that_has_ended_admits_no_more(client_of):
    user = User.objects.get(username="caizheng")
    user.memberships.update(valid_to="2020-01-01")
    assert client_of("caizheng").get("/budgets/").status_code == 403


def test_a_person_with_two_roles_acts_in_the_chosen_one(client_of):
    user = User.objects.get(username="bumen")
    audit = User.objects.get(username="shenji").memberships.get()
    second = user.memberships.create(
        role=Role.AUDITOR, organization=audit.organization, valid_from="2020-01-01"
    )
    client = client_of("bumen")
    assert client.get("/journal/").status_code == 403
    assert client.post("/switch/role/", {"membership": second.pk}).status_code == 302
    assert client.get("/journal/").status_code == 200
    assert client.get("/budgets/").status_code == 200
    assert client.post("/switch/role/", {"membership": audit.pk}).status_code == 404


def test_a_notice_reaches_its_people_only(who):
    referral = Referral.objects.filter(status="offered").first()
    notice = Notice.objects.filter(object_id=referral.pk, lifecycle="referrals.Referral").first()
    own = [account for account in accounts() if account["role"] == "coordinator"]
    sees = [
        row["username"]
        for row in own
        if Notice.objects.visible_to(who(row["username"])).filter(pk=notice.pk).exists()
    ]
    assert len(sees) == 1
