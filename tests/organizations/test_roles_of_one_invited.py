"""Roles that must never meet are told to whoever invites one person to both, not to the person who joins."""

from __future__ import annotations

import pytest

from foundation.inbox.models import Notice
from foundation.refusals import Invalid
from foundation.roles import Role
from organizations.bodies.models import Organization
from organizations.invitations import joining
from organizations.invitations.forms import Invite
from organizations.invitations.models import Invitation
from organizations.people.models import Membership, User
from organizations.staff_lists import sending
from tests.factories import actor
from tests.organizations.newcomers import invited, joined
from tests.organizations.test_staff_lists import being_sent, faults, filled, row, sent

PHONE = "13812340000"


def as_(role: str, name: str = "钱一", **more: str) -> dict[str, str]:
    """A row of one person in a role."""
    return row(name, phone=PHONE, role=role) | more


def typed(role: str, name: str = "钱一") -> Invite:
    """The form of an invitation by hand."""
    body = Organization.objects.get(code="renshe")
    given = {"full_name": name, "role": role, "organization": str(body.pk), "channel": "text", "phone": PHONE}
    return Invite(given, actor=actor("guanli"))


def test_two_rows_of_one_person_that_never_meet_are_told_and_those_of_two_people_are_not():
    (told,) = faults(as_("民政"), as_("财政"), as_("财政", phone="13812340009"))
    assert told.startswith("第 3 行") and "不能由同一人担任" in told


def test_what_the_person_holds_or_is_invited_to_counts_at_the_row_and_at_the_field():
    invited(phone=PHONE, role=Role.CIVIL_AFFAIRS)
    assert "不能由同一人担任" in faults(as_("财政"))[0]
    assert "不能由同一人担任" in str(typed("finance").errors["role"])
    assert "不能由同一人担任" in str(typed("finance", "钱 一").errors["role"])
    with pytest.raises(Invalid, match="不能由同一人担任"):
        invited(phone=PHONE, role=Role.FINANCE)
    joining.join(Invitation.objects.get(), username="qianyi", password="wu-xi-jiang-yin-2026")
    assert "不能由同一人担任" in faults(as_("财政"))[0]
    assert "不能由同一人担任" in str(typed("finance").errors["role"])
    assert not typed("handler").errors


def test_a_name_is_kept_in_one_spelling():
    form = typed("handler", "钱 一")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["full_name"] == "钱一"
    assert typed("handler", "Ai Hua").data["full_name"] == "Ai Hua"
    invited(phone=PHONE, role=Role.CIVIL_AFFAIRS)
    assert "不能由同一人担任" in faults(as_("财政", "钱 一"))[0]


def test_nobody_invites_himself():
    own = User.objects.get(username="guanli")
    own.phone = PHONE
    own.save()
    name = actor("guanli").name
    (told,) = faults(as_("审计", name), as_("审计", phone="13812340001"))
    assert told.startswith("第 2 行") and "不能给自己身份" in told
    assert "不能给自己身份" in str(typed("handler", name).errors["role"])


def test_who_sent_it_is_told_of_somebody_who_may_not_join():
    person = joined(phone=PHONE, role=Role.CIVIL_AFFAIRS)
    invitation = invited(full_name="钱一", role=Role.FINANCE, phone="13812340008")
    with pytest.raises(Invalid, match="不能由同一人担任"):
        joining.join_as(invitation, person)
    invitation.refresh_from_db()
    assert invitation.usable
    assert not Membership.objects.filter(user=person, role=Role.FINANCE).exists()
    told = [str(one.text) for one in Notice.objects.filter(role=Role.ADMINISTRATOR)]
    assert any("钱一打开了邀请" in words and "不能由同一人担任" in words for words in told)


def test_a_namesake_in_the_same_seat_is_remarked_where_nothing_tells_them_apart(client_of):
    held = joined(phone="", channel="letter")
    form = filled(row("钱一", phone=PHONE))
    assert form.is_valid(), form.errors
    waiting = sending.upload(by=actor("guanli"), **form.given())
    page = client_of("guanli").get(waiting.get_absolute_url()).content.decode()
    assert f"请核对\uff1a{held.full_name}" in page


def test_the_preview_counts_people_and_masks_addresses_once_sent(client_of):
    body = Organization.objects.get(code="renshe")
    two = [row("钱一", email="qian@example.org"), row("钱一", email="qian@example.org", role="系统管理员")]
    done = sent(being_sent(*two))
    page = client_of("guanli").get(done.get_absolute_url()).content.decode()
    assert "1 人\uff0c2 份邀请\uff0c已发出 2 份" in page
    assert "qian@" not in page and "q***@example.org" in page and body.name in page


def test_a_wrong_day_names_its_column():
    (told,) = faults(row("钱一", last="明年"))
    assert told.startswith("第 2 行\uff1a至\uff1a")
