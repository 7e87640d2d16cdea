"""Real objects to open: the first, the last, and those with the most rows behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

from django.db import OperationalError, connection, models
from django.db.models import Count

from foundation.roles import Actor

#: How many of the heaviest are remembered, so that everybody finds one that he may see.
REMEMBERED = 40
#: Seconds that looking for one object may take.
PATIENCE = 20


@contextmanager
def patience(seconds: int) -> Iterator[None]:
    """Statements that take longer are cancelled meanwhile, with ``OperationalError``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        before = cursor.fetchone()[0]
    _cancel_after(f"{seconds}s")
    try:
        yield
    finally:
        _cancel_after(before)


def _cancel_after(time: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [time])


def seen(model: type[models.Model], actor: Actor | None) -> models.QuerySet[Any]:
    """The objects of a model that somebody may see; what is published for who is not signed in."""
    rows: Any = model._default_manager.all()
    if actor is not None and hasattr(rows, "visible_to"):
        found: models.QuerySet[Any] = rows.visible_to(actor)
        return found
    return rows.published() if actor is None and hasattr(rows, "published") else rows


def examples(
    model: type[models.Model], actor: Actor | None, only: dict[str, Any], ready: dict[str, Any]
) -> list[Any]:
    """The first, the last and the heaviest of the objects that are ``only`` so; ``ready`` ones, if there are any."""
    rows = seen(model, actor).filter(**only)
    chosen = rows.filter(**ready)
    found: list[Any] = []
    with patience(PATIENCE):
        for queryset in (chosen, rows):
            with suppress(OperationalError):
                found += [queryset.order_by("-pk").first(), queryset.order_by("pk").first()]
            if any(found):
                break
        with suppress(OperationalError):
            found += _heaviest_of(model, chosen) or _heaviest_of(model, rows)
    return list({obj.pk: obj for obj in found if obj is not None}.values())


def _heaviest_of(model: type[models.Model], rows: models.QuerySet[Any]) -> list[Any]:
    """At most two of these rows: those with the most rows of the two tables that refer to them most."""
    found = []
    for keys in heaviest(model):
        among = rows.in_bulk([key for (key,) in rows.filter(pk__in=keys).values_list("pk")])
        found += [among[key] for key in keys if key in among][:1]
    return found


@cache
def heaviest(model: type[models.Model]) -> tuple[tuple[Any, ...], ...]:
    """The keys of the heaviest objects by each of the two relations with the most rows behind one."""
    ranked = [ranking for relation in _relations(model) if (ranking := _ranking(*relation))]
    ranked.sort(key=lambda ranking: -ranking[0][1])
    return tuple(tuple(key for key, _rows in ranking) for ranking in ranked[:2])


def _relations(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """The tables that refer to a model, and the columns by which they do."""
    for relation in model._meta.related_objects:
        if relation.many_to_many:
            through: Any = relation.through
            yield through, next(f.name for f in through._meta.fields if f.related_model is model)
        else:
            yield relation.related_model, relation.field.name  # type: ignore[misc]  a relation to a model


def _ranking(table: type[models.Model], column: str) -> list[tuple[Any, int]]:
    """The keys to which the most rows of a table refer, and how many; none if counting takes too long."""
    counted = (
        table._base_manager.exclude(**{column: None})
        .order_by()
        .values_list(column)
        .annotate(rows=Count("pk"))
        .order_by("-rows", column)
    )
    try:
        return list(counted[:REMEMBERED])
    except OperationalError:
        return []
