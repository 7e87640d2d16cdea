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
from tests.house.packages import FLOORS, ROOT, below

#: Lookups that ask for a part of a text, or for its place in the alphabet.
PARTS = (
    *("startswith", "istartswith", "endswith", "iendswith", "contains", "icontains", "regex", "iregex"),
    *("gt", "gte", "lt", "lte", "range"),
)


def sources() -> list[str]:
    """The Python files of product, demonstration and benchmarks, by their path from the root."""
    return [str(path.relative_to(ROOT)) for path in packages.sources("demo", "benchmarks")]


def templates() -> list[str]:
    """The templates, by their path from the root."""
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "templates").rglob("*.html"))]


def scripts() -> list[str]:
    """The scripts that pages load, by their path from the root."""
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "static").rglob("*.js"))]


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
    return {states.__name__: states for states in below(States) if len(states)}


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name; "" for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def names_a_state(name: str) -> bool:
    """Whether a name or a lookup is that of a state: ``status``, ``need__status__in``, ``standing``, ``old_status``."""
    words = name.split("__")
    while len(words) > 1 and words[-1] in (*PARTS, "in", "exact", "iexact"):
        words.pop()
    parts = words[-1].split("_")
    return bool({parts[0], parts[-1]} & {"status", "state", "standing"})


def _texts(node: ast.expr) -> list[str]:
    """The texts of an expression: itself, or what it lists."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [text for element in node.elts for text in _texts(element)]
    return []


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
        and any(text in Role.values for side in (node.left, *node.comparators) for text in _texts(side))
    ]
