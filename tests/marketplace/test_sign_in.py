"""Sign-in, the switches of the frame, and the search box."""

from __future__ import annotations

import math

import pytest
from django.test import Client

from demo.accounts import PASSWORD as DEMO_PASSWORD
from demo.accounts import accounts
from foundation.inbox.models import Notice
from organizations.people.models import User
from referrals.offers.models import Referral
from tests import factories

pytestmark = pytest.mark.story


@pytest.mark.parametrize("username", [row["username"] for row in accounts()])
def test_every_demo_person_signs_in_to_a_workbench(client, username):
    answer = client.post("/sign-in/", {"username": username, "password": DEMO_PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/workbench/"
    assert answer.status_code == 200


def test_a_wrong_password_is_told_without_saying_which_is_wrong(client):
    answer = client.post("/sign-in/", {"username": "minzheng", "password": "wrong"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "用户名或密码不对" in page
    assert 'value="minzheng"' in page


def test_many_wrong_passwords_lock_the_door(client):
    for _ in range(9):
        answer = client.post("/sign-in/", {"username": "minzheng", "password": "wrong"})
    assert answer.status_code == 429
    minutes = math.ceil(int(answer["Retry-After"]) / 60)
    assert f"{minutes} 分钟" in answer.content.decode()
    assert "请本单位的管理员发重设密码的链接" in answer.content.decode()
    right = client.post("/sign-in/", {"username": "minzheng", "password": DEMO_PASSWORD})
    assert right.status_code == 429
    other = Client().post("/sign-in/", {"username": "shenji", "password": DEMO_PASSWORD})
    assert other.status_code == 302


def test_sign_in_leads_back_to_where_one_wanted_to_go_and_nowhere_else(client):
    good = {"username": "shenji", "password": DEMO_PASSWORD}
    assert client.get("/journal/")["Location"] == "/sign-in/?next=/journal/"
    assert client.post("/sign-in/", {**good, "next": "/journal/"})["Location"] == "/journal/"
    away = Client().post("/sign-in/", {**good, "next": "https://example.org/"})
    assert away["Location"] == "/workbench/"


def test_signing_out_ends_the_session(client_of):
    client = client_of("shenji")
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/journal/").status_code == 302


def test_one_changes_ones_password_and_a_weak_one_is_refused(client_of):
    client = client_of("shenji")
    weak = {"old_password": DEMO_PASSWORD, "new_password1": "12345678", "new_password2": "12345678"}
    assert "wrong" in client.post("/password/", weak).content.decode()
    page = client.get("/password/").content.decode()
    assert "至少 10 个字符" in page
    assert "校验" not in page
    differing = client.post("/password/", {**weak, "new_password1": "an-other-word-27", "new_password2": "x"})
    assert "两次输入的密码不一样。" in differing.content.decode()
    good = {
        "old_password": DEMO_PASSWORD,
        "new_password1": "a-long-enough-1",
        "new_password2": "a-long-enough-1",
    }
    assert client.post("/password/", good)["Location"] == "/workbench/"
    assert User.objects.get(username="shenji").check_password("a-long-enough-1")


def test_chinese_first_whatever_the_browser_says_and_english_on_request(client):
    page = client.get("/", headers={"Accept-Language": "en-US,en"}).content.decode()
    assert 'lang="zh-hans"' in page
    assert "服务目录" in page
    answer = client.post("/switch/language/", {"language": "en", "next": "/help/"})
    assert answer["Location"] == "/help/"
    page = client.get("/").content.decode()
    assert 'lang="en"' in page
    assert "Home care" in page
    client.post("/switch/language/", {"language": "zh-hans", "next": "/"})
    assert "居家照料" in client.get("/").content.decode()


def test_the_switches_lead_back_to_addresses_of_ours_only(client):
    for asked in ("https://example.org/", "//example.org", "/no-such/", ""):
        assert client.post("/switch/language/", {"language": "en", "next": asked})["Location"] == "/"


def test_the_elder_mode_stays_for_the_session(client):
    client.post("/switch/elder/", {"next": "/"})
    assert 'class="elder"' in client.get("/help/").content.decode()
    client.post("/switch/elder/", {"next": "/"})
    assert 'class="elder"' not in client.get("/help/").content.decode()


def test_the_search_box_finds_what_the_person_may_see(client_of):
    referral = factories.OfferedReferral()
    own = client_of("chuangkou").get("/search/", {"q": referral.number}).content.decode()
    assert referral.get_absolute_url() in own
    other = client_of("chuangkou2").get("/search/", {"q": referral.number}).content.decode()
    assert referral.get_absolute_url() not in other


def test_the_search_box_finds_providers_and_items_by_two_characters(client_of):
    page = client_of("chuangkou").get("/search/", {"q": "暨阳"}).content.decode()
    assert "江阴暨阳社会工作服务中心" in page
    page = client_of("chuangkou").get("/search/", {"q": "陪诊"}).content.decode()
    assert "B01.03" in page


@pytest.mark.parametrize("asked", ["", "x", "%", "__", "'; DROP TABLE", "没有这样的东西"])
def test_an_odd_search_is_answered_calmly(client_of, asked):
    assert client_of("chuangkou").get("/search/", {"q": asked}).status_code == 200


def test_the_inbox_counts_until_it_is_read(client_of, who):
    client = client_of("jigou")
    waiting = Notice.objects.visible_to(who("jigou")).filter(read_at=None).count()
    assert waiting
    shown = str(waiting) if waiting <= 99 else "99+"
    assert f'<span class="unread-count">{shown}</span>' in client.get("/inbox/").content.decode()
    client.post("/inbox/")
    assert '<span class="unread-count">' not in client.get("/inbox/").content.decode()


def test_what_is_typed_is_saved_and_comes_back(client_of):
    client = client_of("chuangkou")
    path = "/matters/new/accept_application/"
    answer = client.post(f"/drafts/?path={path}", {"key": "k", "name": "王小明", "needs": ["care", "living"]})
    assert answer.content.decode().startswith("已保存")
    page = client.get(f"{path}?draft=k").content.decode()
    assert "王小明" in page
    assert page.count("checked") == 2


def test_the_journal_is_for_the_audit_and_says_who_revealed_what(client_of, who):
    own = Referral.objects.visible_to(who("shegong")).filter(status="in_service")
    answer = client_of("shegong").post(
        f"/reveal/referrals.Referral/{own[0].pk}/contact_phone/", {"reason": "今天上门前联系"}
    )
    assert answer.status_code == 200
    page = client_of("shenji").get("/journal/", {"act": "reveal"}).content.decode()
    assert "今天上门前联系" in page
    assert own[0].number in page
    assert client_of("shegong").get("/journal/").status_code == 403
