"""Who joins, in which role, until when; who leaves is out with the next click, and hands the cases on."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient

from foundation import moments
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import SYSTEM, Role
from organizations.bodies.models import Organization
from organizations.dispensations import allowing
from organizations.dispensations.models import Dispensation
from organizations.invitations import codes, forgetting, inviting, joining
from organizations.invitations.models import Invitation
from organizations.people import closing, giving, leaving
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.signing_in import tokens
from procurement.oversight import telling
from procurement.oversight.models import RedFlag
from referrals.matters.models import Matter
from tests import factories
from tests.factories import actor
from tests.marketplace.problems import problem
from tests.racing import at_once, refused

PASSWORD = "wu-xi-jiang-yin-2026"


def invited(by: str = "guanli", **given) -> Invitation:
    given = {
        "full_name": "钱一",
        "role": Role.HANDLER,
        "organization": Organization.objects.get(code="renshe"),
        "channel": "text",
        "phone": "13800000001",
        **given,
    }
    return inviting.invite(by=actor(by), **given)


#: Telephones of those who join, of which each has one account.
NUMBERS = (f"1380000{number:04d}" for number in count(1))


def joined(username: str = "qianyi", **given) -> User:
    given = {"phone": next(NUMBERS), **given}
    return joining.join(invited(**given), username=username, password=PASSWORD)


def test_whoever_is_invited_joins_by_the_link_and_finds_the_work_of_the_role(client):
    invitation = invited()
    (text,) = Message.objects.filter(about__startswith="invitation")
    assert codes.link_of(invitation) in text.text
    address = f"/join/{codes.code_of(invitation)}/"
    assert "人力资源" in client.get(address).content.decode()
    given = {"username": "qianyi", "password": PASSWORD, "again": PASSWORD}
    assert client.post(address, given).headers["Location"] == "/workbench/"
    assert client.get("/workbench/").status_code == 200
    held = Membership.objects.get(user__username="qianyi")
    assert (held.role, held.organization.code) == ("handler", "renshe")


def test_a_link_is_used_once(client):
    invitation = invited()
    joining.join(invitation, username="qianyi", password=PASSWORD)
    answer = Client().get(f"/join/{codes.code_of(invitation)}/")
    assert answer.status_code == 410


def test_a_link_that_is_sent_again_ends_the_earlier_one_and_one_that_has_expired_opens_nothing():
    invitation = invited()
    before = codes.code_of(invitation)
    invitation = inviting.send_again(invitation, by=actor("guanli"))
    assert Client().get(f"/join/{before}/").status_code == 410
    assert Client().get(f"/join/{codes.code_of(invitation)}/").status_code == 200
    with moments.as_of(moments.now() + timedelta(hours=169)):
        assert Client().get(f"/join/{codes.code_of(invitation)}/").status_code == 410
        inviting.follow_the_minute()
        invitation.refresh_from_db()
        assert invitation.status == "expired"


def test_a_weak_password_and_a_name_that_is_taken_are_told_at_the_field(client):
    address = f"/join/{codes.code_of(invited())}/"
    answer = client.post(address, {"username": "minzheng", "password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 422
    assert "已有人用" in answer.content.decode()
    answer = client.post(address, {"username": "qianyi", "password": "1234567890", "again": "1234567890"})
    assert answer.status_code == 422
    assert not User.objects.filter(username="qianyi").exists()


def test_somebody_who_has_an_account_gets_the_role_beside_the_others(client):
    invitation = invited(role=Role.HANDLER, organization=Organization.objects.get(code="yibao"))
    user = User.objects.get(username="bumen")
    client.force_login(user)
    assert client.post(f"/join/{codes.code_of(invitation)}/", {}).status_code == 302
    assert Membership.objects.of_today().filter(user=user).count() == 2


def test_the_administrator_of_an_organization_lets_people_in_for_it_alone():
    own = Membership.objects.get(user__username="jiguan").organization
    invitation = invited("jiguan", role=Role.SOCIAL_WORKER, organization=own)
    assert invitation.organization == own
    other = Membership.objects.get(user__username="jigou2").organization
    with pytest.raises(NotYours):
        invited("jiguan", role=Role.SOCIAL_WORKER, organization=other)
    with pytest.raises(NotYours):
        invited("jiguan", role=Role.FINANCE, organization=own)


@pytest.mark.parametrize(
    ("role", "organization", "place", "field"),
    (
        (Role.HANDLER, None, None, "organization"),
        (Role.COORDINATOR, "renshe", None, "organization"),
        (Role.WINDOW, None, None, "place"),
        (Role.WINDOW, None, "虹桥社区", "place"),
        (Role.HANDLER, "renshe", "虹桥社区", "place"),
    ),
)
def test_a_role_is_given_where_it_fits_alone(role, organization, place, field):
    with pytest.raises(Invalid) as refusal:
        invited(
            role=role,
            organization=Organization.objects.filter(code=organization).first(),
            place=Place.objects.filter(name=place).first(),
        )
    assert field in refusal.value.fields


def test_whoever_leaves_is_out_with_the_next_request_and_the_tokens_with_him(client):
    user = joined()
    client.force_login(user)
    _token, text = tokens.issue(user)
    assert client.get("/workbench/").status_code == 200
    giving.end(Membership.objects.get(user=user), by=actor("guanli"), reason="调离")
    assert client.get("/workbench/").status_code == 302
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Token {text}"})
    assert answer.status_code == 401


def test_open_matters_pass_to_the_colleague_that_is_named():
    matter = factories.AcceptedMatter()
    window = factories.window_of(matter.town)
    leaving = Membership.objects.get(user=window.person, role=Role.WINDOW)
    Matter.objects.filter(pk=matter.pk).update(first_asked_id=window.person)
    colleague = giving.enter(
        by=SYSTEM,
        person=joined("tongshi"),
        role=Role.WINDOW,
        organization=leaving.organization,
        place=leaving.place,
    )
    with pytest.raises(Invalid) as refusal:
        giving.end(leaving, by=actor("guanli"), reason="退休")
    assert "colleague" in refusal.value.fields
    giving.end(leaving, by=actor("guanli"), reason="退休", colleague=colleague)
    matter.refresh_from_db()
    assert matter.first_asked_id == colleague.user_id


def test_two_roles_that_never_meet_are_refused_and_others_need_a_second_administrator():
    user = joined()
    with pytest.raises(Invalid, match="要另一位管理员批准"):
        provider = Membership.objects.get(user__username="jigou").organization
        giving.give(by=actor("guanli"), person=user, role=Role.COORDINATOR, organization=provider)
    asked = allowing.request(
        by=actor("guanli"),
        person=user,
        role=Role.COORDINATOR,
        organization=provider,
        valid_to=moments.today() + timedelta(days=90),
        why="小机构人手不够",
    )
    with pytest.raises(NotYours):
        allowing.allow(asked, by=actor("guanli"))
    allowing.allow(asked, by=actor("guanli2"))
    assert Membership.objects.of_today().filter(user=user).count() == 2
    (flag,) = RedFlag.objects.filter(code="LD07")
    assert "钱一" in telling.sentence(flag)
    second = Membership.objects.get(user=user, role=Role.COORDINATOR)
    giving.end(second, by=actor("guanli"), reason="有人接替")
    assert not RedFlag.objects.filter(code="LD07").exists()
    officer = User.objects.get(username="minzheng")
    with pytest.raises(Invalid, match="不相容"):
        giving.give(
            by=actor("guanli"),
            person=officer,
            role=Role.FINANCE,
            organization=Organization.objects.get(code="caizheng"),
        )


def test_leave_for_one_pair_opens_no_other():
    """Civil affairs by leave beside evaluator is no leave to be administrator as well."""
    user = joined()
    evaluator = Membership.objects.get(user__username="pinggu").organization
    Membership.objects.filter(user=user).delete()
    giving.enter(by=SYSTEM, person=user, role=Role.EVALUATOR, organization=evaluator)
    asked = allowing.request(
        by=actor("guanli"),
        person=user,
        role=Role.CIVIL_AFFAIRS,
        valid_to=moments.today() + timedelta(days=90),
        why="人手不够",
    )
    allowing.allow(asked, by=actor("guanli2"))
    assert Membership.objects.get(user=user, role=Role.CIVIL_AFFAIRS).alongside == ["evaluator"]
    with pytest.raises(Invalid, match="要另一位管理员批准"):
        giving.give(by=actor("guanli"), person=user, role=Role.ADMINISTRATOR)
    with pytest.raises(IntegrityError, match="clashes"), transaction.atomic():
        Membership.objects.create(user=user, role=Role.ADMINISTRATOR)


def test_what_nobody_takes_over_is_told_to_the_administrators():
    matter = factories.AcceptedMatter()
    window = factories.window_of(matter.town)
    leaving = Membership.objects.get(user=window.person, role=Role.WINDOW)
    Membership.objects.filter(role=Role.WINDOW, place=leaving.place).exclude(pk=leaving.pk).delete()
    Matter.objects.filter(pk=matter.pk).update(first_asked_id=window.person)
    giving.end(leaving, by=actor("guanli"), reason="退休")
    told = Notice.objects.filter(role="administrator", texts__icontains="没有交给别人")
    assert told.exists()


def test_programs_join_set_a_new_password_and_change_their_own():
    api = APIClient()
    sent = {"code": codes.code_of(invited()), "username": "xinren", "password": PASSWORD}
    weak = api.post("/api/v1/invitations/join", {**sent, "password": "123"}, format="json")
    assert (weak.status_code, list(weak.json()["errors"])) == (400, ["password"])
    other = api.post(
        "/api/v1/invitations/new-password", {"code": sent["code"], "password": PASSWORD}, format="json"
    )
    problem(other, 409, "not-now")
    assert api.post("/api/v1/invitations/join", sent, format="json").status_code == 201
    problem(api.post("/api/v1/invitations/join", sent, format="json"), 409, "not-now")
    person = User.objects.get(username="xinren")
    assert person.memberships.of_today().exists()
    link = inviting.renew(by=actor("guanli"), person=person, channel="letter")
    body = {"code": codes.code_of(link), "password": "yi-ju-xin-de-mima-8"}
    assert api.post("/api/v1/invitations/new-password", body, format="json").status_code == 204
    _token, text = tokens.issue(User.objects.get(pk=person.pk))
    own = APIClient(HTTP_AUTHORIZATION=f"Token {text}")
    wrong = own.post("/api/v1/password", {"password": "x", "new_password": PASSWORD}, format="json")
    assert list(wrong.json()["errors"]) == ["password"]
    weak = own.post("/api/v1/password", {"password": body["password"], "new_password": "123"}, format="json")
    assert list(weak.json()["errors"]) == ["new_password"]
    given = {"password": body["password"], "new_password": PASSWORD}
    assert own.post("/api/v1/password", given, format="json").status_code == 204
    problem(own.get("/api/v1/me"), 401, "sign-in")
    asked = {"username": "nobody", "email": "x@example.org"}
    assert api.post("/api/v1/invitations/forgotten-password", asked, format="json").status_code == 202


def test_a_membership_runs_out_and_takes_the_sessions_along(client):
    user = joined(valid_to=moments.today())
    client.force_login(user)
    assert client.get("/workbench/").status_code == 200
    with moments.as_of(moments.now() + timedelta(days=1)):
        giving.follow_the_day()
        assert Membership.objects.get(user=user).status == "ended"
        assert client.get("/workbench/").status_code == 302


def test_a_forgotten_password_is_renewed_by_the_registered_address_and_tells_nothing_else(settings):
    settings.EMAIL_HOST = "mail.test"
    user = joined()
    User.objects.filter(pk=user.pk).update(email="qian@example.org")
    for username, email in (("qianyi", "other@example.org"), ("nobody", "qian@example.org")):
        forgetting.ask(username, email, address="192.0.2.1")
    assert not Invitation.objects.filter(purpose="password").exists()
    forgetting.ask("qianyi", "QIAN@example.org", address="192.0.2.1")
    link = Invitation.objects.get(purpose="password")
    joining.set_password(link, password="another-long-word-26")
    user.refresh_from_db()
    assert user.check_password("another-long-word-26")
    with pytest.raises(NotNow):
        joining.set_password(link, password="a-third-long-word-26")


def test_the_administrator_of_an_organization_renews_no_password_of_somebody_who_works_elsewhere_too():
    own = Membership.objects.get(user__username="jiguan").organization
    user = joined(role=Role.SOCIAL_WORKER, organization=own)
    assert closing.may_close(user, actor("jiguan"))
    renshe = Organization.objects.get(code="renshe")
    giving.enter(by=SYSTEM, person=user, role=Role.HANDLER, organization=renshe)
    assert not closing.may_close(user, actor("jiguan"))
    with pytest.raises(NotYours):
        inviting.renew(by=actor("jiguan"), person=user, channel="text")
    assert inviting.renew(by=SYSTEM, person=user, channel="letter").purpose == "password"


def test_nobody_gives_himself_a_role_directly_or_by_an_invitation(client_of):
    person = User.objects.get(username="guanli")
    with pytest.raises(NotYours):
        giving.give(by=actor("guanli"), person=person, role=Role.HOTLINE)
    invitation = invited(full_name="自己", role=Role.HOTLINE, organization=None)
    answer = client_of("guanli").post(f"/join/{codes.code_of(invitation)}/", {})
    assert "不能给自己身份" in answer.content.decode()
    assert not Membership.objects.filter(user=person, role=Role.HOTLINE).exists()
    invitation.refresh_from_db()
    assert invitation.status == "sent"


def test_whoever_has_an_account_at_that_number_or_address_opens_no_second_one(client):
    joined("qianyi", phone="13811112222", email="Qian@example.cn")
    for given in ({"phone": "13811112222"}, {"phone": "", "email": "qian@example.cn", "channel": "letter"}):
        invitation = invited(full_name="钱一", role=Role.HOTLINE, organization=None, **given)
        with pytest.raises(Invalid):
            joining.join(invitation, username="qianyi2", password=PASSWORD)
        invitation.refresh_from_db()
        assert invitation.status == "sent"
        inviting.withdraw(invitation, by=actor("guanli"))
    assert not User.objects.filter(username="qianyi2").exists()


def window_with_a_matter() -> Membership:
    """What a clerk of a window holds, who was asked first for one open matter."""
    matter = factories.AcceptedMatter()
    window = factories.window_of(matter.town)
    assert matter.first_asked_id == window.person
    return Membership.objects.get(user=window.person, role=Role.WINDOW)


def told_to(role: Role, since: int = 0) -> list[str]:
    found = Notice.objects.filter(role=role, lifecycle="organizations.Membership", pk__gt=since)
    return [f"{notice.text} {notice.link}" for notice in found.order_by("pk")]


def test_who_sets_a_last_day_sees_what_stands_under_the_name(client_of):
    held = window_with_a_matter()
    page = client_of("guanli").get(f"/memberships/{held.pk}/limit/").content.decode()
    assert "1 件首问负责的事项" in page
    assert f"/memberships/{held.pk}/end/" in page
    other = Membership.objects.get(user__username="bumen")
    page = client_of("guanli").get(f"/memberships/{other.pk}/limit/").content.decode()
    assert "名下没有在办的事项" in page


def test_before_the_last_day_the_person_and_the_administrators_are_told_what_is_left():
    held = window_with_a_matter()
    today = moments.today()
    held.user.phone = "13800000009"
    held.user.save()
    giving.limit(held, by=actor("guanli"), valid_to=today + timedelta(days=10))
    told = {}
    for days in range(11):
        before = max([0, *Notice.objects.values_list("pk", flat=True)])
        with moments.as_of(moments.now() + timedelta(days=days)):
            leaving.tell_of_last_days()
        told[10 - days] = told_to(Role.ADMINISTRATOR, before)
    assert {days for days, words in told.items() if words} == {7, 1}
    (words,) = told[7]
    assert "1 件首问负责的事项" in words
    assert f"/memberships/{held.pk}/end/" in words
    texts = Message.objects.filter(about="membership:last-day")
    assert [text.to.plain() for text in texts] == ["13800000009"] * 2


def test_a_last_day_is_told_once_though_the_machine_was_off_on_the_days_of_the_rule():
    held = window_with_a_matter()
    today = moments.today()
    giving.limit(held, by=actor("guanli"), valid_to=today + timedelta(days=10))
    told = {}
    for days in (1, 5, 6, 10):  # not on the third day, nor on the ninth
        before = max([0, *Notice.objects.values_list("pk", flat=True)])
        with moments.as_of(moments.now() + timedelta(days=days)):
            leaving.tell_of_last_days()
        told[days] = len(told_to(Role.ADMINISTRATOR, before))
    assert told == {1: 0, 5: 1, 6: 0, 10: 1}


def test_a_membership_whose_end_fails_keeps_no_other_running(monkeypatch):
    first, second = (joined(name, valid_to=moments.today()) for name in ("qianyi", "qianer"))

    def fail(membership: Membership) -> None:
        if membership.user_id == first.pk:
            raise RuntimeError

    monkeypatch.setattr(leaving, "tell_of_what_is_left", fail)
    with moments.as_of(moments.now() + timedelta(days=1)):
        giving.follow_the_day()
    assert Membership.objects.get(user=first).status == "held"
    assert Membership.objects.get(user=second).status == "ended"


def dispensation_of(user: User, days: int = 90) -> Dispensation:
    return allowing.request(
        by=actor("guanli"),
        person=user,
        role=Role.COORDINATOR,
        organization=Membership.objects.get(user__username="jigou").organization,
        valid_to=moments.today() + timedelta(days=days),
        why="小机构人手不够",
    )


def test_a_dispensation_that_nobody_decides_on_lapses_after_its_last_day_and_is_asked_anew():
    user = joined()
    asked = dispensation_of(user, days=3)
    for days, status in ((3, "pending"), (4, "lapsed")):
        with moments.as_of(moments.now() + timedelta(days=days)):
            allowing.follow_the_day()
            asked.refresh_from_db()
            assert asked.status == status
    assert dispensation_of(user).status == "pending"


def test_of_two_who_ask_for_the_same_dispensation_at_once_one_is_refused(own_database):
    user = joined()
    done = at_once([lambda: dispensation_of(user), lambda: dispensation_of(user)])
    assert refused(done) == 1
    assert Dispensation.objects.count() == 1


def test_nobody_is_told_of_a_last_day_under_which_nothing_stands_or_after_which_the_same_seat_goes_on():
    joined(valid_to=moments.today() + timedelta(days=7))
    held = window_with_a_matter()
    last = moments.today() + timedelta(days=7)
    giving.limit(held, by=actor("guanli"), valid_to=last)
    giving.give(
        by=actor("guanli"),
        person=held.user,
        role=held.role,
        organization=held.organization,
        place=held.place,
        valid_from=last + timedelta(days=1),
    )
    leaving.tell_of_last_days()
    assert not any("到期不会自动交给别人" in words for words in told_to(Role.ADMINISTRATOR))


def test_the_night_in_which_it_runs_out_the_administrators_are_told_what_nobody_took_over():
    held = window_with_a_matter()
    nothing = joined(valid_to=moments.today())
    giving.limit(held, by=actor("guanli"), valid_to=moments.today())
    with moments.as_of(moments.now() + timedelta(days=1)):
        giving.follow_the_day()
    assert not Membership.objects.filter(user=nothing, status="held").exists()
    (words,) = [words for words in told_to(Role.ADMINISTRATOR) if "已结束" in words]
    assert "1 件首问负责的事项" in words
    assert f"/people/{held.user_id}/" in words


def administrators() -> list[Membership]:
    """What the two administrators of the city hold, and nobody else."""
    found = Membership.objects.filter(role=Role.ADMINISTRATOR).order_by("user__username")
    assert [one.user.username for one in found] == ["guanli", "guanli2"]
    return list(found)


def test_the_last_administrator_of_the_city_neither_ends_nor_limits_what_he_holds(client_of):
    first, second = administrators()
    giving.end(second, by=actor("guanli"), reason="调离")
    with pytest.raises(NotNow, match="先把这个身份给另一个人"):
        giving.limit(first, by=actor("guanli"), valid_to=moments.today() + timedelta(days=30))
    answer = client_of("guanli").post(f"/memberships/{first.pk}/end/", {"reason": "调离"})
    assert answer.status_code == 422
    assert "先把这个身份给另一个人" in answer.content.decode()
    given = giving.give(by=actor("guanli"), person=joined(), role=Role.ADMINISTRATOR)
    User.objects.filter(pk=given.user_id).update(is_active=False)
    with pytest.raises(NotNow):
        giving.end(first, by=actor("guanli"), reason="调离")
    User.objects.filter(pk=given.user_id).update(is_active=True)
    assert giving.end(first, by=actor("guanli"), reason="调离").status == "ended"


def test_of_two_administrators_the_one_who_stays_longest_keeps_it_without_a_last_day():
    first, second = administrators()
    giving.limit(second, by=actor("guanli"), valid_to=moments.today() + timedelta(days=30))
    with pytest.raises(NotNow):
        giving.limit(first, by=actor("guanli"), valid_to=moments.today() + timedelta(days=30))
    giving.limit(first, by=actor("guanli"), valid_to=None)
    giving.limit(second, by=actor("guanli"), valid_to=moments.today() + timedelta(days=60))


def test_two_administrators_who_end_each_other_at_once_leave_one(own_database):
    first, second = administrators()
    done = at_once(
        [
            lambda: giving.end(second, by=actor("guanli"), reason="调离"),
            lambda: giving.end(first, by=actor("guanli2"), reason="调离"),
        ]
    )
    assert refused(done, NotNow) == 1
    assert Membership.objects.on(moments.today()).filter(role=Role.ADMINISTRATOR).count() == 1
