"""States that a Python source writes as texts: found in the syntax tree, whatever the spelling."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.apps import apps

from foundation.roles import Role
from tests.house.speaking import PARTS, enumerations, last_name, names_a_state, values, values_by_table

#: Words by which SQL is known, a value in it, and where it asks for a state.
SQL = re.compile(r"\b(SELECT|UPDATE|INSERT|DELETE|WHERE|JOIN|CASE WHEN|OLD\.|NEW\.)\b|status", re.I)
SQL_VALUE = re.compile(r"'([a-z_]+)'|\$\$([a-z_]+)\$\$")
SQL_ARRAY = re.compile(r"'\{([a-z_,]+)\}'")
SQL_PART = re.compile(r"\b(?:status|state|standing)\s+(?:NOT\s+)?(?:I?LIKE|~\*?|SIMILAR TO)\s+\S+", re.I)
SQL_STATE = re.compile(r"\b(status|state|standing)\b", re.I)
#: A parameter of SQL.
PARAMETER = re.compile(r"%s|%\(\w+\)s")

#: What gives a state as another text, or a part of it.
TEXTUAL = {"lower", "upper", "casefold", "strip", "title", "capitalize"}
#: What gives several texts as another list.
LISTING = {"set", "frozenset", "tuple", "list", "sorted", "str", "Value"}
#: What gives a text in the reader's language.
TRANSLATING = {"_", "gettext", "gettext_lazy"}
#: What says a state in the reader's words.
LABELS = {"status_label", "get_status_display", "get_state_display"}


@dataclass(frozen=True)
class Named:
    """The names of a source: those of texts, each with them, and those of states."""

    texts: dict[str, list[str]]
    states: frozenset[str]


#: The names of a source that gives none.
NOTHING = Named({}, frozenset())


def bare_states(text: str) -> list[str]:
    """States that a Python source writes as texts, and lists of several states."""
    found: dict[str, None] = {}
    tree = ast.parse(text)
    named = _named(tree)
    for node in ast.walk(tree):
        beside = (said for value in _beside_states(node, named) for said in _texts(value, named))
        states = (said for said in beside if said in values())
        for said in (
            *states,
            *_parts(node, named),
            *_labels(node),
            *_sets_of_states(node),
            *_in_sql(node, named),
        ):
            found[f"{said} (line {getattr(node, 'lineno', 0)})"] = None
    return list(found)


def states_written(text: str) -> list[str]:
    """Texts that can only be states, wherever a source writes them: compared, looked up, matched, given to a helper
    or to SQL, kept under a name. The keys of a mapping are names of its own.
    """
    tree = ast.parse(text)
    keys = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    return [
        f"{node.value} (line {node.lineno})"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in keys and node.value in _unmistakable()
    ]


@cache
def _unmistakable() -> frozenset[str]:
    """Values of states that are no everyday word, no role, and no name of a field."""
    fields = {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    return frozenset(value for value in values() if "_" in value) - fields - set(Role.values)


# --- names -------------------------------------------------------------------------------


def _named(tree: ast.Module) -> Named:
    """The names that a source gives to texts (``wanted = "awarded"``) and to states (``now = need.status``)."""
    texts: dict[str, list[str]] = {}
    states: set[str] = set()
    for name, value in _given(tree):
        if found := _texts(value, NOTHING):
            texts.setdefault(name, []).extend(found)
        if _is_state(value, NOTHING) or _lists_states(value):
            states.add(name)
    return Named(texts, frozenset(states))


def _given(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Every name of a source, and what it is given: by an assignment, a default, a loop or an annotation of rows."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((last_name(target), value) for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                yield name, value
            case (
                ast.For(target=ast.Name(id=name), iter=value)
                | ast.comprehension(target=ast.Name(id=name), iter=value)
            ) if _lists_states(value):
                yield name, value
            case ast.arguments():
                yield from _defaults(node)
            case ast.Call(func=ast.Attribute(attr="annotate" | "values"), keywords=keywords):
                yield from ((keyword.arg, keyword.value) for keyword in keywords if keyword.arg)


def _defaults(given: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    """The arguments of a function that have a default."""
    plain = [*given.posonlyargs, *given.args]
    pairs = [*zip(plain[::-1], given.defaults[::-1], strict=False)]
    pairs += [(arg, value) for arg, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value]
    yield from ((arg.arg, value) for arg, value in pairs)


def _lists_states(node: ast.expr) -> bool:
    """Whether an expression gives the states of rows: ``needs.values_list("status", flat=True)``."""
    match node:
        case ast.Call(func=ast.Attribute(attr="values_list"), args=[ast.Constant(value=str(name))]):
            return names_a_state(name)
        case ast.Call(func=func, args=[of, *_]) if last_name(func) in (*LISTING, "Counter"):
            return _lists_states(of)
    return False


# --- texts beside states -----------------------------------------------------------------


def _beside_states(node: ast.AST, named: Named) -> Iterator[ast.expr]:
    """The expressions that are compared with a state, looked up as one, set as one, or decided by."""
    match node:
        case ast.Compare(left=left, comparators=comparators):
            sides = (left, *comparators)
            if any(_is_state(side, named) for side in sides):
                yield from sides
        case ast.keyword(arg=str(name), value=value) if _means_a_state(name, named):
            yield value
        case ast.Tuple(elts=[ast.Constant(value=str(name)), value]) if names_a_state(name):
            yield value
        case ast.Dict(keys=keys, values=given):
            yield from (value for key, value in zip(keys, given, strict=True) if _is_name_of_a_state(key))
        case ast.Assign(targets=targets, value=value) if any(_is_set(target) for target in targets):
            yield value
        case ast.Call(func=func, args=[_, ast.Constant(value=str(name)), value]) if last_name(
            func
        ) == "setattr" and names_a_state(name):
            yield value
        case ast.Call(func=func, args=[left, right]) if last_name(func) in ("eq", "ne", "Exact") and (
            _is_state(left, named) or _is_state(right, named)
        ):
            yield from (left, right)
        case _:
            yield from _decided_by(node, named)


def _decided_by(node: ast.AST, named: Named) -> Iterator[ast.expr]:
    """The texts among which a state decides: the keys of a dictionary, also of one that is named, the cases of
    ``match``.
    """
    match node:
        case ast.Subscript(value=choices, slice=key) if _is_state(key, named):
            yield choices
        case ast.Subscript(value=of, slice=key) if _lists_states(of) or last_name(of) in named.states:
            yield key
        case ast.Call(func=ast.Attribute(value=choices, attr="get"), args=[key, *_]) if _is_state(key, named):
            yield choices
        case ast.Match(subject=subject, cases=cases) if _is_state(subject, named):
            patterns = (part for case in cases for part in ast.walk(case.pattern))
            yield from (part.value for part in patterns if isinstance(part, ast.MatchValue))


def _is_name_of_a_state(key: ast.expr | None) -> bool:
    """Whether a key is the name of a state: ``"status"``, ``"status" + "__in"``."""
    match key:
        case ast.Constant(value=str(name)) | ast.BinOp(left=ast.Constant(value=str(name))):
            return names_a_state(name)
    return False


def _is_set(target: ast.expr) -> bool:
    """Whether an assignment sets a state: ``need.status = ...``, ``row["status"] = ...``, ``status = ...``."""
    match target:
        case (
            ast.Attribute(attr=name) | ast.Name(id=name) | ast.Subscript(slice=ast.Constant(value=str(name)))
        ):
            return names_a_state(name)
    return False


def _parts(node: ast.AST, named: Named) -> Iterator[str]:
    """Texts by which a source asks for a part of the text of a state."""
    match node:
        case ast.keyword(arg=str(name), value=value) if names_a_state(name) and name.split("__")[-1] in PARTS:
            yield from (f"{name}={text}" for text in _texts(value, named))
        case ast.Call(func=ast.Attribute(value=part, attr="startswith" | "endswith"), args=[piece]) if (
            _is_state(part, named)
        ):
            yield from (text for text in _texts(piece, named) if _part_of_a_state(text))


def _part_of_a_state(text: str) -> bool:
    """Whether a text begins or ends a state."""
    return text.isidentifier() and any(value.startswith(text) or value.endswith(text) for value in values())


def _labels(node: ast.AST) -> Iterator[str]:
    """Comparisons of the label of a state with a text."""
    if isinstance(node, ast.Compare):
        sides = (node.left, *node.comparators)
        if any(_is_label(side) for side in sides) and any(_texts(side, NOTHING) for side in sides):
            yield ast.unparse(node)


def _is_label(node: ast.expr) -> bool:
    """Whether an expression is the label of a state: ``need.status_label``, ``need.get_status_display()``."""
    return last_name(node.func if isinstance(node, ast.Call) else node) in LABELS


def _sets_of_states(node: ast.AST) -> Iterator[str]:
    """Lists of several states that only their table may make, of members or of texts, and dictionaries by states."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set) and node.elts:
        if all(_is_member(element) for element in node.elts):
            yield ast.unparse(node)
        said = [element.value for element in node.elts if isinstance(element, ast.Constant)]
        if len(said) == len(node.elts) and _are_states(said):
            yield ast.unparse(node)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "AnyOf":
        yield ast.unparse(node)
    if isinstance(node, ast.Dict | ast.Call) and _are_states(_keys(node)):
        yield ast.unparse(node)


def _are_states(said: list[str]) -> bool:
    """Whether several texts are all states of one table."""
    return len(said) > 1 and any(set(said) <= table for table in values_by_table().values())


def _keys(node: ast.AST) -> list[str]:
    """The keys of a dictionary, as far as they are texts: ``{"open": 1}``, ``dict(open=1)``."""
    match node:
        case ast.Dict(keys=keys):
            return [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            return [keyword.arg for keyword in keywords if keyword.arg]
    return []


def _is_member(node: ast.expr) -> bool:
    """Whether an expression is a member of a class of states: ``NeedStatus.OPEN``."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in enumerations()
        and node.attr.isupper()
    )


# --- SQL ---------------------------------------------------------------------------------


def _in_sql(node: ast.AST, named: Named) -> Iterator[str]:
    """States in a text of SQL, or in what is given to it for its parameters."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql(node.value):
        yield from SQL_PART.findall(node.value)
        found = [said for match in SQL_VALUE.findall(node.value) for said in match]
        found += [said for listed in SQL_ARRAY.findall(node.value) for said in listed.split(",")]
        yield from (said for said in found if said in values())
    if isinstance(node, ast.Call) and any(_asks_by_parameters(argument) for argument in node.args):
        given = (*node.args, *(keyword.value for keyword in node.keywords))
        parts = (part for argument in given for part in _values_or_itself(argument))
        yield from (said for part in parts for said in _texts(part, named) if said in values())


def _is_sql(text: str) -> bool:
    """Whether a text is SQL about our own tables; the worker's jobs have states of its own."""
    return bool(SQL.search(text)) and "procrastinate_" not in text


def _asks_by_parameters(node: ast.expr) -> bool:
    """Whether an expression is SQL that asks for a state, with parameters."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = " ".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
    return _is_sql(text) and bool(SQL_STATE.search(text)) and bool(PARAMETER.search(text))


def _values_or_itself(node: ast.expr) -> list[ast.expr]:
    """The values of a dictionary; of anything else itself."""
    return node.values if isinstance(node, ast.Dict) else [node]


# --- expressions -------------------------------------------------------------------------


def _means_a_state(name: str, named: Named) -> bool:
    """Whether a keyword is the name of a state, or of what the source annotates as one."""
    return names_a_state(name) or name.split("__")[0] in named.states


def _is_state(node: ast.expr, named: Named) -> bool:
    """Whether an expression is a state by its name: ``project.status``, ``state``, ``str(state)``,
    ``entry.after["status"]``, ``entry.after.get("status")``, ``f"{state}"``, ``state.lower()``.
    """
    match node:
        case ast.Attribute(value=value, attr="value") | ast.NamedExpr(value=value):
            return _is_state(value, named)
        case ast.JoinedStr(values=[ast.FormattedValue(value=value)]):
            return _is_state(value, named)
        case ast.Call(func=func, args=[value]) if last_name(func) in ("str", "F"):
            return _is_state(value, named) or _is_name_of_a_state(value)
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in TEXTUAL:
            return _is_state(value, named)
        case ast.Call(func=ast.Call(func=func, args=[name])) if last_name(func) in (
            "attrgetter",
            "itemgetter",
        ):
            return _is_name_of_a_state(name)
        case ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
            return _is_name_of_a_state(key)
        case ast.Call(func=ast.Name(id="getattr"), args=[_, name, *_]):
            return _is_name_of_a_state(name)
        case ast.Subscript(slice=ast.Constant(value=str()) as key):
            return _is_name_of_a_state(key)
        case ast.Name(id=name) if name in named.states:
            return True
    return names_a_state(last_name(node))


def _texts(node: ast.expr, named: Named) -> list[str]:
    """The texts of an expression: itself, what it lists, adds or chooses, the keys of a dictionary, or what has its
    name.
    """
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return named.texts.get(name, [])
        case ast.Dict() | ast.Call(func=ast.Name(id="dict")):
            return _keys(node)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return [text for part in parts for text in _texts(part, named)]
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.BitOr()):
            return [*_texts(left, named), *_texts(right, named)]
        case ast.IfExp(body=left, orelse=right):
            return [*_texts(left, named), *_texts(right, named)]
        case ast.Starred(value=value) | ast.NamedExpr(value=value):
            return _texts(value, named)
        case ast.Call(func=func, args=[value, *_]) if last_name(func) in (*LISTING, *TRANSLATING):
            return _texts(value, named)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="split")):
            return text.split()
    return []
