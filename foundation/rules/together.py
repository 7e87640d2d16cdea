"""What the parts of a rule's value must be beside each other, from ``rules.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from foundation.rules.fields import Field, key_of, plain
from foundation.wording import listed


@dataclass(frozen=True)
class Together:
    """What parts of a value must be together: numbers that do not fall (``order``, of a list its largest), a sum, odd
    numbers, texts that differ (``distinct``), lists that have no item in common (``apart``), and whatever ``check`` says
    of the parts, by their paths.
    """

    order: tuple[str, ...] = ()
    total: float | None = None
    summed: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    distinct: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    check: str = ""

    def faults(self, values: Mapping[str, Any], fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        """The parts that are wrong beside others, each with why."""
        for first, second in pairwise(self.order):
            if _largest(values[second]) < _largest(values[first]):
                words = _("不能小于“%(other)s”（%(value)s）。")
                said = fields[first].said(values[first])
                yield second, words % {"other": fields[first].label, "value": said}
        if self.total is not None and (found := sum(values[name] for name in self.summed)) != self.total:
            words = _("“%(names)s”合计应为 %(total)s，现在是 %(found)s。")
            names = listed(fields[name].label for name in self.summed)
            yield (
                self.summed[-1],
                words % {"names": names, "total": plain(self.total), "found": plain(found)},
            )
        for name in self.odd:
            if values[name] % 2 == 0:
                yield name, _("应是单数。")
        for number, name in enumerate(self.distinct):
            if same := [other for other in self.distinct[:number] if values[other] == values[name]]:
                yield name, _("和“%(other)s”相同。") % {"other": fields[same[0]].label}
        for number, name in enumerate(self.apart):
            for other in self.apart[:number]:
                if both := [one for one in values[name] if key_of(one) in map(key_of, values[other])]:
                    words = _("%(items)s已写在“%(other)s”里，两处只能写一处。")
                    yield name, words % {"items": fields[name].said(both), "other": fields[other].label}
        if self.check:
            yield from import_string(self.check)(values).items()


@dataclass(frozen=True)
class OfADeadline(Together):
    """A deadline reminds after it has begun."""

    def faults(self, values: Mapping[str, Any], fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        """The reminder, where it would come at the start or before."""
        hours = values["amount"] * (1 if values["unit"] == "hours" else 24)
        if values["remind_hours"] >= hours:
            yield "remind_hours", _("提醒应在期限之内，少于 %(hours)s 小时。") % {"hours": hours}


def _largest(value: Any) -> Any:
    """A number, or the largest of a list of them."""
    return max(value) if isinstance(value, list) else value


def read_together(row: Mapping[str, Any]) -> Together:
    """What the parts of a row must be together."""
    summed = row.get("sum", {})
    return Together(
        order=tuple(row.get("order", ())),
        total=summed.get("total"),
        summed=tuple(summed.get("names", ())),
        odd=tuple(row.get("odd", ())),
        distinct=tuple(row.get("distinct", ())),
        apart=tuple(row.get("apart", ())),
        check=str(row.get("check", "")),
    )
