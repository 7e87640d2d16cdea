"""Slips of the hand in the tables of the product, and what the system checks say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.checks.registry import registry

from foundation.lifecycle.table import LIFECYCLES


class Slips:
    """What the tables say, until the test is over."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def row(self, label: str, name: str, /, **changed: Any) -> None:
        """A start or a transition of a table says something else."""
        lifecycle = LIFECYCLES[label]
        assert lifecycle.find(name), f"{label} has no row {name}"
        for kind in ("starts", "transitions"):
            rows: Any = getattr(lifecycle, kind)
            others = tuple(replace(row, **changed) if row.name == name else row for row in rows)
            self._monkeypatch.setattr(lifecycle, kind, others)

    def table(self, label: str, /, **changed: Any) -> None:
        """A table says something else besides its rows."""
        for name, value in changed.items():
            self._monkeypatch.setattr(LIFECYCLES[label], name, value)

    def state(self, label: str, value: str, /, **changed: Any) -> None:
        """A state of a table means something else."""
        state = LIFECYCLES[label].states(value)
        self._monkeypatch.setattr(state, "meaning", replace(state.meaning, **changed))

    def model(self, label: str, /, **changed: Any) -> None:
        """The model of a table says something else; None where it says nothing."""
        for name, value in changed.items():
            self._monkeypatch.setattr(LIFECYCLES[label].model, name, value)

    def status(self, label: str, /, **changed: Any) -> None:
        """The field in which a model keeps its state says something else."""
        lifecycle = LIFECYCLES[label]
        field = lifecycle.model._meta.get_field(lifecycle.field_name)
        for name, value in changed.items():
            self._monkeypatch.setattr(field, name, value)


def said(code: str = "") -> list[str]:
    """What the checks of tables and parties say, of one kind or all."""
    asked = [check for check in registry.get_checks() if check.__module__.startswith("foundation.lifecycle")]
    faults = [fault for check in asked for fault in check(None)]
    return [str(fault.msg) for fault in faults if not code or fault.id == code]
