"""A notice is written in each language of the product: nobody hands on a text that is translated already."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.packages import ROOT, sources

#: Functions that write notices, each with the place of the text among what it takes.
TELLING = {"notices.send": 2, "notices.deliver": 2, "notices.about": 1}


def translated_early(source: str) -> set[int]:
    """The lines of a source at which a notice, or what it is made of, is translated when it is written."""
    tree = ast.parse(source)
    early = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in ("gettext", "ngettext", "pgettext", "npgettext")
    }
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {line for function in functions for line in _early_in(function, early)}


def _early_in(function: ast.FunctionDef, early: set[str]) -> Iterator[int]:
    texts = [
        node.args[TELLING[ast.unparse(node.func)]]
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in TELLING
    ]
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                assigned.setdefault(ast.unparse(target), []).append(node.value)
    seen: set[str] = set()
    while texts:
        text = texts.pop()
        for node in ast.walk(text):
            if (
                (
                    isinstance(node, ast.Call)
                    and ast.unparse(node.func) in early | {"str", "listed", "day", "moment"}
                )
                or isinstance(node, ast.JoinedStr)
                or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod))
                or (isinstance(node, ast.Attribute) and node.attr in ("local_name", "local_unit", "words"))
            ):
                yield node.lineno
            elif isinstance(node, ast.Name) and node.id not in seen:
                seen.add(node.id)
                texts += assigned.get(node.id, ())


def test_no_notice_is_translated_before_it_is_read():
    found = {path: path.read_text() for path in sources("demo")}
    telling = {path: source for path, source in found.items() if "notices." in source}
    assert len(telling) > 15
    early = {path.relative_to(ROOT): translated_early(source) for path, source in telling.items()}
    assert {path: lines for path, lines in early.items() if lines} == {}


IMPORTED = "from django.utils.translation import gettext as _, gettext_lazy\n"


@pytest.mark.parametrize(
    "text",
    [
        '_("%(x)s") % {"x": obj}',
        '_("x")',
        'gettext_lazy("%(x)s") % {"x": obj}',
        'f"{obj}: {reason}"',
        'filled(gettext_lazy("%(x)s"), x=_("x"))',
        'filled(gettext_lazy("%(x)s"), x=str(obj))',
        'filled(gettext_lazy("%(x)s"), x=day(obj.on))',
        'filled(gettext_lazy("%(x)s"), x=by.words)',
        "notices.about(obj, _('x'))",
    ],
)
def test_such_a_text_is_found_also_behind_a_name(text):
    at_once = f"{IMPORTED}def act(obj, by):\n    notices.send(obj, role, {text})\n"
    assert translated_early(at_once) == {3}
    named = f"{IMPORTED}def act(obj, by):\n    words = {text}\n    notices.deliver(obj, to, words)\n"
    assert translated_early(named) == {3}


def test_a_text_that_is_said_when_it_is_read_is_allowed():
    text = 'filled(gettext_lazy("%(x)s"), x=obj, who=by.said, on=obj.on)'
    assert translated_early(f"{IMPORTED}def act(obj, by):\n    notices.send(obj, role, {text})\n") == set()
