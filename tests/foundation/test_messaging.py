"""Texts leave after the change is there; codes prove who holds a phone."""

from __future__ import annotations

import contextlib
import re
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction

from foundation import moments
from foundation.deadlines.models import Clock
from foundation.journal.models import Entry
from foundation.messaging import codes, senders, sending
from foundation.messaging.models import Message, PhoneCode
from foundation.refusals import Invalid, NotNow, Refused
from organizations.bodies.models import Organization
from organizations.people.models import Membership
from referrals.offers import links
from referrals.offers.models import Referral
from tests import factories
from tests.racing import at_once

PHONE = "13912345678"


class Gateway:
    """A sender that takes texts, or refuses them for a while."""

    shows = False

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.down = False

    def send(self, to: str, text: str) -> None:
        if self.down:
            raise ConnectionError("the gateway is down")
        self.taken.append((to, text))


@pytest.fixture
def gateway(monkeypatch):
    made = Gateway()
    monkeypatch.setattr(senders, "sender", lambda: made)
    monkeypatch.setattr(codes, "sender", lambda: made)
    return made


def test_the_senders_name_is_a_setting(settings):
    settings.MESSAGE_SENDER = "tests.foundation.test_messaging.Gateway"
    senders.sender.cache_clear()
    assert isinstance(senders.sender(), Gateway)
    senders.sender.cache_clear()


def test_a_text_lies_encrypted_until_the_gateway_has_taken_it(gateway):
    message = sending.send(PHONE, "您好", about="result")
    assert PHONE not in str(message)
    sending.deliver(message.pk)
    assert gateway.taken == [(PHONE, "您好")]
    sending.deliver(message.pk)
    assert len(gateway.taken) == 1


def test_a_gateway_that_is_down_leaves_the_text_to_be_tried_again(gateway):
    message = sending.send(PHONE, "您好", about="result")
    gateway.down = True
    with pytest.raises(ConnectionError):
        sending.deliver(message.pk)
    message.refresh_from_db()
    assert (message.tries, message.sent_at) == (1, None)
    gateway.down = False
    sending.deliver(message.pk)
    assert len(gateway.taken) == 1


def test_the_worker_sends_what_was_committed(own_database, work_off):
    message = sending.send(PHONE, "您好", about="result")
    work_off()
    message.refresh_from_db()
    assert message.sent_at is not None


# --- over a day ---------------------------------------------------------------------------


def try_at(moment, message, gateway) -> None:
    """What the worker does each minute: queue what is due; here it is delivered at once."""
    with moments.as_of(moment):
        due = Message.objects.waiting().filter(pk=message.pk, again_at__lte=moment).exists()
        assert bool(sending.take_up()) >= due
        if due:
            with contextlib.suppress(ConnectionError):
                sending.deliver(message.pk)
    message.refresh_from_db()


def test_a_gateway_that_is_down_for_hours_gets_the_text_when_it_is_back(gateway):
    message = sending.send(PHONE, "您好", about="result")
    begin = message.at
    gateway.down = True
    for minute in (1, 2, 7, 22, 90, 280):
        try_at(begin + timedelta(minutes=minute), message, gateway)
    assert message.tries == 6
    assert message.undelivered_at is None
    gateway.down = False
    try_at(begin + timedelta(hours=12), message, gateway)
    assert gateway.taken == [(PHONE, "您好")]
    assert message.sent_at is not None


def test_the_waits_grow_over_a_day_and_then_the_text_is_listed_as_undelivered(gateway):
    message = sending.send(PHONE, "您好", about="result")
    begin = message.at
    gateway.down = True
    tried = []
    for minute in range(24 * 60 + 30):
        before = message.tries
        if Message.objects.waiting().filter(pk=message.pk, again_at__lte=begin + timedelta(minutes=minute)):
            try_at(begin + timedelta(minutes=minute), message, gateway)
        if message.tries > before:
            tried.append(minute)
    waits = [b - a for a, b in pairwise(tried)]
    assert waits[:6] == sorted(waits[:6])
    assert 6 <= len(tried) <= 12
    assert message.undelivered_at is not None
    assert message.undelivered_at - begin > timedelta(hours=23)
    later = message.tries
    try_at(begin + timedelta(days=3), message, gateway)
    assert message.tries == later


def test_a_text_whose_process_died_after_the_commit_is_found(gateway, own_database, work_off):
    with transaction.atomic():
        message = sending.send(PHONE, "您好", about="result")
        transaction.get_connection().run_on_commit.clear()  # the process is gone
    assert not jobs_of(message)
    with moments.as_of(moments.now() + timedelta(minutes=2)):
        assert sending.take_up() >= 1
        sending.take_up()
    assert jobs_of(message) == 1
    work_off()
    message.refresh_from_db()
    assert message.sent_at is not None


def jobs_of(message) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'message_id' = %s", [str(message.pk)]
        )
        return cursor.fetchone()[0]


def test_two_workers_do_not_send_one_text_twice(own_database, monkeypatch):
    taken = []

    class Slow(Gateway):
        def send(self, to: str, text: str) -> None:
            time.sleep(0.5)
            taken.append(to)

    made = Slow()
    monkeypatch.setattr(senders, "sender", lambda: made)
    message = sending.send(PHONE, "您好", about="result")
    at_once([lambda: sending.deliver(message.pk)] * 4)
    assert taken == [PHONE]


def test_a_sign_in_code_is_not_sent_once_it_has_expired(gateway):
    gateway.down = True
    codes.send(PHONE, "sign-in")
    message = Message.objects.first()
    with pytest.raises(ConnectionError):
        sending.deliver(message.pk)
    gateway.down = False
    try_at(moments.now() + timedelta(minutes=11), message, gateway)
    assert gateway.taken == []
    assert message.undelivered_at is not None
    with pytest.raises(NotNow), moments.as_of(moments.now() + timedelta(minutes=12)):
        sending.send_again(message, by=factories.actor("minzheng"))


def test_the_link_to_answer_an_offer_is_not_sent_after_the_time_to_answer(gateway):
    referral = factories.OfferedReferral()
    organization = referral.provider.organization
    Membership.objects.filter(organization=organization).delete()  # nobody can sign in
    Organization.objects.filter(pk=organization.pk).update(phone="13900000001")
    links.send(Referral.objects.get(pk=referral.pk))
    message = Message.objects.filter(about="referral-link").first()
    clock = Clock.objects.get(lifecycle="referrals.Referral", object_id=referral.pk)
    assert message.until == clock.due_at


@pytest.fixture
def undelivered() -> Message:
    message = sending.send(PHONE, "【社会救助】验证码 123456", about="result")
    Message.objects.filter(pk=message.pk).update(tries=9, undelivered_at=moments.now())
    return message


def test_civil_affairs_sees_what_was_not_delivered_and_never_its_words(undelivered, client_of):
    bench = client_of("minzheng").get("/workbench/").content.decode()
    assert "1 条短信没有送达" in bench
    page = client_of("minzheng").get("/messages/undelivered/").content.decode()
    assert "办理结果和评价链接" in page
    assert "139****5678" in page
    assert PHONE not in page
    assert "123456" not in page
    assert client_of("chuangkou").get("/messages/undelivered/").status_code == 403


def test_the_list_is_read_and_a_text_sent_again_by_the_api(undelivered, api_of, gateway):
    api = api_of("minzheng")
    (row,) = api.get("/api/v1/messages/undelivered").json()["results"]
    assert (row["about"], row["tries"]) == ("result", 9)
    assert "123456" not in str(row)
    assert PHONE not in str(row)
    assert api_of("jigou").get("/api/v1/messages/undelivered").status_code == 403
    answer = api.post(f"/api/v1/messages/{undelivered.pk}/send-again", {}, format="json")
    assert answer.status_code == 200, answer.content
    assert api.get("/api/v1/messages/undelivered").json()["results"] == []
    sending.deliver(undelivered.pk)
    assert gateway.taken[0][0] == PHONE
    assert Entry.objects.filter(move="send_again", object_id=undelivered.pk).count() == 1


def test_a_text_is_sent_again_from_the_page(undelivered, client_of):
    client = client_of("minzheng")
    answer = client.post(f"/messages/{undelivered.pk}/send-again/", follow=True)
    assert "正在重发" in answer.content.decode()
    undelivered.refresh_from_db()
    assert undelivered.undelivered_at is None
    assert client.post(f"/messages/{undelivered.pk}/send-again/").status_code == 404
    assert client_of("caizheng").post(f"/messages/{undelivered.pk}/send-again/").status_code == 403


def test_nobody_without_a_number_is_texted():
    assert sending.send("", "您好", about="result") is None


def code_in(message: Message) -> str:
    return re.search(r"\d{6}", message.text)[0]


def test_a_code_is_good_once():
    shown = codes.send(PHONE, "apply")
    assert shown == code_in(Message.objects.filter(about="code:apply")[0])
    codes.check(PHONE, "apply", shown)
    with pytest.raises(Invalid):
        codes.check(PHONE, "apply", shown)


def test_a_real_gateways_code_is_never_shown(gateway):
    assert codes.send(PHONE, "apply") == ""


def test_a_code_is_for_one_phone_and_one_purpose_and_ten_minutes():
    shown = codes.send(PHONE, "apply")
    for phone, purpose in ((PHONE, "sign-in"), ("13900000000", "apply")):
        with pytest.raises(Invalid):
            codes.check(phone, purpose, shown)
    with moments.as_of(moments.now() + timedelta(minutes=11)):
        with pytest.raises(Invalid):
            codes.check(PHONE, "apply", shown)


def test_five_wrong_tries_end_a_code():
    shown = codes.send(PHONE, "apply")
    wrong = "000000" if shown != "000000" else "111111"
    for _ in range(codes.MOST_TRIES):
        with pytest.raises(Invalid):
            codes.check(PHONE, "apply", wrong)
    with pytest.raises(Invalid):
        codes.check(PHONE, "apply", shown)


def test_a_phone_gets_few_codes_an_hour():
    for _ in range(codes.MOST_AN_HOUR):
        codes.send(PHONE, "apply")
    with pytest.raises(Refused):
        codes.send(PHONE, "apply")
    with moments.as_of(moments.now() + timedelta(minutes=61)):
        codes.send(PHONE, "apply")


def test_one_network_address_does_not_text_half_the_city():
    for number in range(codes.MOST_FROM_ONE_ADDRESS):
        codes.send(f"139{number:08d}", "apply", address="203.0.113.7")
    with pytest.raises(Refused):
        codes.send("13800000001", "apply", address="203.0.113.7")
    codes.send("13800000001", "apply", address="203.0.113.8")


def test_an_unknown_number_looks_the_same_and_gets_no_text():
    before = Message.objects.count()
    assert codes.send(PHONE, "sign-in", really=False) == ""
    assert Message.objects.count() == before
    assert PhoneCode.objects.filter(purpose="sign-in").exists()


# --- a stranger who knows the phone -----------------------------------------------------


def test_a_stranger_at_another_address_uses_up_nobody_elses_codes():
    for _ in range(codes.MOST_AN_HOUR):
        codes.send(PHONE, "apply", address="203.0.113.7", asker="stranger")
    shown = codes.send(PHONE, "apply", address="203.0.113.8", asker="owner")
    codes.check(PHONE, "apply", shown, asker="owner")


def test_asking_with_a_wrong_number_beside_the_phone_uses_up_no_code_of_the_owner():
    for _ in range(codes.MOST_AN_HOUR):
        codes.send(PHONE, "sign-in", really=False, about="wrong")
    assert codes.send(PHONE, "sign-in", about="right")


def test_known_and_unknown_numbers_are_refused_after_the_same_number_of_codes():
    for really in (True, False):
        for _ in range(codes.MOST_AN_HOUR):
            codes.send(PHONE, "sign-in", really=really, about=str(really))
        with pytest.raises(Refused):
            codes.send(PHONE, "sign-in", really=really, about=str(really))


def test_many_addresses_together_do_not_text_one_phone_without_end():
    for number in range(codes.MOST_FOR_ONE_PHONE):
        codes.send(PHONE, "apply", address=f"203.0.113.{number}")
    with pytest.raises(Refused):
        codes.send(PHONE, "apply", address="198.51.100.1")


def test_a_code_that_was_never_sent_hides_no_code_that_was():
    shown = codes.send(PHONE, "sign-in")
    codes.send(PHONE, "sign-in", really=False)
    codes.check(PHONE, "sign-in", shown)


def test_wrong_tries_of_another_visit_end_no_code():
    shown = codes.send(PHONE, "apply", asker="owner")
    codes.send(PHONE, "apply", asker="stranger")
    for _ in range(codes.MOST_TRIES + 1):
        with pytest.raises(Invalid):
            codes.check(PHONE, "apply", "x", asker="stranger")
    codes.check(PHONE, "apply", shown, asker="owner")


def test_a_code_is_no_use_to_a_visit_that_did_not_ask_for_it():
    shown = codes.send(PHONE, "apply", asker="owner")
    with pytest.raises(Invalid):
        codes.check(PHONE, "apply", shown, asker="stranger")


def test_a_network_of_version_six_has_the_codes_of_one_address():
    for number in range(codes.MOST_FROM_ONE_ADDRESS):
        codes.send(f"139{number:08d}", "apply", address=f"2001:db8:1:2::{number:x}")
    with pytest.raises(Refused):
        codes.send("13800000001", "apply", address="2001:db8:1:2:ffff::1")
    assert codes.send("13800000001", "apply", address="2001:db8:1:3::1")
