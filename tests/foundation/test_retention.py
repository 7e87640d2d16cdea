"""What is kept for a time goes when the time is over, part by part, and the rule's page says beforehand how much."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.journal.models import Entry
from foundation.messaging import codes, sending
from foundation.messaging.models import Message, PhoneCode
from foundation.retention import sweeping
from foundation.rules import effects, reading
from households.identity import lookups
from households.identity.models import LookUp
from organizations.bodies.models import Organization
from organizations.invitations import inviting, joining
from organizations.invitations.models import Invitation
from organizations.staff_lists import sending as staff
from organizations.staff_lists.models import StaffList
from referrals.service.models import VisitCode
from tests import factories
from tests.factories import actor
from tests.foundation.test_rules_by_field import PROPOSE, parts_of

RULES = [key for key in reading.defaults() if key.startswith(sweeping.PREFIX)]


def later(days: int):
    return moments.as_of(moments.now() + timedelta(days=days))


def test_every_time_has_something_that_goes_and_everything_that_goes_has_its_time():
    named = {(key, part) for key in RULES for part in reading.default(key).fields}
    assert named == set(sweeping.KEPT)


# --- texts ------------------------------------------------------------------------------


def test_a_text_goes_half_a_year_after_it_was_sent_and_one_that_waits_stays():
    sent = sending.send("13800000000", "您好", about="result")
    waits = sending.send("13800000001", "您好", about="result")
    lost = sending.send("13800000002", "您好", about="result")
    Message.objects.filter(pk=sent.pk).update(sent_at=moments.now())
    Message.objects.filter(pk=lost.pk).update(undelivered_at=moments.now())
    with later(182):
        sweeping.sweep()
        assert Message.objects.filter(pk__in=[sent.pk, waits.pk, lost.pk]).count() == 3
    with later(184):
        sweeping.sweep()
        assert list(Message.objects.filter(pk__in=[sent.pk, waits.pk, lost.pk])) == [waits]


def test_the_code_of_a_visit_stays_without_its_text():
    factories.ReferralInService()
    code = VisitCode.objects.latest("pk")
    Message.objects.filter(pk=code.message_id).update(sent_at=moments.now())
    with later(200):
        sweeping.sweep()
    code.refresh_from_db()
    assert code.message is None


def test_records_of_codes_go():
    codes.send("13800000000", "apply")
    with later(184):
        assert sweeping.sweep()["retention.work", "codes"] >= 1
    assert not PhoneCode.objects.exists()


def test_a_shorter_time_counts_from_the_next_night():
    message = sending.send("13800000000", "您好", about="result")
    Message.objects.filter(pk=message.pk).update(sent_at=moments.now())
    value = reading.current("retention.work").value
    factories.rule("retention.work", **{**value, "messages": 30})
    with later(31):
        sweeping.sweep()
    assert not Message.objects.filter(pk=message.pk).exists()


# --- people -----------------------------------------------------------------------------


def invited(name: str, **given) -> Invitation:
    body = Organization.objects.get(code="renshe")
    given = {"channel": "text", "phone": "13800000001", "email": "a@example.cn", **given}
    return inviting.invite(by=actor("guanli"), full_name=name, role="handler", organization=body, **given)


def test_telephones_and_addresses_of_invitations_that_are_over_are_forgotten():
    used, gone, waits = invited("钱一"), invited("钱二"), invited("钱三")
    joining.join(used, username="qianyi", password="wu-xi-jiang-yin-2026")
    inviting.withdraw(gone, by=actor("guanli"))
    with later(7 + 91):
        sweeping.sweep()
        for invitation in (used, gone, waits):
            invitation.refresh_from_db()
        assert (used.phone, used.email, gone.phone, gone.email) == (None, "", None, "")
        assert waits.phone.plain() == "13800000001"  # nobody has ended it yet
        inviting.follow_the_minute()
        sweeping.sweep()
        waits.refresh_from_db()
        assert waits.phone is None
    assert Invitation.objects.get(pk=used.pk).full_name == "钱一"


def test_the_address_of_an_invitation_never_stands_in_the_journal():
    invitation = invited("钱一")
    inviting.withdraw(invitation, by=actor("guanli"))
    entries = Entry.objects.filter(lifecycle="organizations.Invitation", object_id=invitation.pk)
    assert entries.count() == 2
    assert not any("a@example.cn" in f"{entry.before}{entry.after}" for entry in entries)
    assert not any("13800000001" in f"{entry.before}{entry.after}" for entry in entries)


def uploaded() -> StaffList:
    row = {"full_name": "钱一", "phone": "13800000001", "email": "", "channel": "text", "role": "handler"}
    body = Organization.objects.get(code="renshe")
    row |= {"organization": body.pk, "place": None, "valid_from": None, "valid_to": None}
    return staff.upload(by=actor("guanli"), people=[row], file_name="人员.xlsx")


def test_a_list_of_staff_goes_and_one_that_nobody_sent_is_discarded_before():
    waits, done = uploaded(), uploaded()
    staff.discard(done, by=actor("guanli"))
    with later(89):
        sweeping.sweep()
        assert StaffList.objects.count() == 2
    with later(91):
        sweeping.sweep()
    assert not StaffList.objects.exists()
    entries = Entry.objects.filter(lifecycle="organizations.StaffList", object_id=waits.pk, move="discard")
    assert entries.get().role == "system"


def test_who_looked_up_whom_is_kept_for_years():
    lookups.look_up(factories.new_id_number(), by=actor("chuangkou"))
    with later(365 * 10):
        sweeping.sweep()
        assert LookUp.objects.exists()
    with later(3653):
        sweeping.sweep()
        assert not LookUp.objects.exists()


# --- the sweep --------------------------------------------------------------------------


def test_a_part_that_fails_keeps_none_of_the_others(monkeypatch):
    message = sending.send("13800000000", "您好", about="result")
    Message.objects.filter(pk=message.pk).update(sent_at=moments.now())
    broken = sweeping.Kept("retention.work", "drafts", lambda before: 0, lambda before: 1 // 0)
    monkeypatch.setitem(sweeping.KEPT, ("retention.work", "drafts"), broken)
    with later(200):
        deleted = sweeping.sweep()
    assert ("retention.work", "drafts") not in deleted
    assert deleted["retention.work", "messages"] >= 1


def test_many_rows_go_in_parts(monkeypatch):
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    for number in range(5):
        codes.send(f"1380000000{number}", "apply")
    with later(200):
        assert sweeping.sweep()["retention.work", "codes"] == 5


def test_no_journal_entry_ever_goes():
    before = Entry.objects.count()
    with later(365 * 40):
        sweeping.sweep()
    assert Entry.objects.count() >= before


# --- what the page says -----------------------------------------------------------------


WRONG = [
    ("retention.work", {"codes": "90"}, "codes"),
    ("retention.work", {"messages": "7"}, "messages"),
    ("retention.households", {"look_ups": "2"}, "look_ups"),
    ("retention.people", {"invitations": "0"}, "invitations"),
]


@pytest.mark.parametrize("key,changed,path", WRONG)
def test_a_time_below_what_the_law_demands_is_refused_at_its_field(client_of, key, changed, path):
    answer = client_of("minzheng").post(PROPOSE, parts_of(key, **changed))
    assert answer.status_code == 422
    assert f"value.{path}" in answer.context["form"].errors


def test_the_page_says_how_much_would_go_by_the_new_value(client_of):
    for number in range(3):
        message = sending.send(f"1380000000{number}", "您好", about="result")
        Message.objects.filter(pk=message.pk).update(sent_at=moments.now() - timedelta(days=100))
    sent = {**parts_of("retention.work", messages="90"), "search": "value"}
    page = client_of("minzheng").post(PROPOSE, sent).content.decode()
    assert "今夜会删去 3 条" in page
    assert "按现行规定 0 条" in page
    rule = reading.current("retention.work")
    shown = {one.label: one.text for one in effects.effect_of(rule, {**rule.value, "messages": 101}).previews}
    assert shown[rule.fields["messages"].label] == "今夜会删去 0 条"


def test_what_the_preview_counts_is_what_goes():
    invited("钱一")
    with later(7 + 91):
        inviting.follow_the_minute()
        before = sweeping.oldest("retention.people", "invitations")
        kept = sweeping.KEPT["retention.people", "invitations"]
        assert kept.over(before) == 1
        assert kept.delete(before) == 1
        assert kept.over(before) == 0
