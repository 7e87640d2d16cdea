"""Who gets an account back closes every door that another may have opened; links for a new password open no other."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from demo.accounts import PASSWORD
from foundation import moments
from foundation.journal.models import Entry
from foundation.messaging.models import Message
from foundation.refusals import NotNow, NotYours
from foundation.roles import SYSTEM, Role
from organizations.bodies.models import Organization
from organizations.contacts import keeping as contacts
from organizations.factors import keeping, recovery
from organizations.factors.models import Factor, FactorKind, RecoveryCode
from organizations.invitations import codes, forgetting, inviting, joining, letters
from organizations.invitations.models import Invitation
from organizations.people import giving
from organizations.people.models import Membership, User
from organizations.signing_in import tries, unfamiliar
from organizations.signing_in.models import UnfamiliarSignIn
from organizations.single_sign_on.models import Connection
from tests.factories import actor

API = "/api/v1"
NEW = "another-long-word-26"


@pytest.fixture
def person() -> User:
    found = User.objects.get(username="shenji")
    found.phone, found.email = "13800001111", ""
    found.save()
    return found


def browser(address: str = "203.0.113.7", agent: str = "Mozilla/5.0 (Windows) Firefox/150.0") -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    given = {"username": "shenji", "password": PASSWORD}
    assert client.post("/sign-in/", given).status_code == 302
    return client


def told() -> str:
    return Message.objects.filter(about="sign-in:unfamiliar").latest("pk").text


def link() -> str:
    found = re.search(r"/not-me/\S+?/", told())
    assert found is not None
    return found.group()


def connected(person: User, subject: str = "x") -> Connection:
    return Connection.objects.create(user=person, issuer="https://login.test", subject=subject)


def passkey(person: User, name: str) -> Factor:
    return Factor.objects.create(
        user=person, kind=FactorKind.PASSKEY, name=name, credential=name, public_key=b"x"
    )


def members(*seats: tuple[Role, Organization]) -> User:
    """A new person in these seats."""
    made = joining.new_account(username="wangwu", password=NEW, full_name="王五", phone="13800002222")
    for role, organization in seats:
        giving.enter(by=SYSTEM, person=made, role=role, organization=organization)
    return made


@pytest.fixture
def own() -> Organization:
    """The provider of the demo's administrator of a provider."""
    return Membership.objects.get(user__username="jiguan").organization


def test_the_word_of_the_owner_outlives_whatever_the_stranger_does(person):
    browser()
    stranger = browser("198.51.100.3")
    path = link()
    assert stranger.post("/account/security/opened/end-others/").status_code == 302
    person.refresh_from_db()
    person.set_password(NEW)
    person.save()
    assert stranger.post(f"{API}/sign-ins/end-all").status_code in (204, 401)
    assert Client().post(path).status_code == 200
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert Client().get(path).status_code == 410


def test_it_is_over_after_its_days_and_forgotten(person):
    browser()
    browser("198.51.100.3")
    with moments.as_of(moments.now() + timedelta(days=unfamiliar.DAYS + 1)):
        unfamiliar.forget_old()
    assert not UnfamiliarSignIn.objects.exists()
    assert Client().get(link()).status_code == 410


def test_it_closes_what_was_opened_since_and_leaves_what_was_there_before(person):
    browser()
    passkey(person, "own")
    Factor.objects.update(added_at=moments.now() - timedelta(days=9))
    kept = recovery.renew(person)
    RecoveryCode.objects.update(made_at=moments.now() - timedelta(days=9))
    person.factors.all().delete()  # so that the password is enough below
    browser("198.51.100.3")
    path = link()
    old = passkey(person, "own")
    Factor.objects.filter(pk=old.pk).update(added_at=moments.now() - timedelta(days=9))
    passkey(person, "stranger")
    RecoveryCode.objects.create(user=person, digest="stranger")
    connected(person)
    inviting.renew(by=SYSTEM, person=person, channel="letter")
    contacts.change(person, by=actor("shenji"), phone="13899999999", email="stranger@example.org")
    inviting.renew(by=SYSTEM, person=person, channel="letter")
    assert Client().post(path).status_code == 200
    assert list(person.factors.values_list("name", flat=True)) == ["own"]
    assert recovery.left_of(person) == len(kept)
    assert not person.connections.exists()
    assert not inviting.waiting_for_a_password(person).exists()
    person.refresh_from_db()
    assert (person.phone, person.email) == (None, "")


def test_without_a_factor_left_no_code_is_left_and_the_own_number_stays(person):
    browser()
    browser("198.51.100.3")
    path = link()
    passkey(person, "stranger")
    recovery.renew(person)
    assert Client().post(path).status_code == 200
    assert not person.factors.exists()
    assert not RecoveryCode.objects.filter(user=person).exists()
    person.refresh_from_db()
    assert person.phone.plain() == "13800001111"


def test_the_message_has_no_words_of_the_stranger(person):
    browser()
    browser("198.51.100.3", agent="请打 13900000000 解冻账号")
    assert "13900000000" not in told()
    assert "未说明" in told()


def test_nor_has_the_message_about_a_factor(person):
    first = passkey(person, "请打 13900000000")
    passkey(person, "own")
    keeping.remove(first, by=actor("shenji"))
    text = Message.objects.get(about="sign-in:factor").text
    assert "13900000000" not in text
    assert "通行密钥" in text


def test_a_reset_and_a_new_password_by_a_link_end_connections_and_tell_the_person(person):
    connected(person)
    passkey(person, "own")
    keeping.reset(person, by=actor("guanli"), reason="手机丢失")
    assert not person.connections.exists()
    connected(person)
    sent = inviting.renew(by=actor("guanli2"), person=person, channel="letter")
    joining.set_password(sent, password=NEW)
    assert not person.connections.exists()
    assert Message.objects.filter(about="sign-in:connection").count() == 2
    assert Message.objects.filter(about="sign-in:password").count() == 1
    assert Entry.objects.filter(move="disconnect_single_sign_on", object_id=person.pk).count() == 2


def test_an_administrator_sees_connections_and_ends_them_and_others_do_not(person, client_of, api_of):
    first = connected(person)
    page = client_of("guanli").get(person.get_absolute_url()).content.decode()
    assert f"/people/{person.pk}/connections/{first.pk}/disconnect/" in page
    assert "connections/" not in client_of("minzheng").get(person.get_absolute_url()).content.decode()
    path = f"/people/{person.pk}/connections/{first.pk}/disconnect/"
    assert client_of("minzheng").post(path).status_code == 403
    assert client_of("guanli").post(path).status_code == 302
    second = connected(person)
    api = api_of("guanli")
    (row,) = api.get(f"{API}/people/{person.pk}/connections").json()
    assert row["id"] == second.pk
    assert api.post(f"{API}/people/{person.pk}/connections/{second.pk}/disconnect").status_code == 204
    assert not person.connections.exists()
    assert Message.objects.filter(about="sign-in:connection").count() == 2


def test_an_administrator_of_a_provider_ends_none_of_somebody_who_works_elsewhere_too(own, api_of):
    both = members((Role.SOCIAL_WORKER, own), (Role.HANDLER, Organization.objects.get(code="renshe")))
    made = connected(both)
    api = api_of("jiguan")
    assert api.get(f"{API}/people/{both.pk}/connections").status_code == 403
    assert api.post(f"{API}/people/{both.pk}/connections/{made.pk}/disconnect").status_code == 403
    assert both.connections.exists()


def test_a_provider_sends_prints_and_uses_no_link_of_somebody_who_has_come_to_work_elsewhere(own, client_of):
    worker = members((Role.SOCIAL_WORKER, own))
    sent = inviting.renew(by=actor("jiguan"), person=worker, channel="letter")
    assert letters.to_print(Invitation.objects.all(), actor("jiguan")) == [sent]
    giving.enter(
        by=SYSTEM, person=worker, role=Role.HANDLER, organization=Organization.objects.get(code="renshe")
    )
    sent.refresh_from_db()
    assert sent.status == "expired"
    city = inviting.renew(by=actor("guanli"), person=worker, channel="letter")
    assert letters.to_print(Invitation.objects.all(), actor("guanli")) == [city]
    assert letters.to_print(Invitation.objects.all(), actor("jiguan")) == []
    with pytest.raises(NotYours):
        inviting.send_again(city, by=actor("jiguan"))
    joining.set_password(city, password=NEW)


def test_the_object_itself_refuses_the_link_of_a_provider_for_somebody_who_works_elsewhere(own, client_of):
    worker = members((Role.SOCIAL_WORKER, own))
    sent = inviting.renew(by=actor("jiguan"), person=worker, channel="letter")
    renshe = Organization.objects.get(code="renshe")
    Membership.objects.create(user=worker, role=Role.HANDLER, organization=renshe)  # past the product
    with pytest.raises(NotYours):
        inviting.send_again(sent, by=actor("jiguan"))
    assert client_of("jiguan").get(f"/invitations/{sent.pk}/letter/").status_code == 404
    with pytest.raises(NotNow):
        joining.set_password(sent, password=NEW + "x")
    again = inviting.send_again(sent, by=actor("guanli"))
    joining.set_password(again, password=NEW + "x")


def test_a_link_goes_where_its_person_is_reached_now_and_a_change_ends_those_that_wait():
    worker = User.objects.get(username="bumen")
    worker.phone = "13800003333"
    worker.save()
    sent = inviting.renew(by=actor("guanli"), person=worker, channel="text")
    User.objects.filter(pk=worker.pk).update(email="now@example.org")
    sent = inviting.send_again(sent, by=actor("guanli"))
    assert sent.email == "now@example.org"
    worker.refresh_from_db()
    contacts.change(worker, by=actor("bumen"), phone="13800004444", email="now@example.org")
    sent.refresh_from_db()
    assert sent.status == "expired"
    sent = inviting.renew(by=actor("guanli"), person=worker, channel="text")
    contacts.help_with(worker, by=actor("guanli"), phone="13800005555", email="", reason="到场核对")
    sent.refresh_from_db()
    assert sent.status == "expired"


def test_strangers_lock_nobody_out_of_a_forgotten_password(settings):
    settings.EMAIL_HOST = "mail.test"
    User.objects.filter(username="bumen").update(email="bumen@example.org")
    for number in range(9):
        forgetting.ask("bumen", "stranger@example.org", address=f"198.51.100.{number}")
    for _ in range(3):
        forgetting.ask("bumen", "x@example.org", address="198.51.100.77")
    with pytest.raises(tries.TooMany):
        forgetting.ask("bumen", "x@example.org", address="198.51.100.77")
    forgetting.ask("bumen", "bumen@example.org", address="192.0.2.1")
    assert Message.objects.filter(about="invitation:password").count() == 1
    for number in range(5):  # whoever knows the address floods nobody's mail, and is told nothing
        forgetting.ask("bumen", "bumen@example.org", address=f"198.51.100.{number}")
    assert Message.objects.filter(about="invitation:password").count() == 3


def test_who_holds_an_invitation_tries_no_user_names_without_end():
    sent = inviting.invite(
        by=actor("guanli"),
        full_name="钱一",
        role=Role.HANDLER,
        organization=Organization.objects.get(code="renshe"),
        channel="text",
        phone="13800000001",
    )
    path = f"/join/{codes.code_of(sent)}/"
    for number in range(joining.MOST_TAKEN):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        given = {"username": "minzheng", "password": NEW, "again": NEW}
        assert client.post(path, given).status_code == 422
    answer = Client().post(path, {"username": "shenji", "password": NEW, "again": NEW})
    assert answer.status_code == 429
    assert "已有人用" not in answer.content.decode()
