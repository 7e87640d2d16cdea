"""Limits that keep nobody out whose they are not, what one does with the own sign-in, and what ends by itself."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
import time_machine
from django.test import Client, RequestFactory

from demo.accounts import PASSWORD
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.messaging.models import Message
from foundation.refusals import Refused
from foundation.roles import Role
from organizations.factors import passkeys, proving, recovery
from organizations.factors.models import Factor, FactorKind
from organizations.people import telling
from organizations.people.models import Membership, User
from organizations.service_accounts import issuing
from organizations.signing_in import gate, tries
from organizations.signing_in.models import BrowserSession, Tries
from organizations.single_sign_on import provider
from tests.factories import actor
from tests.factories.rules import rule

API = "/api/v1"
NEW = "another-long-word-26"
OFFICE = "203.0.113.7"
NOON = datetime(2026, 11, 28, 4, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person(db) -> User:
    found = User.objects.get(username="shenji")
    found.phone = "13800001111"
    found.save()
    return found


@pytest.fixture
def signed(person, monkeypatch) -> Factor:
    """A passkey of the person, with which every answer that names it is signed."""
    made = Factor.objects.create(
        user=person, kind=FactorKind.PASSKEY, name="钥匙", credential="AAAA", public_key=b"x"
    )

    def signed_with(request, answer: str) -> Factor | None:
        return made if answer == "right" else None

    monkeypatch.setattr(passkeys, "signed_with", signed_with)
    monkeypatch.setattr(passkeys, "owner_named_by", lambda answer: person if answer == "right" else None)
    return made


def stranger() -> Client:
    return Client(REMOTE_ADDR=OFFICE, headers={"host": "localhost"})


def browser(username: str = "shenji") -> Client:
    client = Client(REMOTE_ADDR=OFFICE, headers={"host": "localhost"})
    assert client.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


def by_passkey(client: Client, answer: str) -> int:
    return client.post("/sign-in/passkey/", {"answer": answer}).status_code


def test_junk_for_passkeys_keeps_out_neither_known_browsers_nor_codes(person):
    known = browser()
    for _ in range(tries.MOST_OF_ADDRESS):
        assert by_passkey(stranger(), "{}") == 422
    assert by_passkey(stranger(), "{}") == 429
    assert by_passkey(known, "{}") == 429  # it names nobody whose browser this is
    request = RequestFactory(REMOTE_ADDR=OFFICE).get("/")
    (code,) = recovery.renew(person)[:1]
    proving.check(request, person, code)


def test_a_known_browser_signs_in_by_a_passkey_past_the_junk_of_its_office(person, signed):
    known = stranger()
    assert by_passkey(known, "right") == 302
    known.post("/sign-out/")
    for _ in range(tries.MOST_OF_ADDRESS):
        by_passkey(stranger(), "{}")
    assert by_passkey(stranger(), "right") == 429
    assert by_passkey(known, "right") == 302


def test_after_the_right_password_a_passkey_is_counted_for_the_person_alone(person, signed):
    for _ in range(tries.MOST_OF_ADDRESS):
        by_passkey(stranger(), "{}")
    client = browser()
    assert client.post("/sign-in/factor/", {"answer": "right"}).status_code == 302
    assert client.get("/inbox/").status_code == 200


def test_a_right_answer_takes_back_its_own_try_and_no_others(person, signed):
    for _ in range(5):
        by_passkey(stranger(), "{}")
    assert by_passkey(stranger(), "right") == 302
    assert Tries.objects.get(what="passkey-address").count == 5


def test_who_a_passkey_is_of_is_read_without_believing_it(person):
    Factor.objects.create(
        user=person, kind=FactorKind.PASSKEY, name="钥匙", credential="AAAA", public_key=b"x"
    )
    for answer in ("", "{}", "[]", "null", json.dumps({"id": "AAAA"})):
        assert passkeys.owner_named_by(answer) is None


def test_a_password_that_one_changes_is_written_down_and_told(person):
    client = browser()
    given = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/password/", given).status_code == 302
    assert client.get("/inbox/").status_code == 200
    entry = Entry.objects.get(move="change_own_password", object_id=person.pk)
    assert (entry.actor_id, entry.role) == (person.pk, Role.AUDITOR)
    assert Message.objects.filter(about="sign-in:password").count() == 1
    assert Notice.objects.filter(user_id=person.pk, lifecycle=User._meta.label).exists()


def test_what_a_household_ends_is_written_down_without_its_name(client_of):
    person = User.objects.create(username="jt-1", full_name="王小明", private=True)
    Membership.objects.create(user=person, role=Role.HOUSEHOLD)
    assert client_of(person.username).post(f"{API}/sign-ins/end-all").status_code == 204
    entry = Entry.objects.get(move="end_own_sign_ins", object_id=person.pk)
    assert person.full_name not in f"{entry.object_name} {entry.actor_name}"


@pytest.mark.parametrize(
    ("path", "move"),
    [
        ("/account/security/opened/end-others/", "end_own_sign_ins"),
        (f"{API}/sign-ins/end-all", "end_own_sign_ins"),
        ("/account/security/opened/%s/end/", "end_own_sign_in"),
        (f"{API}/sign-ins/%s/end", "end_own_sign_in"),
    ],
)
def test_ending_own_sign_ins_is_written_down(person, path, move):
    here, _there = browser(), browser()
    number = here.get(f"{API}/sign-ins").json()[1]["id"]
    assert here.post(path % number if "%s" in path else path).status_code in (204, 302)
    assert Entry.objects.get(move=move).actor_id == person.pk


def test_a_second_password_in_a_session_that_is_open_leaves_it_in_the_list(person):
    client = browser()
    Factor.objects.create(user=person, kind=FactorKind.APP, name="手机", secret=b"x")
    assert client.post("/sign-in/", {"username": "shenji", "password": PASSWORD}).status_code == 302
    key = client.session.session_key
    assert BrowserSession.objects.get(user=person).key == key
    (row,) = client.get(f"{API}/sign-ins").json()
    assert row["current"]


def test_what_is_idle_ends_though_the_membership_that_was_chosen_has_ended(clock, person):
    client = browser()
    chosen = Membership.objects.get(user=person)
    idle = gate.times_of(person.memberships.of_today()[0]).idle
    session = client.session
    session["membership"] = chosen.pk + 1_000_000  # that of an hour of emergency which is over
    session.save()
    clock.shift(idle + timedelta(minutes=1))
    assert client.get("/inbox/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_of_several_memberships_the_strictest_times_are_taken(person):
    rule(gate.TIMES, idle_personal=5, idle=60)
    held = list(person.memberships.of_today())
    assert gate.strictest(held).idle == timedelta(minutes=5)
    assert gate.strictest([]).idle == timedelta(minutes=60)


def test_a_provider_that_hangs_is_waited_for_once(settings, monkeypatch):
    settings.SSO_ISSUER = "https://hangs.test"
    asked = []

    def hang(*args, **given):
        asked.append(given["timeout"])
        raise requests.ConnectTimeout

    monkeypatch.setattr(requests, "request", hang)
    monkeypatch.setattr(provider, "_away", {})
    for _ in range(5):
        assert Client().get("/sign-in/single/").status_code == 503
    assert asked == [provider.PATIENCE]
    later = time.monotonic() + provider.SPARED + 1
    monkeypatch.setattr(provider.time, "monotonic", lambda: later)
    assert Client().get("/sign-in/single/").status_code == 503
    assert len(asked) == 2


def test_an_answer_that_is_refused_keeps_nobody_else_from_the_provider(settings, monkeypatch):
    settings.SSO_ISSUER = "https://login.test"
    refused = requests.Response()
    refused.status_code = 400
    monkeypatch.setattr(requests, "request", lambda *args, **given: refused)
    monkeypatch.setattr(provider, "_away", {})
    with pytest.raises(Refused):
        provider._asked("POST", "https://login.test/token")
    assert provider._away == {}


def test_a_code_on_paper_is_not_spent_where_it_cannot_be_written_down(person, monkeypatch):
    (code,) = recovery.renew(person)[:1]
    request = RequestFactory(REMOTE_ADDR=OFFICE).get("/")

    def fail(*args, **given):
        raise RuntimeError

    monkeypatch.setattr(telling, "tell", fail)
    with pytest.raises(RuntimeError):
        proving.check(request, person, code)
    assert recovery.left_of(person) == recovery.COUNT
    monkeypatch.undo()
    proving.check(request, person, code)


def test_what_ends_soon_is_told_once_though_the_machine_was_off_on_the_day(clock):
    last = (NOON + timedelta(days=20)).date()
    account = issuing.issue(
        by=actor("bumen"), name="对账", purpose="每天核对", parts=["referrals"], acts=False, expires_on=last
    )
    found = Notice.objects.filter(lifecycle="organizations.ServiceAccount", object_id=account.pk)
    before = found.count()
    clock.shift(timedelta(days=12))
    issuing.follow_the_day()
    told = found.count()
    assert told > before
    clock.shift(timedelta(days=1))
    issuing.follow_the_day()
    assert found.count() == told
