"""What source and templates say of states, roles and floors: found in the syntax tree, for the house's rules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from django.apps import apps

from foundation.lifecycle.states import States
from foundation.lifecycle.table import LIFECYCLES
from foundation.roles import Role
from tests.house import packages
from tests.house.packages import FLOORS, ROOT

#: Words by which SQL is known, and a value in it.
SQL = re.compile(r"\b(SELECT|UPDATE|INSERT|DELETE|WHERE|JOIN|CASE WHEN|OLD\.|NEW\.)\b|status", re.I)
SQL_VALUE = re.compile(r"'([a-z_]+)'")
#: Lookups that ask for a part of a text.
PARTS = ("startswith", "istartswith", "endswith", "iendswith", "contains", "icontains", "regex", "iregex")


def sources() -> list[str]:
    """The Python files of product, demonstration and benchmarks, by their path from the root."""
    return [str(path.relative_to(ROOT)) for path in packages.sources("demo", "benchmarks")]


def templates() -> list[str]:
    """The templates, by their path from the root."""
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "templates").rglob("*.html"))]


@cache
def values_by_table() -> dict[str, frozenset[str]]:
    """The values of the states of each lifecycle, and of what has states without one."""
    tables = {label: frozenset(lifecycle.states.values) for label, lifecycle in LIFECYCLES.items()}
    led = {lifecycle.states for lifecycle in LIFECYCLES.values()}
    return tables | {
        f"{states.__module__.split('.')[0]}.{name}": frozenset(states.values)
        for name, states in enumerations().items()
        if states not in led
    }


@cache
def values() -> frozenset[str]:
    """Every value of a state."""
    return frozenset().union(*values_by_table().values())


@cache
def enumerations() -> dict[str, type[States]]:
    """The classes of states of the product by their names."""
    return {
        states.__name__: states
        for states in _all_below(States)
        if states.__module__.split(".")[0] in FLOORS and len(states)
    }


def _all_below(base: type[States]) -> Iterator[type[States]]:
    """The classes made from this one, and from those."""
    for one in base.__subclasses__():
        yield one
        yield from _all_below(one)


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name; "" for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def bare_states(text: str) -> list[str]:
    """States that a Python source writes as texts, and lists of several states."""
    found: dict[str, None] = {}
    tree = ast.parse(text)
    named = _texts_by_name(tree)
    for node in ast.walk(tree):
        for said in (*_texts_beside_states(node, named), *_sets_of_states(node), *_in_sql(node)):
            found[f"{said} (line {getattr(node, 'lineno', 0)})"] = None
    return list(found)


def _texts_by_name(tree: ast.Module) -> dict[str, list[str]]:
    """The texts that a source gives names to: ``wanted = "awarded"``."""
    return {
        last_name(target): texts
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and (texts := _texts(node.value, {}))
        for target in node.targets
    }


def _texts_beside_states(node: ast.AST, named: dict[str, list[str]]) -> Iterator[str]:
    """Texts that are compared with a state, looked up as one, set as one, or decided by."""
    beside: list[ast.expr] = []
    match node:
        case ast.Compare(left=left, comparators=comparators):
            sides = (left, *comparators)
            beside = list(sides) if any(_is_state(side) for side in sides) else []
        case ast.keyword(arg=str(name), value=value) if names_a_state(name):
            beside = [value]
            yield from (f"{name}={text}" for text in _texts(value, named) if _asks_for_a_part(name))
        case ast.Tuple(elts=[ast.Constant(value=str(name)), value]) if names_a_state(name):
            beside = [value]
        case ast.Dict(keys=keys, values=given):
            beside = [
                value
                for key, value in zip(keys, given, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and names_a_state(key.value)
            ]
        case ast.Subscript(value=ast.Dict(keys=keys), slice=key) if _is_state(key):
            beside = [key for key in keys if key is not None]
        case ast.Call(func=ast.Attribute(value=ast.Dict(keys=keys), attr="get"), args=[key, *_]) if _is_state(
            key
        ):
            beside = [key for key in keys if key is not None]
        case ast.Call(func=ast.Attribute(value=part, attr="startswith" | "endswith"), args=[piece]) if (
            _is_state(part)
        ):
            yield from (text for text in _texts(piece, named) if _part_of_a_state(text))
        case ast.Match(subject=subject, cases=cases) if _is_state(subject):
            patterns = (part for case in cases for part in ast.walk(case.pattern))
            beside = [part.value for part in patterns if isinstance(part, ast.MatchValue)]
    yield from (text for value in beside for text in _texts(value, named) if text in values())


def _part_of_a_state(text: str) -> bool:
    """Whether a text begins or ends a state."""
    return text.isidentifier() and any(value.startswith(text) or value.endswith(text) for value in values())


def states_compared(text: str) -> list[str]:
    """Texts that a source compares with whatever it is, and that can only be states: ``now == "in_service"``."""
    return [
        f"{said} (line {node.lineno})"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        for said in _texts(side, {})
        if said in _unmistakable()
    ]


@cache
def _unmistakable() -> frozenset[str]:
    """Values of states that are no everyday word, no role, and no name of a field."""
    fields = {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    return frozenset(value for value in values() if "_" in value) - fields - set(Role.values)


def _asks_for_a_part(lookup: str) -> bool:
    """Whether a lookup asks for a part of the text of a state: ``status__startswith``."""
    return lookup.split("__")[-1] in PARTS


def _sets_of_states(node: ast.AST) -> Iterator[str]:
    """Lists of several states that only their table may make, of members or of texts."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set) and node.elts:
        if all(_is_member(element) for element in node.elts):
            yield ast.unparse(node)
        said = [element.value for element in node.elts if isinstance(element, ast.Constant)]
        if len(said) == len(node.elts) > 1 and any(
            set(said) <= table for table in values_by_table().values()
        ):
            yield ast.unparse(node)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "AnyOf":
        yield ast.unparse(node)


def _in_sql(node: ast.AST) -> Iterator[str]:
    """States in a text of SQL."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql(node.value):
        yield from (value for value in SQL_VALUE.findall(node.value) if value in values())


def _is_sql(text: str) -> bool:
    """Whether a text is SQL about our own tables; the worker's jobs have states of its own."""
    return bool(SQL.search(text)) and "procrastinate_" not in text


def _is_state(node: ast.expr) -> bool:
    """Whether an expression is a state by its name: ``project.status``, ``state``, ``str(state)``,
    ``entry.after["status"]``, ``entry.after.get("status")``.
    """
    match node:
        case ast.Attribute(value=value, attr="value"):
            return _is_state(value)
        case ast.Call(func=ast.Name(id="str"), args=[value]):
            return _is_state(value)
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(name)), *_]):
            return names_a_state(name)
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return names_a_state(name)
        case ast.Call(func=ast.Attribute(attr=str(name))):
            return name in ("get_status_display", "get_state_display")
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return names_a_state(name)
    return names_a_state(last_name(node))


def names_a_state(name: str) -> bool:
    """Whether a name or a lookup is that of a state: ``status``, ``need__status__in``, ``standing``."""
    words = name.split("__")
    while len(words) > 1 and words[-1] in (*PARTS, "in", "exact", "iexact"):
        words.pop()
    return words[-1] in ("status", "state", "standing")


def _texts(node: ast.expr, named: dict[str, list[str]]) -> list[str]:
    """The texts of an expression: itself, what it lists, or what has its name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.Name):
        return named.get(node.id, [])
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [text for element in node.elts for text in _texts(element, named)]
    return []


def _is_member(node: ast.expr) -> bool:
    """Whether an expression is a member of a class of states: ``NeedStatus.OPEN``."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in enumerations()
        and node.attr.isupper()
    )


def upper_names(text: str, package: str) -> list[str]:
    """Labels of models, names of tables and states of packages above that a source names in a text."""
    if package not in FLOORS:
        return []
    tree = ast.parse(text)
    found, alone = [], _alone(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            found += [f"{name} (line {node.lineno})" for name in _of_above(node.value, package)]
    return found


def _alone(tree: ast.Module) -> set[int]:
    """The texts that stand alone, which explain and do nothing."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _of_above(text: str, package: str) -> list[str]:
    """The names of packages above in a text."""
    above = FLOORS[FLOORS.index(package) + 1 :]
    labels = re.findall(rf"\b(?:{'|'.join(above)})\.[A-Z]\w+", text) if above else []
    words = set(re.findall(r"\w+", text))
    return [*labels, *sorted(words & (_tables(above) | _states_only_of(above)))]


@cache
def _tables(packages: tuple[str, ...]) -> frozenset[str]:
    """The names of the tables of packages."""
    return frozenset(model._meta.db_table for model in apps.get_models() if model._meta.app_label in packages)


@cache
def _states_only_of(packages: tuple[str, ...]) -> frozenset[str]:
    """Values that only states of these packages have, and that are no everyday word."""
    theirs, others = set(), set()
    for label, states in values_by_table().items():
        (theirs if label.split(".")[0] in packages else others).update(states)
    return frozenset(value for value in theirs - others if "_" in value)


def role_sets(text: str) -> list[str]:
    """Sets of several roles that a source writes by itself, and further names for a group."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Tuple | ast.List | ast.Set) and len(node.elts) > 1:
            roles = [_is_role(element) for element in node.elts]
            grouped = [isinstance(element, ast.Starred) for element in node.elts]
            if all(one or other for one, other in zip(roles, grouped, strict=True)) and any(roles):
                found.append(f"{ast.unparse(node)} (line {node.lineno})")
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in groups():
            found.append(f"{ast.unparse(node)} (line {node.lineno})")
    return found


def _is_role(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Role" and node.attr.isupper()


@cache
def groups() -> dict[str, frozenset[Role]]:
    """The groups of roles by their names."""
    from foundation import roles

    return {
        name: frozenset(value)
        for name, value in vars(roles).items()
        if isinstance(value, tuple) and all(isinstance(role, Role) for role in value)
    }


def asked_roles(text: str) -> list[str]:
    """Places where a view asks for the role of somebody itself."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare) and any(_is_a_role(side) for side in (node.left, *node.comparators)):
            found.append(f"{ast.unparse(node)} (line {node.lineno})")
        if any(_is_a_role(chosen) for chosen in _chosen_by(node)):
            found.append(f"{ast.unparse(node)[:80]} (line {getattr(node, 'lineno', 0)})")
        if isinstance(node, ast.Attribute) and node.attr in ("overseeing", "private"):
            found.append(f"{ast.unparse(node)} (line {node.lineno})")
    return found


def _chosen_by(node: ast.AST) -> Iterator[ast.expr]:
    """By what a node chooses: the key of a dictionary, the subject of ``match``."""
    match node:
        case ast.Subscript(slice=key):
            yield key
        case ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
            yield key
        case ast.Match(subject=subject):
            yield subject


def _is_a_role(node: ast.expr) -> bool:
    """Whether an expression is somebody's role: ``actor.role``, ``actor.role.value``, ``str(actor.role)``."""
    match node:
        case ast.Attribute(value=value, attr="value"):
            return _is_a_role(value)
        case ast.Call(func=ast.Name(id="str"), args=[value]):
            return _is_a_role(value)
    return isinstance(node, ast.Attribute) and node.attr == "role"


def roles_as_texts(text: str) -> list[str]:
    """Comparisons of somebody's role with a text."""
    return [
        f"{ast.unparse(node)} (line {node.lineno})"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Compare)
        and any(last_name(side) == "role" for side in (node.left, *node.comparators))
        and any(text in Role.values for side in (node.left, *node.comparators) for text in _texts(side, {}))
    ]
