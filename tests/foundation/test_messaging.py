"""Texts leave after the change is there; codes prove who holds a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.messaging import codes, senders, sending
from foundation.messaging.models import Message, PhoneCode
from foundation.refusals import Invalid, Refused

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
    monkeypatch.setattr(sending, "sender", lambda: made)
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


def test_nobody_without_a_number_is_texted():
    assert sending.send("", "您好", about="result") is None


def code_in(message: Message) -> str:
    return next(word for word in message.text.replace(",", " ").split() if word.isdigit())


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
