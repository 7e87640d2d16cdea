"""Whoever holds the old telephone of a household can refuse a change that the household did not ask for."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.messaging import senders
from foundation.messaging.models import Message
from foundation.roles import Role
from households.register import accounts, phone_links, registration
from households.register.models import Household
from households.register.states import HOUSEHOLD
from organizations.people.models import User
from tests.factories import cases

OLD, NEW, THIRD = "13800001111", "13900002222", "13700003333"


@pytest.fixture
def household(who) -> Household:
    found = cases.AcceptedMatter(phone=OLD).household
    assert found.verified
    return found


def change(household: Household, who, phone: str) -> None:
    household.refresh_from_db()
    registration.update(
        household, by=who("chuangkou"), category=household.category, size=household.size, phone=phone
    )


def link() -> str:
    text = Message.objects.filter(about="phone-changed").latest("pk")
    assert text.to.plain() == OLD
    return re.search(r"/phone-not-ours/\S+", text.text).group()


def test_the_old_number_stops_the_new_one_and_the_window_is_told(household, who):
    change(household, who, NEW)
    person = accounts.account_of(household)
    browser = Client()
    browser.force_login(person)
    path = link()
    page = Client().get(path)
    assert page.status_code == 200
    assert household.number not in page.content.decode()
    assert not Household.objects.get(
        pk=household.pk
    ).phone_doubted  # a message reader that opens links does nothing
    assert Client().post(path).status_code == 200
    household.refresh_from_db()
    assert household.phone_doubted
    assert browser.get("/workbench/").status_code == 302
    entry = Entry.objects.get(move="dispute_phone")
    assert entry.object_id == household.pk
    told = Notice.objects.filter(
        lifecycle=HOUSEHOLD.label, object_id=household.pk, texts__icontains="新电话已停用"
    )
    assert {notice.role for notice in told} == {Role.WINDOW, Role.CIVIL_AFFAIRS}
    Client().post(path)
    assert Entry.objects.filter(move="dispute_phone").count() == 1


def test_who_changes_it_twice_does_not_get_rid_of_the_first_ones_word(household, who):
    change(household, who, NEW)
    path = link()
    change(household, who, THIRD)
    assert Client().post(path).status_code == 200
    assert Household.objects.get(pk=household.pk).phone_doubted


def test_where_the_number_is_back_there_is_nothing_to_refuse(household, who):
    change(household, who, NEW)
    path = link()
    change(household, who, OLD)
    assert Client().get(path).status_code == 410
    assert Client().post(path).status_code == 410
    assert not Household.objects.get(pk=household.pk).phone_doubted


def test_a_link_of_another_make_is_over(household):
    assert Client().get("/phone-not-ours/nonsense/").status_code == 410
    assert not User.objects.filter(username="nonsense").exists()
    assert phone_links.DAYS >= 7


def test_nobody_says_that_a_text_was_sent_where_none_leaves(who, client_of, monkeypatch):
    household = cases.AcceptedMatter(phone=OLD).household
    change(household, who, NEW)
    window = client_of("chuangkou")
    page = window.get(household.get_absolute_url()).content.decode()
    assert "已发短信" not in page and "会收到短信" not in page
    assert "请打原来的号码告诉本人" in page
    assert "请打原号告诉本人" in window.get(f"{household.get_absolute_url()}update/").content.decode()
    monkeypatch.setattr(senders, "sender", Gateway)
    assert "原来的号码会收到短信" in window.get(household.get_absolute_url()).content.decode()


class Gateway:
    """A gateway of a city that takes everything."""

    shows = False

    def send(self, to: str, text: str) -> None:
        """Take it."""
