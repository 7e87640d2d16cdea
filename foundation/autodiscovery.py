"""Imports every module of a package, so that actions, forms, documents and routines register.

A slice needs no list of its modules anywhere: each module of each package is imported once,
when all models are known. URLs and views are left to the URL configuration.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

from django.apps import AppConfig

#: Folders and files that are not imported here.
LEFT_OUT = frozenset({"migrations", "management", "urls", "views", "api", "asgi", "wsgi", "settings"})


class PackageConfig(AppConfig):
    """The app configuration of a package of slices."""

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_modules_of(self.name)


def import_modules_of(package: str) -> None:
    """Import every module of a package and of its folders, in the order of their names."""
    _import_below(importlib.import_module(package).__path__, f"{package}.")


def _import_below(path: Iterable[str], prefix: str) -> None:
    for info in pkgutil.iter_modules(path, prefix):
        if info.name.rpartition(".")[2] in LEFT_OUT:
            continue
        module = importlib.import_module(info.name)
        if info.ispkg:
            _import_below(module.__path__, f"{info.name}.")
