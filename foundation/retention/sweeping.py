"""How long the product keeps what it does not need for ever: rules of the city, swept every night.

Each part of a rule that begins with ``retention.`` is a time in days or years; the slice that holds the data says with
``keep`` what goes when the time is over. The journal is never swept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.contrib.sessions.backends.db import SessionStore
from django.db import models, transaction
from django.utils.translation import gettext as _

from foundation import moments
from foundation.isolation import noted
from foundation.rules import reading
from foundation.rules.events import Preview, previews
from foundation.rules.reading import Rule

log = structlog.stdlib.get_logger(__name__)

#: How the keys of these rules begin.
PREFIX = "retention."

#: Rows that are deleted in one transaction.
AT_ONCE = 1000

#: Days of four years.
FOUR_YEARS = 1461


@dataclass(frozen=True)
class Kept:
    """What is kept for the time that a part of a rule says.

    ``over`` counts what is older than a moment, ``delete`` deletes it and returns how many there were.
    """

    rule: str
    part: str
    over: Callable[[datetime], int]
    delete: Callable[[datetime], int]


#: All that is kept for a time, by rule and part.
KEPT: dict[tuple[str, str], Kept] = {}


def keep(kept: Kept) -> None:
    """Have this swept every night."""
    KEPT[kept.rule, kept.part] = kept


def keep_rows(rule: str, part: str, older_than: Callable[[datetime], models.QuerySet[Any]]) -> None:
    """Have the rows deleted every night that are older than a moment."""
    keep(
        Kept(
            rule,
            part,
            over=lambda before: older_than(before).count(),
            delete=lambda before: delete_in_parts(older_than(before)),
        )
    )


def delete_in_parts(found: models.QuerySet[Any]) -> int:
    """Delete rows, ``AT_ONCE`` in a transaction; returns how many."""
    deleted = 0
    while keys := list(found.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            found.model._default_manager.filter(pk__in=keys).delete()
        deleted += len(keys)
    return deleted


def oldest(rule: str, part: str) -> datetime:
    """What is older than this moment goes, by the rule in force."""
    return _before(reading.current(rule), part, reading.current(rule).value[part])


def _before(rule: Rule, part: str, time: int) -> datetime:
    """The same by a value of the part, in its unit."""
    days = -(-time * FOUR_YEARS // 4) if rule.fields[part].unit == "years" else time
    return moments.now() - timedelta(days=days)


def sweep() -> dict[tuple[str, str], int]:
    """Delete all whose time is over; returns how many of each part. A part that fails keeps none of the others."""
    deleted: dict[tuple[str, str], int] = {}
    for key, kept in KEPT.items():
        with noted("retention.sweep", rule=kept.rule, part=kept.part):
            deleted[key] = kept.delete(oldest(kept.rule, kept.part))
            if deleted[key]:
                log.info("retention.swept", rule=kept.rule, part=kept.part, count=deleted[key])
    with noted("retention.sweep", part="sessions"):
        SessionStore.clear_expired()
    return deleted


@previews.register
def how_much_goes(rule: Rule, value: Mapping[str, Any]) -> list[Preview]:
    """How much each part of a rule would have deleted in the night, by the new value and by the present one."""
    shown = []
    for part, one in rule.fields.items():
        kept = KEPT.get((rule.key, part))
        if kept is None:
            continue
        now, then = (kept.over(_before(rule, part, time)) for time in (rule.value[part], value[part]))
        words = _("今夜会删去 %(then)s 条") % {"then": f"{then:,}"}
        shown.append(Preview(one.label, words, _("按现行规定 %(now)s 条。") % {"now": f"{now:,}"}))
    return shown
