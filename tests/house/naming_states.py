"""Where a Python source names single states: found in the syntax tree, whatever the spelling."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache

from foundation.lifecycle.states import States
from foundation.lifecycle.table import LIFECYCLES
from tests.house.speaking import enumerations, last_name, names_a_state

#: Calls whose arguments ask for a state.
ASKING = {"filter", "exclude", "get", "Q", "When", "get_object_or_404", "get_list_or_404", "find_visible"}

#: Calls that set the state of what they make or keep; the making of a model does so too.
SETTING = {"create", "get_or_create", "update_or_create", "update", "CharField"}

#: Keywords under which a state is set.
SET_AS = {"status", "state", "default"}


def states_alone(text: str) -> list[str]:
    """Where a source asks for the only state of a phase by its name, instead of the phase: a second state in
    the phase would be left out there.
    """
    return _found(text, lambda node, names: _asked(node), _alone_in_its_phase)


def states_named(text: str, *, alone: bool = False) -> list[str]:
    """Where a source names a single state, and is not setting it on what it makes: of whatever phase, or
    only those that have their phase ``alone``.
    """
    return _found(text, _named, _alone_in_its_phase if alone else lambda _state: True)


#: The names that a source has for classes of states.
Names = dict[str, type[States]]


def _found(
    text: str, named: Callable[[ast.AST, Names], Iterator[ast.expr]], counts: Callable[[States], bool]
) -> list[str]:
    """The expressions that ``named`` gives of the nodes of a source, as far as they are states that count."""
    tree = ast.parse(text)
    names = _names_of_enumerations(tree)
    found = {}
    for node in ast.walk(tree):
        for expression in named(node, names):
            state = _state_of(expression, names)
            if state is not None and counts(state):
                found[expression.lineno, expression.col_offset] = ast.unparse(expression)
    return [f"{said} (line {line})" for (line, _column), said in sorted(found.items())]


def _named(tree: ast.AST, names: Names) -> Iterator[ast.expr]:
    """The expressions of a whole source that are not in a place where a state is set."""
    if not isinstance(tree, ast.Module):
        return
    setting = {id(expression) for node in ast.walk(tree) for expression in _set_by(node, names)}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and id(node) not in setting:
            yield node


def _set_by(node: ast.AST, names: Names) -> Iterator[ast.expr]:
    """The expressions that a call sets as states: of what it makes, or of what has no table of transitions."""
    if not isinstance(node, ast.Call):
        return
    called = last_name(node.func)
    sets = called in SETTING or called[:1].isupper()
    for keyword in node.keywords:
        if called not in ASKING and sets and keyword.arg in SET_AS:
            yield keyword.value
        if keyword.arg in ("defaults", "create_defaults") and isinstance(keyword.value, ast.Dict):
            yield from keyword.value.values
    if called not in ASKING:
        given = (*node.args, *(keyword.value for keyword in node.keywords))
        for argument in given:
            state = _state_of(argument, names)
            if state is not None and type(state) not in _with_a_table():
                yield argument


@cache
def _with_a_table() -> frozenset[type[States]]:
    """The classes of states that have a table of transitions."""
    return frozenset(lifecycle.states for lifecycle in LIFECYCLES.values())


def _asked(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions by which a node asks for something: what it compares, looks up or decides by."""
    match node:
        case ast.Compare(left=left, comparators=comparators):
            for side in (left, *comparators):
                yield from _elements(side)
        case ast.Call(func=func, keywords=keywords) if last_name(func) in ASKING:
            for keyword in keywords:
                if keyword.arg is None or names_a_state(keyword.arg):
                    yield from _elements(keyword.value)
        case ast.Dict(keys=keys):
            yield from (_plain(key) for key in keys if key is not None)
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            yield value
        case ast.Subscript(slice=key):
            yield _plain(key)
        case ast.MatchValue(value=value):
            yield value
        case ast.FormattedValue(value=value):
            yield value
        case ast.Tuple(elts=[one]) | ast.List(elts=[one]) | ast.Set(elts=[one]):
            yield one
        case ast.Tuple(elts=[ast.Constant(value=str(field)), value]) if names_a_state(field):
            yield value


def _elements(node: ast.expr) -> Iterator[ast.expr]:
    """An expression, or what it lists."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set) and len(node.elts) > 1:
        yield from node.elts
    else:
        yield _plain(node)


def _plain(node: ast.expr) -> ast.expr:
    """The state of ``str(STATE)`` and ``STATE.value``."""
    if isinstance(node, ast.Call) and last_name(node.func) == "str" and len(node.args) == 1:
        return node.args[0]
    if isinstance(node, ast.Attribute) and node.attr == "value":
        return node.value
    return node


def _names_of_enumerations(tree: ast.Module) -> Names:
    """The classes of states by the names that a source has for them, with its short names."""
    names = dict(enumerations())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {
                one.asname: enumerations()[one.name]
                for one in node.names
                if one.asname and one.name in enumerations()
            }
        if isinstance(node, ast.Assign) and last_name(node.value) in names:
            names |= {last_name(target): names[last_name(node.value)] for target in node.targets}
    return names


def _state_of(node: ast.expr, names: Names) -> States | None:
    """The state that an expression is: ``Standing.EXITED``, ``Standing["EXITED"]``, ``Standing("exited")``,
    ``getattr(Standing, "EXITED")``; None for anything else.
    """
    match node:
        case ast.Attribute(value=of, attr=str(member)) if member.isupper():
            return _member(names, of, member)
        case ast.Subscript(value=of, slice=ast.Constant(value=str(member))):
            return _member(names, of, member)
        case ast.Call(func=ast.Name(id="getattr"), args=[of, ast.Constant(value=str(member)), *_]):
            return _member(names, of, member)
        case ast.Call(func=of, args=[ast.Constant(value=str(value))]):
            return _member(names, of, value.upper())
    return None


def _member(names: Names, of: ast.expr, member: str) -> States | None:
    """The member of that name of the class of states that an expression names; None without one."""
    states = names.get(last_name(of))
    return None if states is None else states.__members__.get(member)


def _alone_in_its_phase(state: States) -> bool:
    """Whether a state has its phase for itself."""
    return len(type(state).in_phase(state.phase)) == 1
