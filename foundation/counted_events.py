"""Events that upper floors count: the owner of a table says which rows there are and what each counts.

A row belongs to the moment of its event, which never changes afterwards: the figures of a period are sums
over its events. They are SQL, since the same text stands inside statements that sum, chart and list; names
of tables and columns come from the models and states from their tables, so that no statement outlives either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models


class Named:
    """A table under a short name in a statement: ``{r}`` is the table, ``{r.provider}`` one of its columns.

    Raises ``FieldDoesNotExist`` for a column that the model does not have.
    """

    def __init__(self, name: str, model: type[models.Model]) -> None:
        self._name, self._model = name, model

    def __str__(self) -> str:
        return f'"{self._model._meta.db_table}" {self._name}'

    def __getattr__(self, column: str) -> str:
        found: Any = self._model._meta.get_field(column)
        return f'{self._name}."{found.column}"'


@dataclass(frozen=True)
class CountedEvents:
    """Events of one kind as rows.

    ``template`` is the statement without a period, which ends in its conditions; it names the ``tables`` by
    their short names and gives ``provider_id``, ``mix`` (the stratum of the case, "" for none), ``at``,
    ``kind`` and ``record`` (the object that a reader opens) and the ``counters``. ``happened`` is the column
    by which a period is cut, with moments or (``by_day``) days, ``provider`` the one of the provider.
    ``given`` are its own parameters.
    """

    name: str
    counters: tuple[str, ...]
    tables: Mapping[str, type[models.Model]]
    template: str
    happened: str
    provider: str
    by_day: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def rows(self) -> str:
        """The statement without a period."""
        return self._named(self.template)

    @cached_property
    def when(self) -> str:
        """The column by which a period is cut."""
        return self._named(f"{{{self.happened}}}")

    @cached_property
    def whose(self) -> str:
        """The column of the provider."""
        return self._named(f"{{{self.provider}}}")

    def _named(self, text: str) -> str:
        """A text with the names of its tables and columns."""
        return text.format(**{name: Named(name, model) for name, model in self.tables.items()})
