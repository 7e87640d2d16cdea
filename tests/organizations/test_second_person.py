"""No administrator gets in as somebody else, or makes himself a second person; and no program is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from rest_framework.test import APIClient

from foundation import moments
from foundation.holidays.days import Day
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.messaging.models import Message
from foundation.refusals import NotNow, NotYours, Refused
from foundation.roles import DECIDES_FOR_THE_CITY, SYSTEM, Role
from foundation.work_items.models import WorkItem
from organizations.bodies.models import Organization
from organizations.contacts import keeping as contacts
from organizations.dispensations import allowing as dispensations
from organizations.dispensations.models import Dispensation
from organizations.emergencies import allowing
from organizations.emergencies.models import EmergencyAccess
from organizations.factors import keeping
from organizations.invitations import codes, forgetting, inviting, joining, letters
from organizations.invitations.models import Invitation
from organizations.people import ending, giving
from organizations.people.models import Membership, User
from tests.factories import actor, proposed_holidays
from tests.marketplace.problems import problem
from tests.organizations.newcomers import PASSWORD, joined
from tests.organizations.test_emergencies import asked
from tests.organizations.test_service_accounts import issued, program
from tests.organizations.test_taking_back import passkey

API = "/api/v1"
Act = Callable[[User, str], object]


def reset(person: User, by: str) -> object:
    return keeping.reset(person, by=actor(by), reason="手机丢失")


def link(person: User, by: str) -> Invitation:
    return inviting.renew(by=actor(by), person=person, channel="letter")


def another_address(person: User, by: str) -> User:
    return contacts.help_with(person, by=actor(by), phone=None, email="evil@example.cn", reason="换了邮箱")


@pytest.fixture(params=["chuangkou", "caizheng", "shenji", "minzheng", "guanli2"])
def person(request: pytest.FixtureRequest) -> User:
    """Somebody of the staff with a second factor."""
    found = User.objects.get(username=request.param)
    passkey(found, "own")
    return found


@pytest.mark.parametrize(
    ("first", "second"),
    [(reset, link), (reset, another_address), (link, reset), (another_address, reset)],
    ids=lambda act: act.__name__,
)
def test_no_administrator_alone_does_both_halves_for_anybody_of_the_staff(person, first, second):
    first(person, "guanli")
    with pytest.raises(NotYours, match="另一位"):
        second(person, "guanli")
    with moments.as_of(moments.now() + timedelta(days=31)):
        second(person, "guanli")


def test_the_other_administrator_does_the_other_half_and_is_named():
    person = User.objects.get(username="chuangkou")
    passkey(person, "own")
    reset(person, "guanli")
    with pytest.raises(NotYours) as refused:
        link(person, "guanli")
    assert User.objects.get(username="guanli2").full_name in str(refused.value.message)
    assert link(person, "guanli2").status == "sent"


def test_a_forgotten_password_at_a_changed_address_does_not_open_the_way_to_a_reset(settings):
    settings.EMAIL_HOST = "mail.test"
    person = User.objects.get(username="minzheng")
    passkey(person, "own")
    another_address(person, "guanli")
    forgetting.ask("minzheng", "evil@example.cn", address="203.0.113.7")
    sent = Invitation.objects.get(user=person)
    joining.set_password(sent, password=PASSWORD)
    with pytest.raises(NotYours):
        reset(person, "guanli")


def test_a_colleague_whom_he_has_just_let_in_is_no_other_administrator():
    person = User.objects.get(username="chuangkou")
    passkey(person, "own")
    invented(Role.ADMINISTRATOR, "xinguanli")
    reset(person, "guanli")
    with pytest.raises(NotYours):
        link(person, "xinguanli")


def test_nor_are_two_whom_the_same_administrator_has_just_let_in():
    person = User.objects.get(username="chuangkou")
    passkey(person, "own")
    for username in ("diyi", "dier"):
        invented(Role.ADMINISTRATOR, username)
    link(person, "diyi")
    with pytest.raises(NotYours, match="邀请关系"):
        reset(person, "dier")
    reset(person, "guanli2")


def test_one_whom_a_text_has_reached_is_a_person_of_his_own():
    person = User.objects.get(username="chuangkou")
    passkey(person, "own")
    body = Organization.objects.get(code="minzheng")
    joined("xinguanli", full_name="新管理", role=Role.ADMINISTRATOR, organization=body)
    reset(person, "guanli")
    link(person, "xinguanli")


def test_where_nobody_is_left_the_refusal_says_the_way_round_and_it_works():
    person = User.objects.get(username="rexian")
    person.phone = "13700001111"
    person.save()
    passkey(person, "own")
    invented(Role.ADMINISTRATOR, "diyi")
    ending.end(
        Membership.objects.get(user__username="guanli2", role=Role.ADMINISTRATOR),
        by=actor("guanli"),
        reason="调离",
    )
    link(person, "guanli")
    with pytest.raises(NotYours, match="再邀请本人另建一个账号"):
        reset(person, "diyi")
    for held in person.memberships.from_today():
        ending.end(held, by=actor("guanli"), reason="另建账号")
    anew = joined(
        "rexian3", full_name=person.full_name, phone="13700001111", role=Role.HOTLINE, organization=None
    )
    person.refresh_from_db()
    assert person.phone is None
    assert anew.phone is not None
    assert anew.phone.plain() == "13700001111"
    assert Entry.objects.filter(object_id=person.pk, move="contact_left").exists()


def test_the_page_says_whom_to_ask_instead_of_the_button(client_of):
    person = User.objects.get(username="chuangkou")
    passkey(person, "own")
    link(person, "guanli")
    name = User.objects.get(username="guanli2").full_name
    page = client_of("guanli").get(person.get_absolute_url()).content.decode()
    assert "reset-factors" not in page
    assert name in page
    assert "reset-factors" in client_of("guanli2").get(person.get_absolute_url()).content.decode()
    reset(person, "guanli2")
    page = client_of("guanli2").get(f"/people/{person.pk}/contact/").content.decode()
    assert '<form method="post" class="form-sheet"' not in page
    problem(APIClient().post(f"{API}/people/{person.pk}/contact", {}, format="json"), 401, "sign-in")


def test_the_letter_of_a_link_for_a_password_is_read_by_whoever_has_sent_it_alone(client_of):
    person = User.objects.get(username="chuangkou")
    sent = link(person, "guanli")
    page = f"/invitations/{sent.pk}/letter/"
    assert codes.code_of(sent) in client_of("guanli").get(page).content.decode()
    assert client_of("guanli2").get(page).status_code == 404
    inviting.send_again(sent, by=actor("guanli2"))
    assert letters.to_print(Invitation.objects.filter(pk=sent.pk), actor("guanli")) == []
    assert client_of("guanli2").get(page).status_code == 200


def test_who_took_the_factor_away_sends_no_waiting_link_again_and_is_not_offered_it():
    person = User.objects.get(username="chuangkou")
    passkey(person, "own")
    sent = link(person, "guanli")
    reset(person, "guanli2")
    offered = [row.name for row in sent.transitions_for(actor("guanli2"))]
    assert "send_again" not in offered
    assert "send_again" in [row.name for row in sent.transitions_for(actor("guanli"))]
    with pytest.raises(NotYours):
        inviting.send_again(sent, by=actor("guanli2"))


# --- who has let him in -----------------------------------------------------------------


def invented(role: Role = Role.CIVIL_AFFAIRS, username: str = "ceshijia", by: str = "guanli") -> User:
    """Somebody invented by an administrator, who prints the letter and opens it at once."""
    code = {Role.ADMINISTRATOR: "minzheng", Role.CIVIL_AFFAIRS: "minzheng"}.get(role)
    body = Organization.objects.filter(code=code).first() if code else None
    sent = inviting.invite(by=actor(by), full_name="测试甲", role=role, organization=body, channel="letter")
    letters.note_reading([sent], actor(by))
    return joining.join(sent, username=username, password=PASSWORD)


def requested(
    by: str, person: str = "bumen", role: Role = Role.COORDINATOR, organization: Organization | None = None
) -> Dispensation:
    """A dispensation that somebody asks for: by default that a handler may coordinate a provider."""
    return dispensations.request(
        by=actor(by),
        person=User.objects.get(username=person),
        role=role,
        organization=organization or Membership.objects.get(user__username="jigou").organization,
        valid_to=moments.today() + timedelta(days=90),
        why="小机构人手不够",
    )


def asked_by_the_administrator() -> EmergencyAccess:
    return asked("guanli")


def test_nobody_allows_an_emergency_of_whoever_has_just_let_him_in(client_of):
    person = invented()
    access = asked_by_the_administrator()
    with pytest.raises(Refused):
        allowing.allow(access, by=actor("ceshijia"))
    assert "/allow/" not in client_of("ceshijia").get(access.get_absolute_url()).content.decode()
    waiting = WorkItem.objects.filter(lifecycle="organizations.EmergencyAccess", role=Role.CIVIL_AFFAIRS)
    assert all(person.pk in item.kept_from for item in waiting)
    allowing.allow(access, by=actor("minzheng"))


def test_nor_one_of_whomever_he_has_just_let_in_himself():
    invented()
    access = asked("ceshijia")
    with pytest.raises(NotYours, match="30 天"):
        allowing.allow(access, by=actor("guanli"))
    allowing.allow(access, by=actor("minzheng"))


def test_nor_of_two_whom_the_same_one_has_let_in():
    invented()
    invented(username="ceshiyi")
    with pytest.raises(NotYours, match="30 天"):
        allowing.allow(asked("ceshijia"), by=actor("ceshiyi"))


def test_nor_does_one_whom_that_one_has_let_in():
    invented(Role.ADMINISTRATOR, "diyi")
    invented(Role.CIVIL_AFFAIRS, "dier", by="diyi")
    with pytest.raises(NotYours):
        allowing.allow(asked_by_the_administrator(), by=actor("dier"))


def test_whoever_has_read_the_letter_counts_as_one_who_has_let_in(client_of):
    body = Organization.objects.get(code="minzheng")
    sent = inviting.invite(
        by=actor("guanli"), full_name="测试甲", role=Role.CIVIL_AFFAIRS, organization=body, channel="letter"
    )
    for _ in range(2):
        assert client_of("guanli2").get(f"/invitations/{sent.pk}/letter/").status_code == 200
    assert Entry.objects.filter(object_id=sent.pk, move="read_letter").count() == 1
    assert "打开了邀请信" in client_of("guanli").get(sent.get_absolute_url()).content.decode()
    joining.join(sent, username="ceshijia", password=PASSWORD)
    with pytest.raises(NotYours, match="30 天"):
        allowing.allow(asked("guanli2"), by=actor("ceshijia"))


@pytest.mark.parametrize("by_letter", [True, False])
def test_nor_of_whoever_could_have_set_his_password(client_of, by_letter):
    person = User.objects.get(username="minzheng2")
    if by_letter:
        sent = inviting.renew(by=actor("guanli"), person=person, channel="letter")
        assert client_of("guanli").get(f"/invitations/{sent.pk}/letter/").status_code == 200
        joining.set_password(sent, password="a-new-" + PASSWORD)
    else:
        contacts.help_with(person, by=actor("guanli"), phone="13900007777", email="", reason="换了手机")
    access = asked_by_the_administrator()
    with pytest.raises(NotYours, match="30 天"):
        allowing.allow(access, by=actor("minzheng2"))
    waiting = WorkItem.objects.filter(lifecycle="organizations.EmergencyAccess", role=Role.CIVIL_AFFAIRS)
    assert all(person.pk in item.kept_from for item in waiting)
    with pytest.raises(NotYours, match="30 天"):
        allowing.allow(asked("minzheng2"), by=actor("guanli"))
    allowing.allow(access, by=actor("minzheng"))


def test_all_who_decide_are_told_of_a_link_for_the_password_of_one_of_them():
    inviting.renew(by=actor("guanli"), person=User.objects.get(username="minzheng2"), channel="letter")
    assert {"guanli2", "minzheng", "minzheng2", "shenji"} <= told("发了重设密码的链接")
    assert "guanli" not in told("发了重设密码的链接")
    before = Notice.objects.filter(texts__icontains="发了重设密码的链接").count()
    inviting.renew(by=actor("guanli"), person=User.objects.get(username="chuangkou"), channel="letter")
    assert Notice.objects.filter(texts__icontains="发了重设密码的链接").count() == before


def test_a_letter_for_a_password_that_nobody_used_lets_nobody_in(client_of):
    person = User.objects.get(username="minzheng2")
    sent = inviting.renew(by=actor("guanli"), person=person, channel="letter")
    assert client_of("guanli").get(f"/invitations/{sent.pk}/letter/").status_code == 200
    allowing.allow(asked_by_the_administrator(), by=actor("minzheng2"))


def test_a_month_later_he_may():
    invented()
    with moments.as_of(moments.now() + timedelta(days=32)):
        access = asked_by_the_administrator()
        allowing.allow(access, by=actor("ceshijia"))


def test_a_role_that_was_given_counts_as_an_invitation():
    person = joining.new_account(username="jiu", password=PASSWORD, full_name="旧人", phone="13800009999")
    giving.enter(by=SYSTEM, person=person, role=Role.HOTLINE)
    body = Organization.objects.get(code="minzheng")
    giving.give(by=actor("guanli"), person=person, role=Role.CIVIL_AFFAIRS, organization=body)
    civil = next(one for one in person.memberships.all() if one.role == Role.CIVIL_AFFAIRS).actor()
    with pytest.raises(NotYours):
        allowing.allow(asked_by_the_administrator(), by=civil)


def test_nor_does_he_allow_a_dispensation_or_look_the_emergency_through():
    invented(Role.ADMINISTRATOR, "diyi")
    request = requested("guanli")
    with pytest.raises(NotYours, match="30 天"):
        dispensations.allow(request, by=actor("diyi"))
    dispensations.allow(request, by=actor("guanli2"))
    invented(Role.AUDITOR, "xinshenji")
    access = allowing.allow(asked_by_the_administrator(), by=actor("minzheng"))
    access = allowing.end(access, by=actor("guanli"))
    with pytest.raises(NotYours, match="30 天"):
        allowing.review(access, by=actor("xinshenji"), reason="看过")
    allowing.review(access, by=actor("shenji"), reason="看过")


def test_nor_a_dispensation_for_whoever_has_let_him_in():
    invented(Role.ADMINISTRATOR, "diyi")
    invented(Role.ADMINISTRATOR, "dier")
    request = requested("diyi", "guanli", Role.CIVIL_AFFAIRS, Organization.objects.get(code="minzheng"))
    with pytest.raises(NotYours, match="兼任的这个人"):
        dispensations.allow(request, by=actor("dier"))
    dispensations.allow(request, by=actor("guanli2"))


def test_the_first_administrator_allows_what_the_second_asks_for():
    invented(Role.ADMINISTRATOR, "diyi")
    request = requested("diyi")
    dispensations.allow(request, by=actor("guanli"))


def test_what_nobody_could_allow_is_not_asked_for():
    ending.end(
        Membership.objects.get(user__username="guanli2", role=Role.ADMINISTRATOR),
        by=actor("guanli"),
        reason="调离",
    )
    with pytest.raises(NotNow, match="没有别的系统管理员"):
        requested("guanli")
    invented(Role.ADMINISTRATOR, "diyi")
    with pytest.raises(NotNow, match="没有人可以批准"):
        requested("guanli")
    for username in ("minzheng", "minzheng2"):
        for held in Membership.objects.filter(user__username=username, role=Role.CIVIL_AFFAIRS):
            ending.end(held, by=actor("guanli"), reason="调离")
    with pytest.raises(NotNow, match="没有人可以批准"):
        asked_by_the_administrator()


# --- who is told -----------------------------------------------------------------------


def told(words: str) -> set[str]:
    """To whom by user name a notice says this."""
    found = Notice.objects.filter(texts__icontains=words, user_id__isnull=False)
    people = User.objects.filter(pk__in=found.values("user_id"))
    return set(people.values_list("username", flat=True))


@pytest.mark.parametrize("role", DECIDES_FOR_THE_CITY)
def test_whoever_is_invited_among_those_who_decide_is_told_at_once_and_again_on_joining(role):
    chief = User.objects.get(username="minzheng2")
    chief.phone = "13900000077"
    chief.save()
    body = {Role.FINANCE: "caizheng", Role.AUDITOR: None}.get(role, "minzheng")
    organization = Organization.objects.get(code=body) if body else None
    invitation = inviting.invite(
        by=actor("guanli"), full_name="测试甲", role=role, organization=organization, channel="letter"
    )
    assert {"guanli2", "minzheng", "minzheng2", "shenji"} <= told("邀请测试甲担任")
    assert "guanli" not in told("邀请测试甲")
    person = joining.join(invitation, username="ceshijia", password=PASSWORD)
    assert {"guanli", "guanli2", "minzheng", "minzheng2", "shenji"} <= told("测试甲得到了")
    assert person.username not in told("测试甲得到了")
    assert Message.objects.filter(about="staff:decides").count() == 2


def test_whoever_comes_to_a_seat_is_told_to_those_who_hold_it_and_answer_for_the_organization():
    window = Membership.objects.filter(user__username="chuangkou", role=Role.WINDOW)[0]
    joined(
        "xinchuang", full_name="新窗", role=Role.WINDOW, organization=window.organization, place=window.place
    )
    told_of_it = Notice.objects.filter(texts__icontains="新窗从")
    assert told_of_it.filter(role=Role.WINDOW, place_id=window.place_id).exists()
    provider = Membership.objects.get(user__username="jigou", role=Role.COORDINATOR).organization
    joined("xinshegong", full_name="新社", role=Role.SOCIAL_WORKER, organization=provider)
    roles = Notice.objects.filter(texts__icontains="新社从").values_list("role", flat=True)
    assert {Role.COORDINATOR, Role.STAFF_MANAGER} & set(roles)


def test_nothing_is_told_of_others():
    joined("yi", full_name="平常人")
    assert told("平常人得到了") == set()


# --- programs --------------------------------------------------------------------------


def test_a_program_is_no_second_person():
    notice = proposed_holidays([Day(date(2026, 12, 2), False, "放假")], year=2026)
    account = issued("minzheng2", parts=("foundation",), acts=True)
    api = program(account)
    answer = api.get(f"{API}/holidays/{notice.pk}")
    assert "confirm" not in answer.json()["moves"]
    refused = api.post(f"{API}/holidays/{notice.pk}/confirm", {}, format="json")
    problem(refused, 403, "not-yours")
    assert "程序不能代办" in refused.json()["detail"]
    assert [row.name for row in notice.transitions_for(actor("minzheng2"))] != []
