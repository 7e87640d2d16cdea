"""Who is invited joins by a link that is used once, in a role that fits, and finds the way back in."""

from __future__ import annotations

from datetime import timedelta

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
from organizations.invitations import codes, forgetting, inviting, joining
from organizations.invitations.forms import Invite
from organizations.invitations.models import Invitation
from organizations.people import giving, helping
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.signing_in import tokens
from tests.factories import actor
from tests.marketplace.problems import problem
from tests.organizations.newcomers import PASSWORD, invited, joined


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
    old = Client().get(f"/join/{before}/")
    assert old.status_code == 410
    assert "重新发过一次" in old.content.decode()
    assert invitation.full_name not in old.content.decode()
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
    name = User.objects.get(username="bumen").full_name
    invitation = invited(
        full_name=name, role=Role.HANDLER, organization=Organization.objects.get(code="yibao")
    )
    user = User.objects.get(username="bumen")
    client.force_login(user)
    assert client.post(f"/join/{codes.code_of(invitation)}/", {}).status_code == 302
    assert Membership.objects.of_today().filter(user=user).count() == 2


def test_an_invitation_opened_under_another_name_is_taken_by_who_says_so_alone(client_of):
    """As on a computer of the window, where a colleague is signed in."""
    client, invitation = client_of("bumen"), invited(full_name="村助理", role=Role.HOTLINE, organization=None)
    address = f"/join/{codes.code_of(invitation)}/"
    page = client.get(address).content.decode()
    assert "不是同一个人的，请先退出登录" in page
    assert f'name="next" value="{address}"' in page
    assert client.post(address, {}).status_code == 422
    person = User.objects.get(username="bumen")
    with pytest.raises(Invalid, match="不是同一个人"):
        joining.join_as(invitation, person)
    assert not Membership.objects.filter(user=person, role=Role.HOTLINE).exists()
    assert client.post(address, {"myself": "on"}).status_code == 302
    (told,) = Notice.objects.filter(role=Role.ADMINISTRATOR, texts__icontains="姓名不同")
    assert person.username in told.text


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
        (Role.WINDOW, "window-320281001", "华士镇", "place"),
        (Role.ASSISTANT, "village-32028100101", "君山社区", "place"),
        (Role.GRID_WORKER, "village-32028100101", "君山社区", "place"),
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


def test_the_database_too_keeps_a_role_where_its_organization_is():
    window = Membership.objects.get(user__username="chuangkou")
    elsewhere = Place.objects.get(name="华士镇")
    with pytest.raises(IntegrityError, match="at another place"), transaction.atomic():
        Membership.objects.filter(pk=window.pk).update(place=elsewhere)
    with pytest.raises(IntegrityError, match="at another place"), transaction.atomic():
        window.pk, window.place = None, elsewhere
        window.save(force_insert=True)


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
    assert helping.may_help(user, actor("jiguan"))
    renshe = Organization.objects.get(code="renshe")
    giving.enter(by=SYSTEM, person=user, role=Role.HANDLER, organization=renshe)
    assert not helping.may_help(user, actor("jiguan"))
    with pytest.raises(NotYours):
        inviting.renew(by=actor("jiguan"), person=user, channel="text")
    assert inviting.renew(by=SYSTEM, person=user, channel="letter").purpose == "password"


def test_a_code_that_is_none_is_told_at_its_field():
    answer = Client().post("/join/", {"code": "ABCD-EFGH-2345-6723"})
    assert answer.context["form"].errors.keys() == {"code"}
    assert 'aria-invalid="true"' in answer.content.decode()
    assert 'href="#block-code"' in answer.content.decode()


def test_nobody_gives_himself_a_role_directly_or_by_an_invitation(client_of):
    person = User.objects.get(username="guanli")
    with pytest.raises(NotYours):
        giving.give(by=actor("guanli"), person=person, role=Role.HOTLINE)
    invitation = invited(full_name="自己", role=Role.HOTLINE, organization=None)
    answer = client_of("guanli").post(f"/join/{codes.code_of(invitation)}/", {"myself": "on"})
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


def test_a_user_name_is_one_in_whatever_case_it_is_written(client):
    joined("QianYi", phone="13811110000")
    assert client.post("/sign-in/", {"username": "qianyi", "password": PASSWORD}).status_code == 302
    assert APIClient().post(
        "/api/v1/sign-in", {"username": "QIANYI", "password": PASSWORD}, format="json"
    ).status_code in (200, 403)
    with pytest.raises(Invalid, match="已有人用"):
        joined("qIANyI", full_name="钱二", phone="13811110001")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="qianYI", full_name="钱三")


def test_other_cases_of_a_name_are_no_further_tries():
    spellings = ("guanli", "Guanli", "GUANLI", "gUanli", "guAnli", "guaNli", "guanLi", "guanlI", "GuanLi")
    for spelling in spellings:
        answer = Client().post("/sign-in/", {"username": spelling, "password": "wrong"})
    assert answer.status_code == 429 or "试的次数太多" in answer.content.decode()


def test_nobody_is_given_or_invited_to_a_role_from_a_day_that_has_passed(client_of):
    yesterday = moments.today() - timedelta(days=1)
    person = User.objects.get(username="bumen")
    with pytest.raises(Invalid) as refused:
        giving.give(by=actor("guanli"), person=person, role=Role.HOTLINE, valid_from=yesterday)
    assert set(refused.value.fields) == {"valid_from"}
    with pytest.raises(Invalid) as refused:
        invited(valid_from=yesterday)
    assert set(refused.value.fields) == {"valid_from"}
    answer = client_of("guanli").post(
        "/memberships/new/give/",
        {"person": person.pk, "role": "hotline", "valid_from": yesterday.isoformat()},
    )
    assert answer.status_code == 422
    assert "valid_from" in answer.context["form"].errors
    giving.enter(by=SYSTEM, person=person, role=Role.HOTLINE, valid_from=yesterday)


def test_the_form_says_which_roles_need_a_place_takes_the_windows_own_and_offers_no_role_that_never_fits(
    client_of,
):
    page = client_of("guanli").get("/invitations/new/invite/").content.decode()
    assert "窗口工作人员、" in page and "要写\uff0c其他身份可以不写" in page
    window = Organization.objects.get(pk=actor("chuangkou").organization_id)
    given = {"full_name": "钱一", "role": "window", "organization": str(window.pk), "channel": "letter"}
    form = Invite(given, actor=actor("guanli"))
    assert form.is_valid(), form.errors
    assert form.given()["place"] == window.place
    person = actor("caizheng").user_id
    page = client_of("guanli").get(f"/memberships/new/give/?person={person}").content.decode()
    assert 'value="civil_affairs"' not in page and 'value="handler"' in page
