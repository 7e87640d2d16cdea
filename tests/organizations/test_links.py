"""Links rest on the word of whoever has sent them, and open one account for one person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.inbox.models import Notice
from foundation.refusals import Invalid, NotNow
from foundation.roles import Role
from foundation.wording import day
from organizations.bodies.models import Organization
from organizations.invitations import codes, inviting, joining
from organizations.invitations.models import Invitation
from organizations.people import ending
from organizations.people.models import Membership, User
from organizations.providers import joining as joining_providers
from organizations.signing_in import own
from tests import factories
from tests.factories import actor
from tests.organizations.newcomers import PASSWORD, invited, joined
from tests.organizations.test_joining_providers import facts
from tests.racing import at_once, refused


def administrator() -> User:
    """A third administrator of the city, who was invited."""
    return joined("qianguan", full_name="钱官", role=Role.ADMINISTRATOR, organization=None)


def body(code: str) -> Organization:
    return Organization.objects.get(code=code)


def sent_by(person: User) -> list[Invitation]:
    """What an administrator sends: an invitation of another one, and a link for a colleague's password."""
    held = Membership.objects.of_today().select_related("user").get(user=person)
    by = held.actor()
    colleague = User.objects.get(username="bumen")
    new = inviting.invite(by=by, full_name="孙回", role=Role.ADMINISTRATOR, channel="letter")
    return [new, inviting.renew(by=by, person=colleague, channel="letter")]


def test_whoever_leaves_takes_the_links_along_and_the_others_are_told():
    person = administrator()
    links = sent_by(person)
    kept = invited(full_name="李留", channel="letter")
    ending.end(Membership.objects.get(user=person), by=actor("guanli"), reason="调离")
    for link in links:
        link.refresh_from_db()
        assert link.status == "expired"
        told = Notice.objects.filter(object_id=link.pk, lifecycle="organizations.Invitation")
        assert told.filter(role=Role.ADMINISTRATOR, texts__icontains="请重发").exists()
    kept.refresh_from_db()
    assert kept.status == "sent"


def test_a_link_opens_nothing_once_its_sender_answers_for_it_no_more():
    """Also where the role was taken away past the actions, or the account is not used any more."""
    person = administrator()
    new, renewed = sent_by(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(NotNow, match="不再管理人员"):
        joining.join(new, username="sunhui", password=PASSWORD)
    with pytest.raises(NotNow, match="不再管理人员"):
        joining.set_password(renewed, password=PASSWORD)
    assert not User.objects.filter(username="sunhui").exists()
    inviting.send_again(new, by=actor("guanli"))
    assert joining.join(Invitation.objects.get(pk=new.pk), username="sunhui", password=PASSWORD).pk


def test_somebody_who_still_gives_the_role_in_another_one_keeps_the_links():
    manager = Membership.objects.get(user__username="jiguan")
    link = invited("jiguan", role=Role.SOCIAL_WORKER, organization=manager.organization)
    Membership.objects.create(user=manager.user, role=Role.ADMINISTRATOR, alongside=[Role.STAFF_MANAGER])
    ending.end(manager, by=actor("guanli"), reason="换岗")
    link.refresh_from_db()
    assert link.status == "sent"


def test_a_link_for_a_password_ends_when_its_person_sets_one():
    person = User.objects.get(username="bumen")
    link = inviting.renew(by=actor("guanli"), person=person, channel="letter")
    own.change_own_password(person, by=None, password=PASSWORD)
    link.refresh_from_db()
    assert link.status == "expired"


def test_one_telephone_has_one_account_though_links_are_used_at_once(own_database):
    links = [
        invited(role=role, organization=body(code), phone="13900002222", full_name=name)
        for role, name, code in (
            (Role.CIVIL_AFFAIRS, "周不", "minzheng"),
            (Role.FINANCE, "周容", "caizheng"),
            (Role.HANDLER, "周一", "renshe"),
        )
    ]
    done = at_once(
        [lambda link=link: joining.join(link, username=f"zhou{link.pk}", password=PASSWORD) for link in links]
    )
    assert refused(done, Invalid) == 2
    assert (
        User.objects.filter(username__startswith="zhou", private=False, full_name__startswith="周").count()
        == 1
    )


def test_a_provider_is_not_registered_with_the_telephone_of_an_account():
    joined(phone="13900001111")
    given = facts(place=factories.town(), serves=[factories.town()])
    del given["again"]
    with pytest.raises(Invalid) as refusal:
        joining_providers.join(mobile="13900001111", **given)
    assert "mobile" in refusal.value.fields


def test_of_several_who_invite_the_same_person_at_once_one_is_refused(own_database):
    done = at_once([lambda: invited(full_name="王一人"), lambda: invited(full_name="王一人")])
    assert refused(done, NotNow) == 1
    assert Invitation.objects.filter(full_name="王一人").count() == 1


def test_an_account_of_a_letter_that_has_a_namesake_is_told_to_the_administrators():
    name = User.objects.get(username="chuangkou").full_name
    joined("lilei2", full_name=name, phone="", channel="letter")
    (told,) = Notice.objects.filter(role=Role.ADMINISTRATOR, texts__icontains="已有同名账号")
    assert "chuangkou" in told.text
    joined("dulei", full_name="独一无二", phone="", channel="letter")
    assert Notice.objects.filter(role=Role.ADMINISTRATOR, texts__icontains="已有同名账号").count() == 1


def test_whoever_set_a_new_password_by_a_link_signs_in_with_it_at_once(client):
    """However often the former one was tried in this browser."""
    person = joined()
    form = {"username": person.username, "password": "wrong-one-2026"}
    answers = [client.post("/sign-in/", form).status_code for _ in range(10)]
    assert answers[-1] == 429
    renewed = inviting.renew(by=actor("guanli"), person=person, channel="text")
    given = {"password": "xin-mi-ma-guanyu-77", "again": "xin-mi-ma-guanyu-77"}
    assert client.post(codes.link_of(renewed), given).status_code == 302
    form["password"] = given["password"]
    assert client.post("/sign-in/", form).status_code == 302


def test_a_role_that_begins_later_is_said_to_begin_then(client):
    first = moments.today() + timedelta(days=3)
    link = codes.link_of(invited(valid_from=first, phone="13800007777"))
    form = {"username": "yihou", "password": PASSWORD, "again": PASSWORD}
    answer = client.post(link, form, follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == "/sign-in/"
    assert f"从 {day(first)} 起才能用" in answer.content.decode()


# --- what is told of a link -------------------------------------------------------------


def test_the_days_of_a_role_stand_on_its_invitation_its_letter_and_its_link(client_of, client):
    first, last = (moments.today() + timedelta(days=days) for days in (5, 200))
    told = f"{day(first)} 至 {day(last)}"
    link = invited(channel="letter", valid_from=first, valid_to=last)
    for page in (
        client_of("guanli").get(link.get_absolute_url()),
        client_of("guanli").get(f"/invitations/{link.pk}/letter/"),
        client.get(codes.link_of(link)),
    ):
        assert told in page.content.decode()
    assert invited(full_name="孙二", phone="13800000002", valid_to=last).days == f"至 {day(last)}"
    assert invited(full_name="李三", phone="13800000003").days == ""


def test_of_a_link_that_is_over_it_is_said_who_sends_another(client):
    new, renewed = sent_by(administrator())
    Invitation.objects.update(expires_at=moments.now() - timedelta(hours=1))
    assert "请让邀请您的人重新发一次" in client.get(codes.link_of(new)).content.decode()
    assert "请让管理员重新发一次" in client.get(codes.link_of(renewed)).content.decode()
    assert "请让邀请您的人重新发一次" in client.get("/join/ABCD-EFGH-2345-6723/").content.decode()


def test_a_link_by_mail_to_whoever_has_no_address_is_refused_at_the_channel(client_of):
    person = joined()
    User.objects.filter(pk=person.pk).update(email="")
    with pytest.raises(Invalid) as refusal:
        inviting.renew(by=actor("guanli"), person=person, channel="mail")
    assert refusal.value.fields == {
        "channel": f"{person.full_name}没有登记邮箱。请先改他的手机和邮箱\uff0c或者改用打印的信。"
    }
    page = client_of("guanli").get(f"/invitations/new/renew/?person={person.pk}").content.decode()
    assert f'<a href="/people/{person.pk}/contact/">改手机和邮箱</a>' in page


def test_where_no_mail_is_sent_it_is_said_what_to_do_instead(client, settings):
    words = "管理员核对是您本人后"
    settings.EMAIL_HOST = ""
    page = client.get("/forgotten-password/").content.decode()
    assert words in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    settings.EMAIL_HOST = "mail.test"
    assert words not in client.get("/forgotten-password/").content.decode()


@pytest.mark.parametrize(
    "mail, words", [(True, "请在“忘记密码”里设新密码"), (False, "请本单位的管理员发重设密码的链接")]
)
def test_whoever_is_locked_out_is_sent_where_a_new_password_can_be_had(client, settings, mail, words):
    settings.EMAIL_HOST = "mail.test" if mail else ""
    for _try in range(20):
        answer = client.post("/sign-in/", {"username": "guanli", "password": "wrong"})
    assert answer.status_code == 429
    page = answer.content.decode()
    assert words in page
    assert ('class="button primary" href="/forgotten-password/"' in page) == mail
