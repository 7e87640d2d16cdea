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
    """The member of that name of the class of states that an expression names; None without one. Of the states of
    some table (``need.lifecycle.states``) it is that of any.
    """
    if isinstance(of, ast.Attribute) and of.attr == "__members__":
        of = of.value
    called = last_name(of.func if isinstance(of, ast.Call) else of)
    if called in ("states", "states_of"):
        return next(
            (states[member] for states in enumerations().values() if member in states.__members__), None
        )
    states = names.get(called)
    return None if states is None else states.__members__.get(member)


def states_picked(text: str) -> list[str]:
    """Where a source finds a single state without its name: by its place among others, by the transition that leads
    to it, or by the name of its phase or the number of its step.
    """
    tree = ast.parse(text)
    names = _names_of_enumerations(tree)
    found = {
        (node.lineno, node.col_offset): ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and _picks(node, names)
    }
    return [f"{said} (line {line})" for (line, _column), said in sorted(found.items())]


def _picks(node: ast.expr, names: Names) -> bool:
    """Whether an expression is, or is compared with, what only one state is."""
    match node:
        case ast.Subscript(
            value=of,
            slice=ast.Constant(value=int()) | ast.UnaryOp(operand=ast.Constant(value=int())) | ast.Slice(),
        ):
            return _lists(of, names)
        case ast.Call(func=ast.Name(id="next" | "min" | "max"), args=[of, *_]):
            return _lists(of, names)
        case ast.Attribute(
            value=ast.Attribute(value=ast.Call(func=func, args=[ast.Constant()]), attr="arrow"), attr="target"
        ):
            return last_name(func) == "get_transition"
        case ast.Compare(left=left, comparators=comparators):
            sides = (left, *comparators)
            constant = any(isinstance(side, ast.Constant) and side.value is not None for side in sides)
            return any(_begins(side) or (constant and _is_meant(side)) for side in sides)
    return False


def _lists(node: ast.expr, names: Names) -> bool:
    """Whether an expression is several states in their order: ``NeedStatus.values``, ``NeedStatus.in_phase(ASKED)``,
    ``list(NeedStatus)``.
    """
    match node:
        case ast.Attribute(value=of, attr="values" | "names" | "choices" | "labels"):
            return last_name(of) in (*names, "states")
        case ast.Call(func=ast.Name(id="list" | "tuple" | "iter" | "sorted"), args=[of]):
            return _lists(of, names) or last_name(of) in (*names, "states")
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in ("in_phase", "with_trait", "unfinished", "knowing")
    return last_name(node) in names


def _begins(node: ast.expr) -> bool:
    """Whether an expression is the state in which something begins: ``NEED.get_start("add").state``."""
    match node:
        case ast.Attribute(value=ast.Call(func=func), attr="state"):
            return last_name(func) == "get_start"
    return False


def _is_meant(node: ast.expr) -> bool:
    """Whether an expression is the name of a phase, or the number of a step."""
    match node:
        case ast.Attribute(value=of, attr="name"):
            return last_name(of) == "phase"
        case ast.Attribute(value=of, attr="step"):
            return last_name(of) == "meaning"
    return False


def _alone_in_its_phase(state: States) -> bool:
    """Whether a state has its phase for itself."""
    return len(type(state).in_phase(state.phase)) == 1
