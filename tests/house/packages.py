"""The repository, the packages of the product from the lowest floor to the highest, and their files."""

from __future__ import annotations

import importlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = (
    "foundation",
    "organizations",
    "households",
    "catalog",
    "contracts",
    "giving",
    "procurement",
    "referrals",
    "evaluations",
    "marketplace",
)


T = TypeVar("T")


def sources(*beside: str) -> list[Path]:
    """The Python files of the product, and of the packages ``beside`` it, without migrations."""
    packages = (*FLOORS, *beside)
    found = (path for package in packages for path in sorted((ROOT / package).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


def below(base: type[T]) -> Iterator[type[T]]:
    """The classes that the product derives from ``base``, of which one may come more than once."""
    importlib.import_module("marketplace.urls")  # what nothing else imports
    for kind in base.__subclasses__():
        yield from below(kind)
        if kind.__module__.partition(".")[0] in FLOORS:
            yield kind


def tracked() -> list[Path]:
    """The files that git keeps, as far as they are there."""
    listed = ["git", "ls-files", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]
