"""Words typed for one person are never kept, offered or sent for another."""

from __future__ import annotations

import pytest

from households.register import members
from organizations.places.models import Place
from referrals.matters.models import Matter
from tests import factories
from tests.foundation.unsent import ANOTHER, CATEGORY, INTAKE, NEWCOMER, family, opened, typing


@pytest.mark.parametrize("known", [False, True])
def test_a_number_of_another_household_begins_the_form_anew(window, known):
    number = ANOTHER
    if known:
        matter = factories.AcceptedMatter()
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


def test_the_draft_of_a_household_that_was_found_is_called_by_its_number(window, client_of):
    household = factories.AcceptedMatter().household
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
