"""Telephone and mail address of an account: entered later, changed, taken away, by its person or an administrator."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from demo.accounts import PASSWORD
from foundation import moments
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.messaging.models import Message
from foundation.roles import Role
from organizations.contacts import keeping
from organizations.invitations import forgetting
from organizations.invitations.models import Invitation
from organizations.people.models import User
from tests.accounts import USERS
from tests.factories import actor

API = "/api/v1"
OWN = "/account/contact/"
OLD, NEW = "13800001111", "13900002222"


@pytest.fixture
def person() -> User:
    """Somebody with a telephone and a mail address."""
    found = User.objects.get(username="shenji")
    found.phone, found.email = OLD, "old@example.org"
    found.save()
    return found


def signed_in(username: str = "shenji") -> Client:
    client = Client()
    assert client.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


def registered(username: str = "shenji") -> tuple[str, str]:
    found = User.objects.get(username=username)
    return found.phone.plain() if found.phone else "", found.email


def told() -> set[str]:
    return {message.to.plain() for message in Message.objects.filter(about="sign-in:contact")}


def test_whoever_joined_by_a_letter_enters_an_address_and_gets_the_mail_of_a_forgotten_password(settings):
    settings.EMAIL_HOST = "mail.test"
    User.objects.filter(username="shenji").update(phone=None, email="")
    client = signed_in()
    assert OWN in client.get("/workbench/").content.decode()
    assert client.post(OWN, {"phone": "139 0000 2222", "email": "own@example.org"}).status_code == 302
    assert registered() == (NEW, "own@example.org")
    assert told() == set()  # nothing was registered before
    forgetting.ask("shenji", "own@example.org", address="192.0.2.1")
    assert Invitation.objects.get(purpose="password").user.username == "shenji"


def test_the_page_masks_the_number_and_what_is_not_touched_stays(person):
    client = signed_in()
    page = client.get(OWN).content.decode()
    assert OLD not in page
    (masked,) = re.findall(r'name="phone" value="([^"]+)"', page)
    assert client.post(OWN, {"phone": masked, "email": "new@example.org"}).status_code == 302
    assert registered() == (OLD, "new@example.org")
    assert client.post(OWN, {"phone": "", "email": ""}).status_code == 302
    assert registered() == ("", "")


def test_those_of_before_are_told_and_the_journal_has_no_number(person):
    signed_in().post(OWN, {"phone": NEW, "email": "new@example.org"})
    assert told() == {OLD, "old@example.org"}
    text = Message.objects.filter(about="sign-in:contact").first().text
    assert "手机、邮箱已改" in text
    assert Notice.objects.filter(user_id=person.pk, texts__icontains="手机、邮箱已改").exists()
    entry = Entry.objects.get(move="change_contact")
    assert (entry.object_id, entry.reason) == (person.pk, "手机、邮箱")
    written = f"{entry.before} {entry.after} {entry.reason}"
    assert not any(part in written for part in (NEW, OLD, "example.org"))


def test_nothing_is_told_or_written_where_nothing_changes(person):
    keeping.change(person, by=actor("shenji"), phone=OLD, email="old@example.org")
    assert told() == set()
    assert not Entry.objects.filter(move="change_contact").exists()


@pytest.mark.parametrize(
    "wrong", [{"phone": "0510-86860000"}, {"phone": "1380000"}, {"phone": "***"}, {"email": "no address"}]
)
def test_what_is_no_mobile_or_no_address_is_told_at_its_field(person, wrong):
    given = {"phone": NEW, "email": "new@example.org", **wrong}
    answer = signed_in().post(OWN, given)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)
    assert registered() == (OLD, "old@example.org")


@pytest.mark.parametrize(("field", "value"), (("phone", NEW), ("email", "Other@Example.org")))
def test_nobody_registers_what_another_account_has(person, field, value):
    other = User.objects.get(username="bumen")
    other.phone, other.email = NEW, "other@example.org"
    other.save()
    answer = signed_in().post(OWN, {"phone": OLD, "email": "old@example.org", field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert registered() == (OLD, "old@example.org")


def test_later_the_password_is_asked(person):
    client = signed_in()
    given = {"phone": NEW, "email": ""}
    with time_machine.travel(moments.now() + timedelta(minutes=11), tick=False):
        assert client.post(OWN, given).status_code == 422
        assert client.post(OWN, {**given, "password": "wrong"}).status_code == 422
        assert registered() == (OLD, "old@example.org")
        assert client.post(OWN, {**given, "password": PASSWORD}).status_code == 302
    assert registered() == (NEW, "")


def test_a_program_of_the_person_changes_what_it_names_with_the_password(person, api_of):
    client = api_of("shenji")
    assert client.get(f"{API}/contact").json() == {"phone": str(person.phone), "email": "old@example.org"}
    answer = client.post(f"{API}/contact", {"phone": NEW}, format="json")
    assert answer.status_code == 400
    answer = client.post(f"{API}/contact", {"phone": NEW, "password": "wrong"}, format="json")
    assert (answer.status_code, "password" in answer.content.decode()) == (400, True)
    assert registered() == (OLD, "old@example.org")
    answer = client.post(f"{API}/contact", {"phone": NEW, "password": PASSWORD}, format="json")
    assert answer.json()["email"] == "old@example.org"
    assert NEW not in answer.content.decode()
    assert registered() == (NEW, "old@example.org")
    client.post(f"{API}/contact", {"email": None, "password": PASSWORD}, format="json")
    assert registered() == (NEW, "")


def test_an_administrator_enters_them_for_somebody_with_the_reason(person, client_of):
    path = f"/people/{person.pk}/contact/"
    admin = client_of("guanli")
    assert path in admin.get(f"/people/{person.pk}/").content.decode()
    assert OLD not in admin.get(path).content.decode()
    given = {"phone": NEW, "email": "old@example.org"}
    assert admin.post(path, given).status_code == 422
    assert registered() == (OLD, "old@example.org")
    assert admin.post(path, {**given, "reason": "持工作证到场"}).status_code == 302
    assert registered() == (NEW, "old@example.org")
    assert told() == {OLD, "old@example.org"}
    entry = Entry.objects.get(move="help_with_contact")
    assert (entry.object_id, entry.reason) == (person.pk, "手机：持工作证到场")


def test_nobody_helps_himself_there_or_somebody_whom_he_may_not(person, client_of, api_of):
    own = User.objects.get(username="guanli")
    given = {"phone": NEW, "email": "", "reason": "换了号码"}
    path = f"/people/{own.pk}/contact/"
    assert client_of("guanli").get(path).status_code == 200
    assert client_of("guanli").post(path, given).status_code == 422
    assert registered("guanli")[0] != NEW
    assert client_of("jiguan").post(f"/people/{person.pk}/contact/", given).status_code == 404
    assert client_of("minzheng").post(f"/people/{person.pk}/contact/", given).status_code == 403
    path = f"{API}/people/{person.pk}/contact"
    assert api_of("jiguan").post(path, given, format="json").status_code == 404
    answer = api_of("guanli").post(path, {"phone": NEW, "reason": "换了号码"}, format="json")
    assert answer.status_code == 200, answer.content
    assert registered() == (NEW, "old@example.org")


def test_a_household_has_no_such_page(client_of):
    household = client_of(USERS[Role.HOUSEHOLD])
    assert household.get(OWN).status_code == 403
    assert OWN not in household.get("/", follow=True).content.decode()
