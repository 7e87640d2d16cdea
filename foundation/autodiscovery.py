"""Everything that binds itself to a table is found by itself: actions, forms, documents, routines.

A slice needs no list of its modules anywhere: each module of each package is imported once,
when all models are known. Addresses and pages are left to the URL configuration.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

from django.apps import AppConfig

#: Folders and files that are imported by whoever needs them.
LEFT_OUT = frozenset({"migrations", "management", "urls", "views", "api", "asgi", "wsgi", "settings"})


class PackageConfig(AppConfig):
    """A package of the house, whose slices bind what they hold by themselves."""

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_modules_of(self.name)


def import_modules_of(package: str) -> None:
    """Import every module of a package, whatever folder of it holds it, in the order of names."""
    _import_below(importlib.import_module(package).__path__, f"{package}.")


def _import_below(path: Iterable[str], prefix: str) -> None:
    for found in pkgutil.iter_modules(path, prefix):
        if found.name.rpartition(".")[2] in LEFT_OUT:
            continue
        module = importlib.import_module(found.name)
        if found.ispkg:
            _import_below(module.__path__, f"{found.name}.")
