"""Half-typed forms: one draft a form, taken up by its address, gone when sent."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from foundation import drafts, moments
from foundation.models import FormDraft
from households import members
from households.models.household import Category
from marketplace.management.commands.load_starter import DEMO_PASSWORD
from organizations.models import Membership, Place, User
from referrals.models import Matter
from tests import factories
from tests.racing import at_once

INTAKE = "/matters/new/accept_application/"
NEWCOMER, CATEGORY = "320281197203096045", Category.MINIMUM_LIVING


def a_number(text: str) -> str:
    """A number that is valid in form, with its check digit."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return text[:17] + "10X98765432"[sum(int(t) * w for t, w in zip(text, weights, strict=False)) % 11]


ANOTHER = a_number("32028119451201001")


def hidden(page: str, name: str) -> str:
    """What a hidden field of the page holds."""
    mine = page[re.search(r'<form\s+method="post"\s+enctype', page).start() :]
    return re.search(rf'<input\s+type="hidden"\s+name="{name}"[^>]*?value="([^"]*)"', mine).group(1)


def opened(client: Client, path: str = INTAKE) -> dict[str, str]:
    """The hidden fields of a form as it is opened."""
    page = client.get(path).content.decode()
    return {"key": hidden(page, "key"), "owner": hidden(page, "owner")}


def typing(client: Client, form: dict[str, str], path: str = INTAKE, **values):
    return client.post(f"/drafts/?path={path}", {**form, **values})


def family(**values):
    return {
        "id_number": NEWCOMER,
        "about": NEWCOMER,
        "name": "李秀珍",
        "phone": "13812345678",
        "needs": ["living"],
        "story": "丈夫被抓，没有收入",
        "consent": "on",
        **values,
    }


@pytest.fixture
def window(client_of):
    return client_of("chuangkou")


# --- a draft belongs to one opened form -------------------------------------------------


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


# --- a sent form is spent ---------------------------------------------------------------


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
        drafts.save(user, "k", INTAKE, {"story": ["x"]})

    for n in range(5):
        FormDraft.objects.filter(key="k").delete()
        if n % 2:
            save()
        at_once([save, lambda: drafts.spend(user, "k", INTAKE), save])
        assert drafts.unsent(user) == []


# --- limits ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/x/", "/nowhere", "/workbench/", "/apply/form/", "/households/", "x"])
def test_only_pages_that_keep_drafts_take_them(window, path):
    assert window.post(f"/drafts/?path={path}", {"key": "k", "a": "b"}).status_code == 404


def test_a_page_of_another_role_takes_no_draft(client_of):
    assert client_of("shegong").post(f"/drafts/?path={INTAKE}", {"key": "k"}).status_code == 404


def test_number_and_size_of_unsent_forms_are_limited_in_words(window):
    assert typing(window, {"key": "long"}, story="长" * drafts.LARGEST).status_code == 409
    for n in range(drafts.MOST):
        assert typing(window, {"key": f"k{n}"}, story="x").status_code == 200
    more = typing(window, {"key": "more"}, story="x")
    assert more.status_code == 409
    assert "未交的表单太多" in more.content.decode()
    assert typing(window, {"key": "k0"}, story="y").status_code == 200


def test_an_old_draft_is_not_offered_and_is_swept(window):
    form = opened(window)
    typing(window, form, **family())
    with time_machine.travel(moments.now() + timedelta(days=drafts.DAYS, minutes=1), tick=False):
        assert drafts.unsent(User.objects.get(username="chuangkou").pk) == []
        assert drafts.sweep() >= 1
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


# --- another person's number ----------------------------------------------------------------


@pytest.mark.parametrize("known", [False, True])
def test_a_number_of_another_household_begins_the_form_anew(window, who, known):
    number = ANOTHER
    if known:
        matter = Matter.objects.filter(town_id=who("chuangkou").place_id)[0]
        number = matter.household.head.person.id_number.plain()
    form = opened(window)
    answer = window.post("/intake/household/", {**form, **family(id_number=number)})
    page = answer.content.decode()
    for words in ("丈夫被抓", "李秀珍", "13812345678", " checked"):
        assert words not in page
    assert "hx-swap-oob" in page
    assert "已换成另一户" in page
    kept = window.get(f"{INTAKE}?draft={form['key']}").content.decode()
    assert "丈夫被抓" in kept
    assert NEWCOMER in kept
    assert number not in kept


def test_the_page_after_a_change_of_number_is_anothers_in_every_word(window):
    form = opened(window)
    typing(window, form, **family())
    answer = window.post("/intake/household/", {**form, **family(id_number=ANOTHER)})
    page = answer.content.decode()
    assert answer["HX-Replace-Url"] == INTAKE
    assert '<div id="kept" hx-swap-oob="true">' in page
    assert "没有交成的内容" not in page  # nothing of the former's bar is left
    assert f"{INTAKE}?draft={form['key']}" in page
    assert "李**" in page
    assert f'name="path" value="{INTAKE}"' in page


def test_a_number_that_was_only_looked_up_leaves_no_draft(window):
    blank = {"place": "", "category": "", "size": "", "language": "mandarin", "story": ""}
    for _ in range(2):
        form = opened(window)
        said = typing(window, form, id_number=ANOTHER, about=ANOTHER, **blank)
        assert said.status_code == 200
        assert said.content == b""
        window.post("/intake/household/", {**form, **blank, "id_number": NEWCOMER, "about": ANOTHER})
    assert "未交的表单" not in window.get(INTAKE).content.decode()
    typing(window, form, id_number=ANOTHER, about=ANOTHER, **blank | {"story": "漏雨"})
    page = window.get(INTAKE).content.decode()
    assert "出生的" in page
    assert ANOTHER[:6] + "*" not in page


def test_what_was_typed_and_taken_back_is_not_offered_as_it_was(window):
    form = opened(window)
    typing(window, form, **family())
    typing(window, form, id_number=NEWCOMER, about=NEWCOMER, name="", story="")
    page = window.get(f"{INTAKE}?draft={form['key']}").content.decode()
    assert "丈夫被抓" not in page


def test_the_draft_of_a_household_that_was_found_is_called_by_its_number(window, who, client_of):
    household = Matter.objects.filter(town_id=who("chuangkou").place_id)[0].household
    number = household.head.person.id_number.plain()
    form = opened(window)
    typing(window, form, id_number=number, about=number, story="又有难处")
    assert household.number not in window.get(INTAKE).content.decode()  # nobody has asked yet
    window.post("/intake/household/", {**form, "id_number": number, "about": ""})
    page = window.get(INTAKE).content.decode()
    assert f"{household.head.person} {household.number}" in page
    other = client_of("chuangkou2")
    typing(other, opened(other), id_number=number, about=number, story="又有难处")
    assert household.number not in other.get(INTAKE).content.decode()


def test_a_wrong_number_mended_keeps_what_was_typed(window):
    form = opened(window)
    page = window.post("/intake/household/", {**form, **family(id_number=NEWCOMER[:-1], about="")})
    assert "李秀珍" in page.content.decode()
    page = window.post("/intake/household/", {**form, **family(about="")}).content.decode()
    assert "李秀珍" in page
    assert "hx-swap-oob" not in page


def test_a_guess_at_whom_the_books_know_is_answered_alike_right_or_wrong(window, who):
    matter = factories.AcceptedMatter(place=Place.objects.get(name="虹桥社区"))
    home, number = matter.household, matter.household.head.person.id_number.plain()
    right = factories.new_id_number()
    members.add_member(
        home, by=factories.window_of(matter.town), name="李四", id_number=right, relation="spouse"
    )
    form, answers = opened(window), []
    for guess in (right, factories.new_id_number()):
        sent = window.post(INTAKE, {**form, **family(id_number=number, about=guess)})
        seen = window.post(
            "/intake/household/", {"id_number": number, "about": guess, "story": "x"}
        ).content.decode()
        said = ["换成了另一户" in sent.content.decode(), "已换成另一户" in seen, "hx-swap-oob" in seen]
        answers.append((sent.status_code, said, number in sent.content.decode()))
    assert answers[0] == answers[1] == (422, [True, True, True], False)


def test_a_number_that_is_said_to_be_mended_keeps_what_was_typed(window):
    form = opened(window)
    mended = {**form, **family(id_number=ANOTHER), "mended": "on"}
    page = window.post("/intake/household/", mended).content.decode()
    assert "李秀珍" in page and "hx-swap-oob" not in page
    assert f'name="about" value="{ANOTHER}"' in page
    answer = window.post(
        INTAKE, {**mended, "place": Place.objects.get(name="虹桥社区").pk, "size": "2", "category": CATEGORY}
    )
    assert answer.status_code == 302, answer.content.decode()


def test_words_of_one_household_are_not_sent_for_another(window):
    form = opened(window)
    before = Matter.objects.count()
    answer = window.post(INTAKE, {**form, **family(id_number=ANOTHER)})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "换成了另一户" in page
    assert f'value="{NEWCOMER}"' in page
    assert Matter.objects.count() == before


def test_a_save_on_its_way_while_the_number_changes_keeps_the_words_with_their_number(window):
    form = opened(window)
    typing(window, form, **family(id_number=ANOTHER))
    kept = window.get(f"{INTAKE}?draft={form['key']}").content.decode()
    assert NEWCOMER in kept
    assert ANOTHER not in kept


# --- the sign-in has ended -----------------------------------------------------------------


@pytest.fixture
def ended(window):
    """A form that was opened and filled, and then the sign-in ended."""
    form = opened(window)
    window.logout()
    return window, form


def sign_in(client: Client, username: str, follow: str):
    return client.post(
        "/sign-in/", {"username": username, "password": DEMO_PASSWORD, "next": follow}, follow=True
    )


def test_a_save_after_the_sign_in_has_ended_says_so_and_draws_no_page(ended):
    client, form = ended
    answer = client.post(f"/drafts/?path={INTAKE}", {**form, **family()}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "登录已过期" in answer.content.decode()
    assert "password" not in answer.content.decode()
    assert answer["HX-Retarget"] == "#ended"


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/intake/household/", "post"),
        ("/reveal/referrals.Referral/1/contact_phone/", "post"),
        ("/workbench/", "get"),
    ],
)
def test_no_fragment_of_a_page_ever_becomes_the_sign_in_page(client, path, method):
    answer = getattr(client, method)(path, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "password" not in answer.content.decode()


def test_what_is_sent_after_the_sign_in_has_ended_comes_back_to_the_same_person(ended):
    client, form = ended
    before = Matter.objects.count()
    answer = client.post(INTAKE, {**form, **family()})
    assert answer.status_code == 302
    back = re.search(r"next=([^&]+)", answer["Location"]).group(1).replace("%3F", "?").replace("%3D", "=")
    at_the_door = client.get(answer["Location"]).content.decode()
    assert "丈夫被抓" not in at_the_door
    assert "内容已保存" in at_the_door
    page = sign_in(client, "chuangkou", back).content.decode()
    assert "丈夫被抓" in page
    assert hidden(page, "key") == form["key"]
    assert page.count(" checked") == 1
    assert Matter.objects.count() == before


def test_what_is_sent_after_the_sign_in_has_ended_is_not_shown_to_another(ended):
    client, form = ended
    client.post(INTAKE, {**form, **family()})
    page = sign_in(client, "chuangkou2", f"{INTAKE}?draft={form['key']}").content.decode()
    assert "丈夫被抓" not in page
    assert "李" not in re.sub(r"<header.*?</header>|办理", "", page, flags=re.S).split("<form")[1]
    owner = sign_in(client, "chuangkou", f"{INTAKE}?draft={form['key']}").content.decode()
    assert "丈夫被抓" in owner


def test_a_form_that_one_person_opened_is_not_sent_under_another(window, client_of):
    form, other = opened(window), client_of("chuangkou2")
    before = Matter.objects.count()
    answer = other.post(INTAKE, {**form, **family()}, follow=True)
    assert "另一位" in answer.content.decode()
    assert "丈夫被抓" not in answer.content.decode()
    assert Matter.objects.count() == before
    assert typing(other, form, **family()).status_code == 409
    assert "丈夫被抓" in window.get(f"{INTAKE}?draft={form['key']}").content.decode()


@pytest.mark.parametrize("owner", ["", "1", "1:x:y", "x"])
def test_nobody_writes_into_anothers_drafts_with_a_mark_of_their_own(client, owner):
    before = FormDraft.objects.count()
    client.post(INTAKE, {"key": "k", "owner": owner, **family()})
    assert FormDraft.objects.count() == before


def test_a_page_from_before_a_new_sign_in_keeps_its_words(db):
    client = Client(enforce_csrf_checks=True)
    user = User.objects.get(username="chuangkou")
    client.force_login(user, "organizations.backends.PersonBackend")
    page = client.get(INTAKE).content.decode()
    form = {"key": hidden(page, "key"), "owner": hidden(page, "owner")}
    answer = client.post(INTAKE, {**form, **family(), "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 302
    shown = client.get(answer["Location"]).content.decode()
    assert "丈夫被抓" in shown
    assert "没有提交" in shown
    assert client.post(INTAKE, family()).status_code == 403


# --- scripts -----------------------------------------------------------------------------


def test_a_script_is_told_what_was_taken_what_is_wrong_and_who_must_sign_in(window, client):
    form, json_please = opened(window), {"X-Answer": "json"}
    wrong = window.post(INTAKE, {**form, **family(phone="12")}, headers=json_please)
    assert wrong.status_code == 422
    assert "phone" in [each["name"] for each in json.loads(wrong.content)["fields"]]
    nobody = client.post(INTAKE, family(), headers=json_please)
    assert nobody.status_code == 401
    assert "登录" in nobody.json()["words"]


def test_the_key_of_what_waits_is_the_persons_own_and_nobody_elses(window, client_of, client):
    mine = window.get("/session/")
    assert mine["Cache-Control"] == "private, no-store"
    assert mine.json()["key"] == client_of("chuangkou").get("/session/").json()["key"]
    assert mine.json()["key"] != client_of("chuangkou2").get("/session/").json()["key"]
    assert client.get("/session/").json()["key"] == ""


# --- one person in two roles ------------------------------------------------------------


@pytest.fixture
def two_seats(client_of):
    """A window worker who also sits at the window of another town; and the way there."""
    user = User.objects.get(username="chuangkou")
    other = User.objects.get(username="chuangkou2").memberships.get()
    second = Membership.objects.create(
        user=user,
        role=other.role,
        organization=other.organization,
        place=other.place,
        valid_from="2020-01-01",
    )
    client = client_of("chuangkou")
    first = user.memberships.first()
    assert first.organization_id != second.organization_id
    return client, lambda seat: client.post(
        "/switch/role/", {"membership": {"first": first, "second": second}[seat].pk}
    )


def test_what_was_typed_in_one_role_is_not_read_in_another(two_seats):
    client, change = two_seats
    form = opened(client)
    typing(client, form, **family())
    assert change("second").status_code == 302
    assert form["key"] not in client.get(INTAKE).content.decode()
    assert "丈夫被抓" not in client.get(f"{INTAKE}?draft={form['key']}").content.decode()
    change("first")
    assert "丈夫被抓" in client.get(f"{INTAKE}?draft={form['key']}").content.decode()


def test_a_form_opened_in_one_role_is_neither_saved_nor_sent_in_another(two_seats):
    client, change = two_seats
    form = opened(client)
    change("second")
    answer = typing(client, form, **family())
    assert answer.status_code == 409
    assert "另一个身份" in answer.content.decode()
    known = factories.new_id_number()
    factories.AcceptedMatter(id_number=known)
    before = Matter.objects.count()
    sent = client.post(INTAKE, {**form, **family(id_number=known, about=known)}, follow=True)
    assert "另一个身份" in sent.content.decode()
    assert "丈夫被抓" not in sent.content.decode()
    assert Matter.objects.count() == before
    change("first")
    assert "丈夫被抓" in client.get(f"{INTAKE}?draft={form['key']}").content.decode()
