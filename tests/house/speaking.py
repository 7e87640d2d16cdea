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
#: A comparison of a state with a text, and a question for a role, in a template.
TEMPLATE_STATE = re.compile(r"\b(?:status|state)\s*(?:==|!=|in)\s*[\"']")
TEMPLATE_ROLE = re.compile(r"\brole\s*(?:==|!=|in|not in)\s|\boverseeing\b")


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


#: Calls whose arguments ask for a state; others set one.
ASKING = {"filter", "exclude", "get", "Q", "When", "get_object_or_404", "get_list_or_404", "find_visible"}


def states_alone(text: str) -> list[str]:
    """Where a Python source asks for the only state of a phase by its name, instead of the phase.

    A second state in the phase would be left out there. States that share their phase with others may be
    asked for one by one, since then just this one is meant.
    """
    tree = ast.parse(text)
    names = _names_of_enumerations(tree)
    return [
        f"{ast.unparse(asked)} (line {asked.lineno})"
        for node in ast.walk(tree)
        for asked in _asked(node)
        if _alone_in_its_phase(asked, names)
    ]


def _asked(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions by which a node asks for something: what it compares, looks up or decides by."""
    match node:
        case ast.Compare(left=left, comparators=comparators):
            for side in (left, *comparators):
                yield from _elements(side)
        case ast.Call(func=func, keywords=keywords) if _last_name(func) in ASKING:
            for keyword in keywords:
                if keyword.arg is None or _names_a_state(keyword.arg):
                    yield from _elements(keyword.value)
        case ast.Dict(keys=keys):
            yield from (_plain(key) for key in keys if key is not None)
        case ast.Subscript(slice=key):
            yield _plain(key)
        case ast.MatchValue(value=value):
            yield value
        case ast.FormattedValue(value=value):
            yield value
        case ast.Tuple(elts=[one]) | ast.List(elts=[one]) | ast.Set(elts=[one]):
            yield one


def _elements(node: ast.expr) -> Iterator[ast.expr]:
    """An expression, or what it lists."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set) and len(node.elts) > 1:
        yield from node.elts
    else:
        yield _plain(node)


def _plain(node: ast.expr) -> ast.expr:
    """The state of ``str(STATE)`` and ``STATE.value``."""
    if isinstance(node, ast.Call) and _last_name(node.func) == "str" and len(node.args) == 1:
        return node.args[0]
    if isinstance(node, ast.Attribute) and node.attr == "value":
        return node.value
    return node


def _last_name(node: ast.expr) -> str:
    """The last part of a dotted name; "" for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _names_of_enumerations(tree: ast.Module) -> dict[str, type[States]]:
    """The classes of states by the names that a source has for them, with its short names."""
    names = dict(enumerations())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {
                one.asname: enumerations()[one.name]
                for one in node.names
                if one.asname and one.name in enumerations()
            }
        if isinstance(node, ast.Assign) and _last_name(node.value) in names:
            names |= {_last_name(target): names[_last_name(node.value)] for target in node.targets}
    return names


def _alone_in_its_phase(node: ast.expr, names: dict[str, type[States]]) -> bool:
    """Whether an expression is a state that has its phase for itself: ``Standing.EXITED``."""
    if not isinstance(node, ast.Attribute) or not node.attr.isupper():
        return False
    states = names.get(_last_name(node.value))
    if states is None or node.attr not in states.__members__:
        return False
    return len(states.in_phase(states[node.attr].phase)) == 1


def bare_states(text: str) -> list[str]:
    """States that a Python source writes as texts, and lists of several states."""
    found = []
    for node in ast.walk(ast.parse(text)):
        found += [f"{said} (line {getattr(node, 'lineno', 0)})" for said in _states_of(node)]
    return found


def _states_of(node: ast.AST) -> Iterator[str]:
    """What one node says of states that only their table may say."""
    if isinstance(node, ast.Compare) and any(_is_state(side) for side in (node.left, *node.comparators)):
        for side in (node.left, *node.comparators):
            yield from (text for text in _texts(side) if text in values())
    if isinstance(node, ast.keyword) and node.arg and _names_a_state(node.arg):
        yield from (text for text in _texts(node.value) if text in values())
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and _names_a_state(key.value):
                yield from (text for text in _texts(value) if text in values())
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
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql(node.value):
        yield from (value for value in SQL_VALUE.findall(node.value) if value in values())


def _is_sql(text: str) -> bool:
    """Whether a text is SQL about our own tables; the worker's jobs have states of its own."""
    return bool(SQL.search(text)) and "procrastinate_" not in text


def _is_state(node: ast.expr) -> bool:
    """Whether an expression is a state by its name: ``project.status``, ``state``."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return _names_a_state(name)


def _names_a_state(name: str) -> bool:
    """Whether a name or a lookup is that of a state: ``status``, ``need__status__in``, ``standing``."""
    words = name.removesuffix("__in").removesuffix("__exact").split("__")
    return words[-1] in ("status", "state", "standing")


def _texts(node: ast.expr) -> list[str]:
    """The texts of an expression: itself, or what it lists."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [text for element in node.elts for text in _texts(element)]
    return []


def _is_member(node: ast.expr) -> bool:
    """Whether an expression is a member of a class of states: ``NeedStatus.OPEN``."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in enumerations()
        and node.attr.isupper()
    )


def bare_states_in_template(text: str) -> list[str]:
    """Comparisons of a state with a text in a template."""
    return TEMPLATE_STATE.findall(text)


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
        if isinstance(node, ast.Compare) and any(
            ast.unparse(side).endswith(".role") for side in (node.left, *node.comparators)
        ):
            found.append(f"{ast.unparse(node)} (line {node.lineno})")
        if isinstance(node, ast.Attribute) and node.attr in ("overseeing", "private"):
            found.append(f"{ast.unparse(node)} (line {node.lineno})")
    return found


def roles_as_texts(text: str) -> list[str]:
    """Comparisons of somebody's role with a text."""
    return [
        f"{ast.unparse(node)} (line {node.lineno})"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Compare)
        and any(_last_name(side) == "role" for side in (node.left, *node.comparators))
        and any(text in Role.values for side in (node.left, *node.comparators) for text in _texts(side))
    ]


def asked_roles_in_template(text: str) -> list[str]:
    """The same in a template."""
    return TEMPLATE_ROLE.findall(text)
