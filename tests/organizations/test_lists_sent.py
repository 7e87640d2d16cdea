"""Lists of staff as they go out: by whose word, on whose desk they wait, and the letters of whom nothing else reaches."""

from __future__ import annotations

import pytest

from foundation.city.models import City
from foundation.messaging import senders
from foundation.messaging.models import Message
from foundation.refusals import NotNow, NotYours
from foundation.roles import Role
from foundation.work_items.models import WorkItem
from organizations.bodies.models import Organization
from organizations.invitations import codes, inviting, joining
from organizations.invitations.models import Invitation
from organizations.people import ending
from organizations.people.models import Membership
from organizations.staff_lists import sending
from tests.factories import actor
from tests.organizations.test_staff_lists import being_sent, filled, names, own_row, row, sent


class Gateway:
    """A gateway of a city that takes everything."""

    shows = False

    def send(self, to: str, text: str) -> None:
        """Take it."""


def test_whom_neither_a_text_nor_a_mail_reaches_gets_a_letter(settings, monkeypatch):
    rows = (row("钱一", email="qian@example.org"), row("孙二", phone="13800000002", email="s@example.org"))

    def ways() -> list[str]:
        form = filled(*rows)
        assert form.is_valid(), form.errors
        return [one["channel"] for one in form.given()["people"]]

    assert ways() == ["mail", "text"]
    monkeypatch.setattr(senders, "sender", senders.Unsent)
    assert ways() == ["letter", "letter"]
    assert "打印成信" in str(filled(*rows).fields["file"].help_text)
    settings.EMAIL_HOST = "mail.test"
    assert ways() == ["mail", "mail"]


def test_what_did_not_leave_the_machine_is_printed(client_of, settings, monkeypatch):
    waiting = sent(
        being_sent(row("钱一", phone="13800000001"), row("孙二", email="s@example.org"), row("李三"))
    )
    page = client_of("guanli").get(f"{waiting.get_absolute_url()}letters/").content.decode()
    assert [name in page for name in ("钱一", "孙二", "李三")] == [True, True, True]
    monkeypatch.setattr(senders, "sender", Gateway)
    settings.EMAIL_HOST = "mail.test"
    page = client_of("guanli").get(f"{waiting.get_absolute_url()}letters/").content.decode()
    assert [name in page for name in ("钱一", "孙二", "李三")] == [False, False, True]


def test_nobody_sends_the_list_of_somebody_who_invites_nobody_any_more(client_of):
    form = filled(row("钱一"))
    assert form.is_valid(), form.errors
    waiting = sending.upload(by=actor("guanli"), **form.given())
    assert WorkItem.objects.waiting_with(waiting) != []
    ending.end(Membership.objects.get(user__username="guanli"), by=actor("guanli2"), reason="调离")
    page = client_of("guanli2").get(waiting.get_absolute_url()).content.decode()
    assert "上传的人已不再担任" in page
    with pytest.raises(NotNow, match="另传一份"):
        sending.invite(waiting, by=actor("guanli2"))
    assert WorkItem.objects.waiting_with(waiting) == []


def test_a_list_stops_once_whoever_has_uploaded_it_holds_the_role_no_more(monkeypatch, client_of):
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    waiting = being_sent(*(row(f"钱{number}", phone=f"1380000000{number}") for number in range(1, 4)))
    assert sending._send_some(waiting.pk)
    held = Membership.objects.get(user__username="guanli", role=Role.ADMINISTRATOR)
    ending.end(held, by=actor("guanli2"), reason="调离")
    done = sent(waiting)
    assert (done.status, done.sent, names()) == ("sent", 1, ["钱1"])
    assert done.refused.keys() == {"2", "3"}
    assert "系统管理员" in done.refused["2"]
    page = client_of("guanli2").get(done.get_absolute_url()).content.decode()
    assert "第 2 至 3 人" in page
    assert "已发出 1 份" in page


def test_a_letter_says_from_which_city_and_office_it_comes_and_whom_to_call(client_of):
    City.objects.update(name="青州市", office="青州市民政局", hotline="0536-12345")
    sent(being_sent(row("钱一")))
    invitation = Invitation.objects.get()
    page = client_of("guanli").get(f"/invitations/{invitation.pk}/letter/").content.decode()
    letter = page[page.index("letter-head") : page.index("</section>", page.index("letter-head"))]
    for words in ("青州市", "青州市民政局", "0536-12345", actor("guanli").name, codes.code_of(invitation)):
        assert words in letter, words
    assert "data-print" in page


def test_the_letters_of_a_list_that_are_not_used_come_on_one_page(client_of, monkeypatch):
    monkeypatch.setattr(senders, "sender", Gateway)
    being = sent(
        being_sent(row("钱一"), row("孙二"), row("李三"), row("周四", phone="13800000004"), row("吴五"))
    )
    sent(being_sent(row("郑六")))
    by_name = {invitation.full_name: invitation for invitation in Invitation.objects.all()}
    joining.join(by_name["孙二"], username="suner", password="wu-xi-jiang-yin-2026")
    inviting.withdraw(by_name["吴五"], by=actor("guanli"))
    session = client_of("guanli")
    address = f"/staff-lists/{being.pk}/letters/"
    assert address in session.get(being.get_absolute_url()).content.decode()
    page = session.get(address).content.decode()
    found = {name for name, one in by_name.items() if codes.code_of(one) in page}
    assert found == {"钱一", "李三"}
    assert page.count("letter-head") == 2
    assert client_of("jiguan").get(address).status_code == 404
    assert client_of("minzheng").get(address).status_code == 403


def test_the_letters_of_an_organization_are_printed_by_its_administrator(client_of):
    cells = {"name": "钱一", "role": "社工与志愿者"}
    being = sent(being_sent(cells, by="jiguan"))
    assert being.sent == 1
    assert not Message.objects.filter(about__startswith="invitation").exists()
    page = client_of("jiguan").get(f"/staff-lists/{being.pk}/letters/").content.decode()
    assert codes.code_of(Invitation.objects.get()) in page
    assert Invitation.objects.get().organization.name in page


def test_a_list_waits_for_the_side_that_has_uploaded_it_and_says_whose_it_is(client_of):
    form = filled(own_row("钱一"), own_row("孙二"), by="jiguan")
    assert form.is_valid(), form.errors
    theirs = sending.upload(by=actor("jiguan"), **form.given())
    form = filled(row("李三"))
    assert form.is_valid(), form.errors
    ours = sending.upload(by=actor("guanli"), **form.given())
    items = WorkItem.objects.filter(lifecycle="organizations.StaffList", waits=True)
    waiting = {item.object_id: item.role for item in items}
    assert waiting == {theirs.pk: Role.STAFF_MANAGER, ours.pk: Role.ADMINISTRATOR}
    with pytest.raises(NotYours):
        sending.invite(theirs, by=actor("guanli"))
    own = Organization.objects.get(pk=actor("jiguan").organization)
    name = actor("jiguan").name
    assert theirs.row_title() == f"{name}给{own}上传的名单“renyuan.xlsx”\uff0c2 人"
    assert ours.row_title() == f"{actor('guanli').name}上传的名单“renyuan.xlsx”\uff0c1 人"
    listed = client_of("guanli").get("/staff-lists/").content.decode()
    assert name in listed
    assert str(own) in listed
    assert sending.invite(theirs, by=actor("jiguan")).status == "sending"
