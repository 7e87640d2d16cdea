"""Whatever is written into the journal has a sentence: a row of its table, or an act that is declared."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from foundation.journal import sentences
from tests.house import speaking
from tests.house.packages import ROOT

#: Where an act is handed on to ``writing.write`` by another name: rows of tables, and acts that callers declare.
HANDED_ON = {"row.name": "foundation/lifecycle/acting.py", "self.row.name": "foundation/lifecycle/acting.py"}


def written(text: str) -> Iterator[str]:
    """The act of each call of ``writing.write`` in a source, as it stands there."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "writing.write":
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            yield ast.unparse(node.args[2] if len(node.args) > 2 else given["act"])


def declared(text: str) -> set[str]:
    """The names under which a source declares or imports acts, and the parameters that hand one on."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("sentences.act("):
            found |= {ast.unparse(target) for target in node.targets}
        if isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names if alias.name.isupper()}
    return found


def handed_on(text: str) -> set[str]:
    """The parameters named ``act`` of a source's own functions, whose callers give a declared act."""
    return {
        argument.arg
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        for argument in node.args.args
        if argument.arg == "act"
    }


def unsaid(text: str, name: str = "") -> set[str]:
    """The acts that a source writes without a sentence; a row that a table finds by name has one."""
    rows = {act for act, file in HANDED_ON.items() if file == name}
    found = set(written(text)) - declared(text) - handed_on(text) - rows
    return {act for act in found if ".get_transition(" not in act}


def test_every_act_that_is_written_has_its_sentence():
    read = {name: (ROOT / name).read_text() for name in speaking.sources()}
    assert sum(len(list(written(text))) for text in read.values()) > 20
    assert {name: found for name, text in read.items() if (found := unsaid(text, name))} == {}


@pytest.mark.parametrize("act", ('"look_up"', "row.name", "NEVER_DECLARED"))
def test_an_act_without_a_sentence_is_found(act):
    assert unsaid(f"writing.write(kind, obj, {act}, by)") == {act.replace('"', "'")}


def test_an_act_is_declared_once_and_says_who():
    assert all(act.sentence for act in sentences.ACTS.values())
    with pytest.raises(ValueError, match="already"):
        sentences.act("reveal", "again")
    assert sentences.sentence_of("gone long ago") == "gone long ago"
