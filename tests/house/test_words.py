"""Every word for people goes through gettext, and has its English."""

from __future__ import annotations

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from foundation.lifecycle.table import LIFECYCLES
from tests.house.packages import ROOT, sources

CHINESE = re.compile(r"[\u4e00-\u9fff]")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

#: Official documents, invented people and the drawings for engineers are Chinese by nature.
CHINESE_BY_NATURE = frozenset(
    {
        "catalog/hsds/applying.py",
        "catalog/hsds/selecting.py",
        "catalog/hsds/shapes.py",
        "catalog/hsds/standard/__init__.py",
        "catalog/items/standards.py",
        "catalog/public/search.py",
        "catalog/sheets/sheet.py",
        "catalog/sheets/writing.py",
        "contracts/budgets/reserving.py",
        "contracts/budgets/year_end.py",
        "contracts/invoices/clawing_back.py",
        "contracts/invoices/invoicing.py",
        "contracts/templates/text.py",
        "evaluations/schemes/defaults.py",
        "foundation/city/document_sheet.py",
        "foundation/forms/days.py",
        "foundation/forms/phones.py",
        "foundation/forms/typed.py",
        "foundation/holidays/vocabulary.py",
        "foundation/lifecycle/diagrams.py",
        "foundation/money.py",
        "giving/allocations.py",
        "giving/receiving.py",
        "marketplace/management/commands/run.py",
        "marketplace/parties_table.py",
        "marketplace/permissions_table.py",
        "marketplace/settings.py",
        "organizations/bodies/committees.py",
        "organizations/bodies/hours.py",
        "organizations/city_lists/columns.py",
        "organizations/listings/heads.py",
        "organizations/staff_lists/heads.py",
        "procurement/ocds/releases.py",
        "procurement/ocds/sections.py",
        "procurement/purchases/fields.py",
    }
)
#: Files of this name write official documents.
CHINESE_NAMES = frozenset({"documents.py"})


def said() -> set[str | tuple[str, str]]:
    """Every text that the code and the templates ask gettext for."""
    found: set[str | tuple[str, str]] = set()
    for path in sources():
        for _line, message, *_rest in extract("python", BytesIO(path.read_bytes()), KEYWORDS):
            found.add(message)
    for path in (ROOT / "templates").rglob("*.html"):
        code = templatize(path.read_text(), origin=str(path))
        plain = "\n".join(map(str.strip, code.splitlines())).encode()
        for _line, message, *_rest in extract("python", BytesIO(plain), KEYWORDS):
            found.add(message)
    return {tuple(each) if isinstance(each, list | tuple) else each for each in found}


def english() -> dict[str | tuple[str, ...], str | tuple[str, ...]]:
    with (ROOT / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        catalog = read_po(file)
        return {message.id: message.string for message in catalog if message.id}


def test_every_text_has_its_english_and_none_is_left_over():
    asked, there = said(), english()
    assert asked - set(there) == set(), "run: make messages, and translate"
    assert set(there) - asked == set(), "run: make messages"
    empty = [key for key, text in there.items() if not text or not all(text)]
    assert empty == []


def test_no_english_text_holds_chinese_but_names_and_numbers_of_documents():
    for key, text in english().items():
        text = re.sub(r"(示|国办)\w{1,3}〔\d+〕\d+号", "", text if isinstance(text, str) else "".join(text))
        assert not CHINESE.search(text), key


def test_english_labels_of_states_and_steps_begin_with_a_capital_letter():
    with translation.override("en"):
        labels = [
            str(label)
            for lifecycle in LIFECYCLES.values()
            for label in (
                lifecycle.title,
                *(state.label for state in lifecycle.states),
                *lifecycle.step_labels.values(),
                *(row.label for row in lifecycle.rows),
            )
        ]
    assert [label for label in labels if label[0].islower()] == []


def test_placeholders_are_the_same_in_both_languages():
    for key, text in english().items():
        both = [" ".join(each) if isinstance(each, tuple) else each for each in (key, text)]
        names = [set(re.findall(r"%\((\w+)\)", each)) for each in both]
        assert names[0] == names[1], key


#: Chinese words, and the marks between them, which other languages do not write.
OF_CHINESE = re.compile(r"[\u4e00-\u9fff\uff01-\uff1f\u3001\u3002]+")
#: Templates that are Chinese in every language: a page without gettext, and the city's opinion as it was issued.
CHINESE_TEMPLATES = frozenset({"500.html", "opinion.html"})


def test_no_template_says_chinese_past_gettext():
    for path in (ROOT / "templates").rglob("*.html"):
        if "documents" in path.parts or path.name in CHINESE_TEMPLATES:
            continue
        text = path.read_text()
        text = re.sub(r"{%\s*blocktrans.*?{%\s*endblocktrans\s*%}", "", text, flags=re.DOTALL)
        text = re.sub(r"{%.*?%}|{#.*?#}|{{.*?}}", "", text, flags=re.DOTALL)
        left = [word for word in OF_CHINESE.findall(text) if word != "中文"]
        assert left == [], path


def spoken(tree: ast.AST) -> set[int]:
    """Lines of constants that gettext, a docstring or a rule's clause accounts for."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        name = ""
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        docstring = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(node)
        clause = isinstance(node, ast.keyword) and node.arg in ("rule", "basis")
        if name in KEYWORDS or clause:
            lines |= {n.lineno for n in ast.walk(node) if isinstance(n, ast.Constant)}
        if docstring:
            lines |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return lines


#: A clause of a law is quoted as it is; so is the punctuation that joins words.
DATES_AND_MONEY = re.compile(r"[年月日号周一二三四五六元,\uff08\uff09\uff0c¥¥\\s(./,\[\]]+")
CLAUSES = re.compile(r"第.{1,4}条|法|令|号")


def test_no_code_says_chinese_past_gettext():
    assert [each for path in sources() for each in _past_gettext(path)] == []


def test_files_that_are_chinese_by_nature_say_chinese_past_gettext():
    """None stands in the list whose Chinese has gone."""
    assert [name for name in sorted(CHINESE_BY_NATURE) if not _chinese_in(ROOT / name)] == []


def _past_gettext(path: Path) -> list[str]:
    if path.name in CHINESE_NAMES or str(path.relative_to(ROOT)) in CHINESE_BY_NATURE:
        return []
    return _chinese_in(path)


def _chinese_in(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    known = spoken(tree)
    return [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value[:40]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.lineno not in known
        and CHINESE.search(node.value)
        and not CLAUSES.search(node.value)
        and not DATES_AND_MONEY.fullmatch(node.value)
    ]


#: Drawings and tables of the documentation are Chinese in every language.
DRAWN = frozenset(
    {"foundation/lifecycle/diagrams.py", "marketplace/parties_table.py", "marketplace/permissions_table.py"}
)


def test_names_are_listed_as_the_language_of_the_reader_does():
    """``foundation.wording.listed``, but in documents."""
    assert [each for path in sources() for each in _listed_by_hand(path)] == []
    templates = [path for path in (ROOT / "templates").rglob("*.html") if "documents" not in path.parts]
    assert [path for path in templates if re.search(r"""join:["']、|%}、{%""", path.read_text())] == []


def _listed_by_hand(path: Path) -> list[str]:
    if path.name in CHINESE_NAMES or str(path.relative_to(ROOT)) in DRAWN:
        return []
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr == "join"
        and isinstance(node.value, ast.Constant)
        and node.value.value == "、"
    ]


@pytest.mark.parametrize(
    "username,path",
    [
        ("", "/"),
        ("", "/help/"),
        ("", "/funds/"),
        ("", "/notices/"),
        ("chuangkou", "/workbench/"),
        ("chuangkou", "/matters/new/accept_application/"),
        ("jigou", "/workbench/"),
        ("minzheng", "/rules/"),
        ("caizheng", "/budgets/"),
        ("jiating", "/workbench/"),
    ],
)
def test_a_page_in_english_says_none_of_our_chinese_words(client_of, client, username, path):
    client = client_of(username) if username else client
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(path).content.decode()
    text = re.sub(r"<[^>]+>", "\n", page)
    words = {key for key in english() if isinstance(key, str) and CHINESE.search(key) and len(key) > 3}
    shown = {line.strip() for line in text.splitlines()} & words
    assert shown == set()


def test_the_language_of_a_request_does_not_leak_into_the_next(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.get("/")
    assert translation.get_language() == "zh-hans"
    assert Path(ROOT).exists()


def test_no_text_is_asked_for_within_a_formatted_string_where_it_is_not_found():
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sources()
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in ("_", "gettext", "ngettext", "pgettext")
    ]
    assert hidden == []
