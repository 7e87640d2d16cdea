"""An empty server becomes a city in the browser: the first administrator, the steps, and what each lacks."""

from __future__ import annotations

import io
import os
import threading
from datetime import timedelta

import pytest
from django.core import signing
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from catalog.editions.models import Edition
from foundation import moments
from foundation.city import setting_up
from foundation.city.models import City
from foundation.city.states import CityStatus
from foundation.journal.models import Entry
from foundation.refusals import NotNow
from foundation.roles import SYSTEM, Role
from foundation.rules.models import RuleVersion
from marketplace.management.commands import create_administrator
from marketplace.office import first
from marketplace.office.steps import steps
from organizations.bodies.models import Organization
from organizations.invitations import inviting
from organizations.people.models import Membership, User
from organizations.places.models import Place
from tests import factories

GIVEN = {
    "full_name": "王琴",
    "username": "wangqin",
    "password": "a-long-enough-word",
    "again": "a-long-enough-word",
}


@pytest.fixture
def empty():
    """Nobody administers the city, which has no row yet."""
    Membership.objects.filter(role=Role.ADMINISTRATOR).delete()
    City.objects.all().delete()


def path() -> str:
    return "/setup/begin/" + first.link().partition("/setup/begin/")[2]


def test_the_link_of_the_first_start_makes_the_administrator_and_leads_to_the_steps(empty):
    client = Client()
    assert "第一位管理员" in client.get(path()).content.decode()
    assert client.post(path(), GIVEN)["Location"] == "/setup/"
    assert client.get("/setup/").status_code == 200
    held = Membership.objects.get(user__username="wangqin")
    assert held.role == Role.ADMINISTRATOR
    assert City.objects.get().demonstration is False
    assert Entry.objects.get(move="create_administrator").after["username"] == "wangqin"


def test_the_link_is_good_once_and_for_a_day(empty):
    address = path()
    Client().post(address, GIVEN)
    used = Client().get(address)
    assert used.status_code == 410
    assert "已经用过" in used.content.decode()
    assert 'href="/sign-in/"' in used.content.decode()
    assert Client().post(address, {**GIVEN, "username": "other"}).status_code == 410
    Membership.objects.filter(role=Role.ADMINISTRATOR).delete()
    assert Client().get(address).status_code == 200


def test_a_link_of_yesterday_and_one_that_is_not_ours_open_nothing(empty, monkeypatch):
    address = path()
    monkeypatch.setattr(first, "LASTS", -1)
    over = Client().get(address)
    assert (over.status_code, "已过期" in over.content.decode()) == (410, True)
    assert Client().get(f"/setup/begin/{signing.dumps('first', salt='other')}/").status_code == 404
    assert Client().get("/setup/begin/x/").status_code == 404


def test_where_somebody_administers_there_is_no_link():
    assert not first.wanted()
    assert Client().get(path()).status_code == 410


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "short"),
        ("password", "1234567890123"),
        ("password", "wangqin-12"),
        ("again", "something-else-entirely"),
        ("username", "minzheng"),
        ("username", "a b"),
        ("full_name", ""),
        ("full_name", "王" * 300),
    ],
)
def test_an_account_that_cannot_be_is_told_at_its_field(empty, field, value):
    given = {**GIVEN, field: value} | ({"again": value} if field == "password" else {})
    answer = Client().post(path(), given)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert not User.objects.filter(full_name="王琴").exists()


def test_of_two_who_follow_the_link_at_once_one_becomes_the_administrator(own_database):
    Membership.objects.filter(role=Role.ADMINISTRATOR).delete()
    City.objects.all().delete()
    made: list[object] = []
    together = threading.Barrier(2)

    def follow(name: str) -> None:
        together.wait()
        try:
            made.append(first.administrator(username=name, full_name="王琴", password="a-long-enough-word"))
        except NotNow as refusal:
            made.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=follow, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in made) == ["NotNow", "User"]
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == City.objects.count() == 1


def test_a_command_and_the_link_at_once_are_one_after_the_other(own_database, monkeypatch):
    """Who follows the link does not see yet what the command has written, and waits for it."""
    Membership.objects.filter(role=Role.ADMINISTRATOR).delete()
    within, go = threading.Event(), threading.Event()
    write, said = first.writing.write, []

    def wait_first(*given, **named):
        within.set()
        assert go.wait(30)
        monkeypatch.setattr(first.writing, "write", write)
        return write(*given, **named)

    def by(act, name: str) -> threading.Thread:
        def acted() -> None:
            try:
                act(username=name, full_name="王琴", password="a-long-enough-word")
                said.append(name)
            except NotNow:
                said.append(f"not {name}")
            finally:
                connection.close()

        thread = threading.Thread(target=acted)
        thread.start()
        return thread

    monkeypatch.setattr(first.writing, "write", wait_first)
    command = by(first.another, "command")
    assert within.wait(30)
    link = by(first.administrator, "link")
    link.join(1)
    assert said == []
    go.set()
    command.join(30)
    link.join(30)
    assert sorted(said) == ["command", "not link"]


@pytest.mark.parametrize("given", [[], ["--username", "wangqin", "--full-name", "王琴"]])
def test_where_nobody_can_be_asked_the_command_says_what_to_give(monkeypatch, given):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr(create_administrator, "getpass", lambda prompt: input(prompt))
    with pytest.raises(CommandError, match="--password-stdin"):
        call_command("create_administrator", *given)


def test_the_operator_is_told_the_command_of_his_machine(monkeypatch, settings):
    monkeypatch.delenv("INVOCATION_ID", raising=False)
    assert "/bin/python manage.py create_administrator" in first.instructions()
    monkeypatch.setenv("INVOCATION_ID", "0123456789abcdef0123456789abcdef")
    by_hand = f"{settings.BASE_DIR}/deploy/systemd/manage create_administrator"
    assert by_hand in first.instructions()
    monkeypatch.setenv("SYSTEMD_EXEC_PID", str(os.getpid()))
    assert by_hand in first.instructions()
    monkeypatch.setenv("SYSTEMD_EXEC_PID", "1")  # a terminal of a desktop, which systemd has started
    assert "/bin/python manage.py create_administrator" in first.instructions()


def staffed() -> None:
    """Somebody in every role without which the city cannot begin."""

    def put(role: Role, **where: object) -> None:
        user = User.objects.create(username=f"u{User.objects.count()}", full_name="王琴")
        Membership.objects.create(user=user, role=role, **where)

    for town in Place.objects.filter(kind__in=["town", "street"]):
        put(Role.WINDOW, place=town, organization=Organization.objects.get(kind="window", place=town))
    for body in Organization.objects.filter(kind="body"):
        put(Role.HANDLER, organization=body)
    for role in (Role.CIVIL_AFFAIRS, Role.CIVIL_AFFAIRS, Role.FINANCE, Role.FINANCE, Role.AUDITOR):
        put(role, organization=Organization.objects.filter(kind="body").first())


def test_the_steps_say_what_is_missing_and_the_city_begins_once_nothing_is(empty):
    Membership.objects.all().delete()
    client = Client()
    client.post(path(), GIVEN)
    told = {step["key"]: step for step in client.get("/api/v1/setup").json()}
    assert told["city"]["missing"] == ["城市名称", "所在的省", "行政区划代码", "主管单位", "救助热线"]
    assert told["places"]["done"] is True
    page = client.get("/setup/").content.decode()
    assert "<li>城市名称</li>" in page
    assert "城市和主管单位、依据的文件、人员" in page
    city = City.objects.get()
    client.post(
        f"/city/{city.pk}/describe/",
        {
            "name": "青州市",
            "province": "山东省",
            "division_code": "320281",
            "office": "民政局",
            "hotline": "12345",
        },
    )
    client.post(
        f"/city/{city.pk}/name-document/",
        {"title": "办法", "short_name": "办法", "number": "1号", "issuer": "市政府"},
    )
    assert client.post(f"/city/{city.pk}/go-to-work/").status_code == 422
    staffed()
    assert client.post(f"/city/{city.pk}/go-to-work/").status_code == 302
    assert City.objects.get().status == CityStatus.AT_WORK


def test_a_town_without_villages_and_without_a_window_is_named():
    town = Place.objects.create(
        code="320281999",
        name="新设镇",
        kind="town",
        parent=Place.objects.get(kind="city"),
        latitude=1,
        longitude=1,
    )
    told = {step.key: step.missing for step in steps()}
    assert told["places"] == [f"{town}的村\uff08社区\uff09"]
    assert told["windows"] == [f"{town}的窗口"]
    assert any("窗口人员" in words for words in told["people"])


def test_the_city_that_is_not_at_work_waits_for_its_administrator(empty):
    client = Client()
    client.post(path(), GIVEN)
    assert "设立平台" in client.get("/workbench/").content.decode()


def test_beginning_is_not_offered_while_something_is_missing(empty):
    client = Client()
    client.post(path(), GIVEN)
    city = City.objects.get()
    page = client.get("/workbench/").content.decode()
    assert "查看还缺什么" in page
    assert f"/city/{city.pk}/go-to-work/" not in page


@pytest.fixture
def not_begun():
    City.objects.all().delete()
    setting_up.begin(by=SYSTEM)


def test_until_the_city_has_begun_each_of_those_who_set_it_up_finds_the_way(client_of, not_begun):
    client = client_of("minzheng")
    page = client.get("/workbench/").content.decode()
    assert "这几步由您办" in page
    assert "/holidays/?next=/setup/" in page
    for path in ("/places/", "/bodies/", "/invitations/", "/staff-lists/"):
        assert f"{path}?next=/setup/" not in page
    assert 'href="/setup/"' in client.get("/providers/").content.decode()
    assert "平台还在设立" in client_of("caizheng").get("/workbench/").content.decode()
    assert 'href="/setup/"' not in client_of("caizheng").get("/providers/").content.decode()


def test_once_it_has_begun_nothing_is_said_of_setting_up(client_of):
    page = client_of("minzheng").get("/workbench/").content.decode()
    assert "平台还在设立" not in page
    assert 'href="/setup/"' not in page


def test_what_nobody_of_the_city_has_seen_is_not_told_to_be_done():
    RuleVersion.objects.all().delete()
    told = {step.key: step for step in steps()}
    for key in ("rules", "holidays"):
        assert not told[key].done
        assert told[key].may_wait
        assert told[key].missing == []
    assert "本市没有人改过" in told["rules"].holds[0]
    assert "最低生活保障标准是产品自带的" in told["rules"].holds[1]
    year = moments.today().year
    assert told["holidays"].holds[0].startswith(f"{year}年按随产品带来的国务院公告计算")


def test_the_years_of_holidays_are_told_as_they_are_reckoned(client_of):
    year = moments.today().year
    factories.a_whole_year(year)
    unknown = year + 2
    assert f"{year}年按录入并核对过的通知计算" in client_of("guanli").get("/setup/").content.decode()
    page = client_of("minzheng").get(f"/holidays/?year={unknown}").content.decode()
    assert "还没有公布" in page
    assert "国务院公告计算" not in page


def test_the_catalog_may_wait_only_while_every_need_has_a_body(monkeypatch):
    monkeypatch.setattr(Edition.objects, "in_force", Edition.objects.none)
    monkeypatch.setattr("referrals.needs.routing.unrouted", list)
    assert {step.key: step for step in steps()}["catalog"].may_wait
    monkeypatch.setattr("referrals.needs.routing.unrouted", lambda: ["living"])
    told = {step.key: step for step in steps()}
    assert not told["catalog"].may_wait
    assert "启用之前先公布目录" in told["catalog"].holds[0]


@pytest.mark.parametrize("login", ["chuangkou", "jigou", "shenji", "jiguan", "jiating"])
def test_the_steps_are_for_those_who_set_the_city_up(client_of, login):
    assert client_of(login).get("/setup/").status_code == 403
    assert client_of(login).get("/api/v1/setup").status_code == 403


def test_civil_affairs_reads_the_steps_and_changes_nothing_of_the_city(client_of):
    page = client_of("minzheng").get("/setup/").content.decode()
    assert "城市和主管单位" in page
    assert "/describe/" not in page


@pytest.mark.parametrize(
    "login, own", [("guanli", {"places", "needs", "people"}), ("minzheng", {"needs", "rules", "catalog"})]
)
def test_who_does_a_step_is_whoever_may_do_what_it_asks_for(client_of, login, own):
    role = factories.actor(login).role
    done = {step.key for step in steps() if role in step.done_by}
    assert done & {"places", "needs", "people", "rules", "catalog"} == own
    for key, step in ((step.key, step) for step in steps()):
        for door in step.done_at:
            answer = client_of(login).get(reverse(door.act or door.name, args=door.arguments))
            assert (answer.status_code == 200) == door.is_for(role), key
    page = client_of(login).get("/setup/").content.decode()
    assert "由系统管理员办理。" in page
    assert "由民政办理。" in page


def test_it_is_said_how_many_are_there_how_many_are_wanted_and_who_is_invited():
    ended = Membership.objects.filter(role=Role.FINANCE).first()
    others = Membership.objects.filter(role=Role.FINANCE).exclude(user=ended.user)
    others.update(valid_to=moments.today() - timedelta(days=1))
    person = {"full_name": "钱会", "channel": "letter", "role": Role.FINANCE, "email": "", "phone": ""}
    office = ended.organization
    inviting.invite(by=factories.actor("guanli"), **person, organization=office, place=None)
    step = {step.key: step for step in steps()}["people"]
    assert "财政 1 人\uff08需要 2 人\uff0c已有 1 人\uff09" in step.missing
    assert step.holds == ["邀请已经发出、还没有加入的\uff1a财政 1 人。"]


def test_a_city_with_one_administrator_is_told_what_takes_two():
    others = Membership.objects.filter(role=Role.ADMINISTRATOR).exclude(user__username="guanli")
    assert {step.key: step for step in steps()}["people"].holds == []
    others.update(valid_to=moments.today() - timedelta(days=1))
    (said,) = {step.key: step for step in steps()}["people"].holds
    assert "系统管理员只有一位" in said


def test_a_step_that_still_asks_to_look_at_something_is_not_done():
    RuleVersion.objects.all().delete()
    factories.rule("people.links", join=24)
    told = {step.key: step for step in steps()}["rules"]
    assert "请先核对" in told.holds[1]
    assert not told.done
