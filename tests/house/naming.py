"""What documentation may name: files, modules and what is in them, rules, commands, words of the code."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import subprocess
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import apps
from django.core.management import get_commands
from django.test import override_settings

from foundation.rules import reading
from marketplace import permissions_table
from tests.house.packages import ROOT

WORD = re.compile(r"[A-Za-z_]\w*")


@cache
def files() -> frozenset[str]:
    """Every file that git keeps or would keep, by its path from the root."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return frozenset(name for name in names if name and (ROOT / name).is_file())


@cache
def folders() -> frozenset[str]:
    """Every folder that holds such a file."""
    return frozenset(str(parent) for name in files() for parent in Path(name).parents)


@cache
def modules() -> dict[str, list[str]]:
    """The dotted names of our modules and packages, by their last word."""
    found: dict[str, list[str]] = {}
    for name in sorted(files()):
        parts = Path(name).with_suffix("").parts
        if name.endswith(".py") and "migrations" not in parts:
            dotted = parts[:-1] if parts[-1] == "__init__" else parts
            if dotted:
                found.setdefault(dotted[-1], []).append(".".join(dotted))
    return found


@cache
def _read() -> tuple[dict[str, list[str]], frozenset[str]]:
    """Where classes are defined, by name; and every word that the code uses as one."""
    classes: dict[str, list[str]] = {}
    words: set[str] = set()
    for dotted in (name for names in modules().values() for name in names):
        if dotted.startswith("tests.house"):
            continue  # which names what must not be there
        words.update(dotted.split("."))
        for node in ast.walk(ast.parse(_path(dotted).read_text())):
            words.update(_words(node))
            if isinstance(node, ast.ClassDef):
                classes.setdefault(node.name, []).append(dotted)
    return classes, frozenset(words)


def _path(dotted: str) -> Path:
    folder = ROOT.joinpath(*dotted.split("."))
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")


def _words(node: ast.AST) -> list[str]:
    """The words of one node: what it names, takes or says."""
    said = [getattr(node, name, None) for name in ("id", "attr", "arg", "name", "value")]
    return [word for word in said if isinstance(word, str) and WORD.fullmatch(word)]


def is_word(word: str) -> bool:
    """Whether it is a word of our code (a name, an argument, a value such as a state) or a library."""
    return word in _read()[1] or word in libraries() or bool(importlib.util.find_spec(word))


@cache
def libraries() -> frozenset[str]:
    """What the product and its tests need, by the names under which it is got."""
    return frozenset(re.findall(r'^    "([\w-]+)', (ROOT / "pyproject.toml").read_text(), re.MULTILINE))


@cache
def addresses() -> tuple[str, ...]:
    """Every address of the product, with its parts in brackets, and those that are there by switch."""
    with override_settings(ROOT_URLCONF="tests.marketplace.measured"):
        return tuple(address.route for address in permissions_table.addresses())


def is_address(address: str) -> bool:
    """Whether there is such an address, or one below it."""
    return any(known.startswith(address) for known in addresses())


def is_command(name: str) -> bool:
    """Whether ``manage.py`` knows this command."""
    return name in get_commands()


@cache
def targets() -> frozenset[str]:
    """What ``make`` makes."""
    return frozenset(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def is_file(name: str) -> bool:
    """Whether a file or folder is called so: by its path, or by its last name alone."""
    bare = name.rstrip("/")
    if bare in files() or bare in folders():
        return True
    return "/" not in bare and any(path.endswith(f"/{bare}") for path in (*files(), *folders()))


def is_rule(key: str) -> bool:
    """Whether a rule has this key, a clock runs by it, or several begin so (``checks.*``)."""
    keys = reading.defaults()
    return (
        key in keys
        or f"deadline.{key}" in keys
        or (key.endswith(".*") and any(each.startswith(key[:-1]) for each in keys))
    )


def is_defined(dotted: str) -> bool:
    """Whether a dotted name leads to something: from a package, a module, a class or a library.

    ``referrals.Referral`` is a model, ``offering.send`` a function of some module of that name,
    ``Referral.units`` a field of some class of that name.
    """
    first, *rest = dotted.split(".")
    if len(rest) == 1 and first in apps.app_configs and rest[0].lower() in apps.all_models[first]:
        return True
    if (ROOT / first).is_dir():
        return _leads(first, rest) or any(_leads(name, rest) for name in modules().get(first, ()))
    if any(_leads(name, rest) for name in modules().get(first, ())):
        return True
    if any(_leads(name, [first, *rest]) for name in _read()[0].get(first, ())):
        return True
    return bool(importlib.util.find_spec(first)) and _leads(first, rest)


def _leads(start: str, rest: list[str]) -> bool:
    """Whether the names ``rest`` lead on from a module, one after another."""
    held: Any = importlib.import_module(start)
    for name in rest:
        deeper = _submodule(held, name)
        if deeper is None and not hasattr(held, name):
            return name in getattr(held, "__annotations__", {}) and name == rest[-1]
        held = deeper or getattr(held, name)
    return True


def _submodule(held: Any, name: str) -> ModuleType | None:
    if not isinstance(held, ModuleType) or not hasattr(held, "__path__"):
        return None
    dotted = f"{held.__name__}.{name}"
    return importlib.import_module(dotted) if importlib.util.find_spec(dotted) else None


def classes_called(name: str) -> list[type]:
    """Our classes of this name."""
    return [getattr(importlib.import_module(dotted), name) for dotted in _read()[0].get(name, ())]
