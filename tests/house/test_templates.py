"""Templates can be read line by line, and Chinese sentences stand one behind another without a blank."""

from __future__ import annotations

import re

import pytest

from demo.management.commands.screenshots import pages_of
from foundation.roles import PEOPLE
from marketplace.server.demonstration import accounts
from tests.house.test_the_house import ROOT

pytestmark = pytest.mark.story

USERS = {row["role"]: row["username"] for row in reversed(accounts())}

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


def gaps(html: str) -> list[str]:
    """Chinese sentences of a page with a blank between them, each with a few characters around it."""
    texts = re.findall(r">([^<]+)(?=<)", NO_TEXT.sub("", html))
    return [text[max(0, gap.start() - 12) : gap.end() + 12] for text in texts for gap in GAP.finditer(text)]


def test_no_line_of_a_template_is_too_long_to_read():
    assert lines_over(200) == []
    assert len(lines_over(150)) <= 20, lines_over(150)


def test_a_blank_between_chinese_sentences_is_noticed():
    assert gaps("<p>第一句。\n 第二句。</p>") == ["第一句。\n 第二句。"]
    assert gaps("<p>第一句。第二句 2 个。</p><pre>一。 二。</pre>") == []


@pytest.mark.parametrize("role", ["public", *PEOPLE])
def test_no_blank_stands_between_chinese_sentences(role, client, client_of):
    reader = client if role == "public" else client_of(USERS[role])
    for _name, address in pages_of(role):
        assert gaps(reader.get(address).content.decode()) == [], address
