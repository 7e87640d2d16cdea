"""Texts that mean a state and stand in one expression with one, whatever is done with both; and states that are
found by how they look.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.speaking import last_name, names_a_state, values

#: Texts that consist of words and of what lists, joins or replaces parts of them.
WORDS = re.compile(r"[\w\s|^$()*?.,%+{}\[\]'-]*")
#: What gives several states in their order.
LISTING = ("in_phase", "with_trait", "unfinished", "knowing")
#: What a state is shown with.
LOOKS = ("tone", "label", "name")


def near_states(text: str) -> list[str]:
    """Expressions of a source that bring a state together with a text that means one, take some states out of
    several, or ask how a state looks.
    """
    found = {
        (node.lineno, node.col_offset): ast.unparse(node)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.expr | ast.Assign) and (_brings_together(node) or _takes_out(node))
    }
    return [f"{said} (line {line})" for (line, _column), said in sorted(found.items())]


def _brings_together(node: ast.AST) -> bool:
    """Whether one part of a comparison or a call has a state, and another a text that means one."""
    parts = list(_parts(node))
    with_state = [part for part in parts if any(_is_state(inner) for inner in ast.walk(part))]
    return any(_means_a_state(part) for part in parts for state in with_state if state is not part)


def _parts(node: ast.AST) -> Iterator[ast.expr]:
    """What a comparison or a call has beside each other."""
    match node:
        case ast.Compare(left=left, comparators=comparators):
            yield from (left, *comparators)
        case ast.Call(func=ast.Attribute(value=of), args=args):
            yield from (of, *args)
        case ast.Call(args=args):
            yield from args


def _is_state(node: ast.AST) -> bool:
    """Whether an expression is a state by its name: ``need.status``, ``getattr(need, NEED.field_name)``."""
    match node:
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Attribute(attr="field_name"), *_]):
            return True
        case ast.Call(func=ast.Name(id="F"), args=[ast.Constant(value=str(name))]):
            return names_a_state(name)
        case ast.Attribute() | ast.Name():
            return names_a_state(last_name(node))
    return False


def _means_a_state(node: ast.expr) -> bool:
    """Whether an expression is, lists, adds or looks for the value of a state, in small letters or capitals."""
    constants = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    said = [value for value in constants if isinstance(value, str)]
    said += [value.decode("latin-1") for value in constants if isinstance(value, bytes)]
    together = "".join(said).lower()
    words = {word for text in (*said, together) if WORDS.fullmatch(text) for word in _words(text)}
    return bool(words & values())


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z_]+", text.lower())


def _takes_out(node: ast.AST) -> bool:
    """Whether some of several states are taken by their place, or states are chosen by how they look."""
    match node:
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value):
            return _lists(value)
        case ast.Subscript(value=value, slice=ast.Slice()):
            return _lists(value)
        case ast.Subscript(value=ast.Attribute(attr="sources")):
            return True
        case ast.Call(func=ast.Attribute(value=value, attr="pop")):
            return _lists(value)
        case ast.Call(func=ast.Attribute(value=ast.Attribute() as look, attr="startswith" | "endswith")):
            return look.attr in LOOKS and _is_meant(look)
        case ast.Compare(left=left, comparators=comparators):
            sides = (left, *comparators)
            looks = any(
                isinstance(side, ast.Attribute) and side.attr in LOOKS and _is_meant(side) for side in sides
            )
            return looks and any(isinstance(side, ast.Constant) for side in sides)
    return False


def _lists(node: ast.expr) -> bool:
    """Whether an expression is several states in their order."""
    match node:
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in LISTING
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted" | "iter"), args=[of]):
            return _lists(of)
    return False


def _is_meant(node: ast.Attribute) -> bool:
    """Whether a look is that of a state: ``state.label``, ``NeedStatus(need.status).meaning.tone``."""
    of = node.value
    return (node.attr == "tone" and last_name(of) == "meaning") or names_a_state(last_name(of))
