"""A draft belongs to one opened form of one person; a sent form is spent; limits are said."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine

from foundation import moments
from foundation.drafts import keeping
from foundation.drafts.models import FormDraft
from foundation.retention import sweeping
from organizations.people.models import User
from organizations.places.models import Place
from tests import factories
from tests.foundation.unsent import ANOTHER, CATEGORY, INTAKE, family, hidden, opened, typing
from tests.racing import at_once


def test_a_form_opens_empty_and_says_which_forms_are_unsent(window):
    form = opened(window)
    assert typing(window, form, **family()).content.decode().startswith("已保存")
    page = window.get(INTAKE).content.decode()
    assert "丈夫被抓" not in page
    assert "李秀珍" not in page
    assert " checked" not in page
    assert "李**" in page
    assert f"?draft={form['key']}" in page
    assert hidden(page, "key") != form["key"]


def test_an_unsent_form_is_taken_up_with_its_words_and_never_with_the_consent(window):
    form = opened(window)
    typing(window, form, **family())
    page = window.get(f"{INTAKE}?draft={form['key']}").content.decode()
    assert "丈夫被抓" in page
    assert 'value="李秀珍"' in page
    assert hidden(page, "key") == form["key"]
    assert page.count(" checked") == 1  # the need alone


def test_no_address_ticks_a_consent(window):
    page = window.get(f"{INTAKE}?consent=on&urgent=on&confirmed=on").content.decode()
    assert page.count(" checked") == 1  # urgent, which nobody declares for another


def test_two_families_in_two_tabs_keep_apart(window):
    first, second = opened(window), opened(window)
    typing(window, first, **family())
    typing(window, second, id_number=ANOTHER, name="王建国", story="腿脚不便")
    one = window.get(f"{INTAKE}?draft={first['key']}").content.decode()
    two = window.get(f"{INTAKE}?draft={second['key']}").content.decode()
    assert "丈夫被抓" in one
    assert "腿脚不便" not in one
    assert "丈夫被抓" not in two
    assert "王**" in one


def test_a_draft_is_found_by_nobody_else_and_on_no_other_page(window, client_of):
    form = opened(window)
    typing(window, form, **family())
    other = client_of("chuangkou2").get(f"{INTAKE}?draft={form['key']}").content.decode()
    assert "丈夫被抓" not in other
    assert "没有这份未交的表单" in other
    elsewhere = window.get(f"/handovers/new/propose/?draft={form['key']}").content.decode()
    assert "丈夫被抓" not in elsewhere


def boxes(page: str) -> int:
    """Boxes that are ticked in the page's form."""
    return page[re.search(r'<form\s+method="post"\s+enctype', page).start() :].count(" checked")


def test_a_box_that_was_emptied_stays_empty_when_the_form_is_taken_up(window, client_of):
    """Who does not count, on which days nobody works: what is ticked at first is no answer."""
    household = factories.AcceptedMatter().household
    for client, path, values in (
        (window, f"/households/{household.number}/add-member/", {"name": "李小军"}),
        (client_of("jigou"), "/offers/new/apply/", {"staff": "张三，护理员"}),
    ):
        form = opened(client, path)
        assert boxes(client.get(path).content.decode())
        assert typing(client, form, path, **values).status_code == 200
        page = client.get(f"{path}?draft={form['key']}").content.decode()
        assert next(iter(values.values())) in page
        assert boxes(page) == 0, path
    typing(client, form, path, weekdays=["MO", "WE"], **values)
    assert boxes(client.get(f"{path}?draft={form['key']}").content.decode()) == 2


def test_a_save_that_comes_after_the_form_was_sent_is_refused(window):
    form = opened(window)
    village = re.search(r'<option value="(\d+)"', window.get(INTAKE).content.decode()).group(1)
    sent = window.post(INTAKE, {**form, **family(place=village, category=CATEGORY, size="2")})
    assert sent.status_code == 302, sent.content.decode()
    late = typing(window, form, **family())
    assert late.status_code == 409
    assert "已经提交" in late.content.decode()
    page = window.get(INTAKE).content.decode()
    assert "李**" not in page
    assert not FormDraft.objects.exclude(content=None).filter(key=form["key"]).exists()


def test_a_discarded_form_is_gone_and_no_late_save_brings_it_back(window):
    form = opened(window)
    typing(window, form, **family())
    assert window.post("/drafts/discard/", {"path": INTAKE, "key": form["key"]}).status_code == 302
    assert typing(window, form, **family()).status_code == 409
    assert "李**" not in window.get(INTAKE).content.decode()


def test_saves_and_the_sending_at_the_same_moment_leave_nothing(own_database):
    user = User.objects.get(username="chuangkou").pk

    def save():
        keeping.save(user, "k", INTAKE, {"story": ["x"]})

    for n in range(5):
        FormDraft.objects.filter(key="k").delete()
        if n % 2:
            save()
        at_once([save, lambda: keeping.spend(user, "k", INTAKE), save])
        assert keeping.unsent(user) == []


@pytest.mark.parametrize("path", ["/x/", "/nowhere", "/workbench/", "/apply/form/", "/households/", "x"])
def test_only_pages_that_keep_drafts_take_them(window, path):
    assert window.post(f"/drafts/?path={path}", {"key": "k", "a": "b"}).status_code == 404


def test_a_page_of_another_role_takes_no_draft(client_of):
    assert client_of("shegong").post(f"/drafts/?path={INTAKE}", {"key": "k"}).status_code == 404


def test_number_and_size_of_unsent_forms_are_limited_in_words(window):
    assert typing(window, {"key": "long"}, story="长" * keeping.LARGEST).status_code == 409
    for n in range(keeping.MOST):
        assert typing(window, {"key": f"k{n}"}, story="x").status_code == 200
    more = typing(window, {"key": "more"}, story="x")
    assert more.status_code == 409
    assert "未交的表单太多" in more.content.decode()
    assert typing(window, {"key": "k0"}, story="y").status_code == 200


def test_an_old_draft_is_not_offered_and_is_swept(window):
    form = opened(window)
    typing(window, form, **family())
    with time_machine.travel(moments.now() + timedelta(days=14, minutes=1), tick=False):
        assert keeping.unsent(User.objects.get(username="chuangkou").pk) == []
        assert sweeping.sweep()["retention.work", "drafts"] >= 1
    assert not FormDraft.objects.filter(key=form["key"]).exists()


@pytest.mark.parametrize(
    "path",
    [
        "/referrals/ZJ-0000-1/withdraw/",
        "/matters/SL-0000-1/ask-papers/",
        "/matters/SL-0000-1/needs/new/",
        "/needs/999999999/match/",
        "/needs/999999999/transfer/",
    ],
)
def test_nothing_is_kept_for_an_object_that_nobody_sees(window, path):
    before = FormDraft.objects.count()
    assert typing(window, {"key": "k"}, path, story="x", reason="x").status_code == 404
    assert FormDraft.objects.count() == before


def test_nothing_is_kept_for_an_object_of_another_town(window, client_of):
    matter = factories.AcceptedMatter(place=Place.objects.get(name="虹桥社区"))
    need = matter.needs.get()
    path = f"/needs/{need.pk}/match/"
    assert typing(client_of("chuangkou"), {"key": "k1"}, path, goal="x").status_code == 200
    elsewhere = factories.PersonOf(
        role="window", role__place=Place.objects.filter(kind="town").exclude(pk=matter.town_id)[0]
    )
    assert typing(client_of(elsewhere.username), {"key": "k1"}, path, goal="x").status_code == 404


def test_throwing_away_what_was_never_kept_leaves_no_trace(window):
    before = FormDraft.objects.count()
    for n in range(3):
        window.post("/drafts/discard/", {"path": INTAKE, "key": f"unknown{n}"})
    assert FormDraft.objects.count() == before


def test_a_script_is_told_what_was_taken_what_is_wrong_and_who_must_sign_in(window, client):
    form, json_please = opened(window), {"X-Answer": "json"}
    wrong = window.post(INTAKE, {**form, **family(phone="12")}, headers=json_please)
    assert wrong.status_code == 422
    assert "phone" in [field["name"] for field in json.loads(wrong.content)["fields"]]
    nobody = client.post(INTAKE, family(), headers=json_please)
    assert nobody.status_code == 401
    assert "登录" in nobody.json()["words"]


def test_the_key_of_what_waits_is_the_persons_own_and_nobody_elses(window, client_of, client):
    mine = window.get("/session/")
    assert mine["Cache-Control"] == "private, no-store"
    assert mine.json()["key"] == client_of("chuangkou").get("/session/").json()["key"]
    assert mine.json()["key"] != client_of("chuangkou2").get("/session/").json()["key"]
    assert client.get("/session/").json()["key"] == ""
