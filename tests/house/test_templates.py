"""Templates can be read line by line, and Chinese sentences stand one behind another without a blank."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from demo.management.commands.screenshots import pages_of
from foundation.roles import PEOPLE
from tests.accounts import USERS
from tests.house.packages import ROOT

pytestmark = pytest.mark.story

TEMPLATES = ROOT / "templates"

#: What pages stand on: the bare frame has neither heading nor body of its own.
FRAMES = {"base.html", "documents/base.html"}
LISTS = {"layouts/list.html", "portal/list.html"}
LAYOUTS = {"layouts/page.html", "layouts/object.html", "portal/page.html", "foundation/form.html", *LISTS}

#: Pages that stand on no layout, and why.
ON_NO_LAYOUT = {
    "403.html": "says one of two things, each under its own heading",
    "500.html": "is shown when nothing else can be drawn",
    "fault.html": "is shown when nothing else can be drawn",
    "marketplace/office/first.html": "has its heading in the narrow column of its form",
    "marketplace/sign_in/factor.html": "has its heading in the narrow column of its form",
    "marketplace/sign_in/passkey.html": "has its heading in the narrow column of its form",
    "marketplace/sign_in/password.html": "has its heading in the narrow column of its form",
    "marketplace/sign_in/sign_in.html": "has its heading in the narrow column of its form",
    "marketplace/sign_in/waited_too_long.html": "stands where the form of the sign-in stood",
    "organizations/single_sign_on/refused.html": "stands where the form of the sign-in stood",
    "marketplace/workbench/workbench.html": "is drawn anew as a whole, heading too, when something was done in it",
}

#: Tables that are written by hand, and why. Documents are paper, and have their own.
BY_HAND = {
    "catalog/editions/difference.html": "the name of an item spans the rows of its changes",
    "catalog/editions/effect_counted.html": "a row of totals closes it",
    "catalog/offers/renewal_changes.html": "a part of two pages, once for every renewal of a list",
    "foundation/holidays/months.html": "a calendar, whose columns are the days of the week",
    "referrals/requests/request.html": "its cells hold the clock of a referral, with the forms to pause it",
}

#: Elements that end an open paragraph, and attributes that name other elements.
BLOCKS = re.compile(
    "address|aside|blockquote|details|div|dl|fieldset|figure|footer|form|h[1-6r]|header|main|nav|[ou]l|p|pre|section|table"
)
NAMING = {"for", "aria-describedby", "aria-labelledby", "aria-controls"}

#: The root elements of components, which tags make.
MADE_BY_TAGS = re.compile(r"""class="(card-sheet|chip|crumb|empty-state|hint|time-left)[ "{]|<svg""")
#: Where one is written by hand, and why.
SHAPED_BY_HAND = {
    "components/waiting.html": "carries the sentences that a script says",
    "marketplace/office/first.html": "the sheet is the form itself",
    "marketplace/sign_in/factor.html": "the sheet is the form itself",
    "marketplace/sign_in/passkey.html": "the sheet is the form itself",
    "marketplace/sign_in/password.html": "the sheet is the form itself",
    "organizations/invitations/letter.html": "each letter is a sheet of paper",
    "marketplace/sign_in/sign_in.html": "the sheet is the form itself",
    "portal/provider.html": "the facts stand aside",
}

#: What shows no words, or words as somebody typed them.
NO_TEXT = re.compile(r"<(script|style|pre|textarea|option|title)\b.*?</\1>", re.DOTALL)
#: A blank between a mark that ends something and the Chinese text behind it in the same line.
GAP = re.compile(r"[\u3002\uff0c\uff1a\uff1b\uff01\uff1f]\s+[\u4e00-\u9fff\uff08\u201c]")


def lines_over(length: int) -> list[str]:
    """The lines of templates that are longer, but for those that draw a path."""
    found = []
    for path in (ROOT / "templates").rglob("*.html"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if len(line) > length and "<path" not in line:
                found.append(f"{path.relative_to(ROOT)}:{number}: {len(line)}")
    return found


def stands_on() -> dict[str, str]:
    """What every page extends, by the name of its template; "" for one that is a whole page by itself."""
    found = {}
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        extended = re.search(r'\{% extends "([^"]+)" %\}', text)
        if extended or "<html" in text:
            found[str(path.relative_to(TEMPLATES))] = extended[1] if extended else ""
    return found


def gaps(html: str) -> list[str]:
    """Chinese sentences of a page with a blank between them, each with a few characters around it."""
    texts = re.findall(r">([^<]+)(?=<)", NO_TEXT.sub("", html))
    return [text[max(0, gap.start() - 12) : gap.end() + 12] for text in texts for gap in GAP.finditer(text)]


def test_no_line_of_a_template_is_too_long_to_read():
    assert lines_over(200) == []
    assert len(lines_over(150)) <= 10, lines_over(150)


def test_every_page_stands_on_a_layout():
    pages = {
        name: below
        for name, below in stands_on().items()
        if name not in FRAMES | LAYOUTS and below != "documents/base.html"
    }
    assert len(pages) > 100
    assert {name for name, below in pages.items() if below not in LAYOUTS} == set(ON_NO_LAYOUT)


def test_a_list_declares_its_columns_in_python():
    lists = [name for name, below in stands_on().items() if below in LISTS - {name}]
    assert len(lists) > 30
    assert [name for name in lists if "<thead" in (TEMPLATES / name).read_text()] == []


def test_tables_by_hand_are_few_and_each_has_a_reason():
    found = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "<thead" in path.read_text() and path.parent.name != "documents"
    }
    assert found == set(BY_HAND)


def test_what_has_a_tag_is_seldom_shaped_by_hand():
    made = {"card", "chip", "crumb", "empty_state", "hint", "inline_hint", "time_left"}
    found = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if MADE_BY_TAGS.search(path.read_text())
    }
    assert found == {f"components/{name}.html" for name in made} | set(SHAPED_BY_HAND)


def test_a_template_asks_what_is_shown_and_never_for_a_role():
    roles = "|".join(PEOPLE)
    asking = re.compile(rf"{{%[^%]*\b(\w*role\s*(==|!=|in\b|not\b)|overseeing\b|is_({roles})\b)")
    assert asking.search('{% if actor.role != "household" %}')
    assert asking.search("{% if may_ask and is_window %}")
    assert not asking.search('{% empty_state fault role="alert" %}')
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "templates").rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if asking.search(line)
    ]
    assert found == []


def test_what_a_loop_goes_through_has_a_name():
    unnamed = re.compile(r"{[{%][^%}]*\beach\b")
    assert unnamed.search("{% for each, running in row.referrals %}")
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if unnamed.search(path.read_text())
    ]
    assert found == []


class _Structure(HTMLParser):
    """The faults of a page that a browser would mend in its own way, and the names that its elements use."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.paragraphs, self.ids, self.named = 0, Counter[str](), set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.paragraphs and BLOCKS.fullmatch(tag):
            self.faults.append(f"<{tag}> in a paragraph, line {self.getpos()[0]}")
        self.paragraphs += tag == "p"
        for name, value in attrs:
            self.ids.update([value or ""] if name == "id" else ())
            self.named.update((value or "").split() if name in NAMING else ())

    def handle_endtag(self, tag: str) -> None:
        self.paragraphs -= tag == "p"


def faults_of_structure(html: str) -> list[str]:
    """Blocks in a paragraph, ids given twice, and references to elements that are not there."""
    page = _Structure()
    page.feed(html)
    twice = [f"id {name} twice" for name, times in page.ids.items() if times > 1]
    return [*page.faults, *twice, *(f"no element {name}" for name in page.named - {*page.ids})]


def test_faults_of_structure_are_noticed():
    assert faults_of_structure('<p id="a">x<span id="b">y</span></p><i aria-describedby="a b"></i>') == []
    assert faults_of_structure("<p><span><details></details></span></p>") == [
        "<details> in a paragraph, line 1"
    ]
    assert faults_of_structure('<b id="a"></b><i id="a" aria-describedby="c"></i>') == [
        "id a twice",
        "no element c",
    ]


def test_a_blank_between_chinese_sentences_is_noticed():
    assert gaps("<p>第一句。\n 第二句。</p>") == ["第一句。\n 第二句。"]
    assert gaps("<p>第一句。第二句 2 个。</p><pre>一。 二。</pre>") == []


@pytest.mark.parametrize("role", ["public", *PEOPLE])
def test_pages_are_well_formed_and_no_blank_stands_between_chinese_sentences(role, client, client_of):
    reader = client if role == "public" else client_of(USERS[role])
    for _name, address in pages_of(role):
        page = reader.get(address).content.decode()
        assert gaps(page) == [], address
        assert faults_of_structure(page) == [], address
