"""Warnings before a line's quota runs out (rule ``quota.warnings``), and the forecast of the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from operator import attrgetter

from django.db.models import Sum
from django.utils.translation import gettext_lazy

from contracts.contracts.models import ContractLine
from contracts.invoices.models import Delivery
from foundation import moments
from foundation.inbox import notices
from foundation.roles import AGREES
from foundation.rules import reading
from foundation.wording import filled, said_when_shown


def after_reserving(line: ContractLine) -> None:
    """Notify buyer and provider when a line has just passed a share of its quota.

    The line is as the reservation left it, which holds its lock; so each share is announced once.
    """
    if line.used_percent <= line.warned:
        return
    percents = reading.current("quota.warnings").value["percents"]
    passed = max((percent for percent in percents if line.used_percent >= percent), default=0)
    if passed <= line.warned:
        return
    ContractLine.objects.filter(pk=line.pk).update(warned=passed)
    words = filled(
        gettext_lazy("%(contract)s“%(item)s”已用到 %(percent)s%%，还剩 %(left)s %(unit)s"),
        contract=line.contract,
        item=said_when_shown(attrgetter("local_name"), line.item),
        percent=line.used_percent,
        left=line.left,
        unit=said_when_shown(attrgetter("local_unit"), line.item),
    )
    for role in AGREES:
        notices.send(line.contract, role, words)


def after_amending(line_id: int) -> None:
    """Recount the shares after the quota has changed, without announcing those passed already."""
    line = ContractLine.objects.get(pk=line_id)
    percents = reading.current("quota.warnings").value["percents"]
    passed = max((percent for percent in percents if line.used_percent >= percent), default=0)
    ContractLine.objects.filter(pk=line.pk).update(warned=min(passed, line.warned))


@dataclass(frozen=True)
class Forecast:
    """The day on which a line will be used up at its recent pace; ``None``: never at this pace.

    ``before_the_end`` says whether the contract will still run then.
    """

    runs_out_on: date | None
    before_the_end: bool


def forecasts(lines: Iterable[ContractLine]) -> dict[int, Forecast]:
    """The forecast of each line by its key, in one query.

    The pace is that of the deliveries of the last days, as many as the rule ``quota.forecast`` says.
    """
    lines = list(lines)
    days = reading.current("quota.forecast").value["days"]
    today = moments.today()
    used = (
        Delivery.objects.filter(line__in=lines, delivered_on__gt=today - timedelta(days=days))
        .values("line_id")
        .annotate(units=Sum("units"))
        .values_list("line_id", "units")
    )
    pace = dict(used)
    found = {}
    for line in lines:
        left, recent = line.quota - line.used, pace.get(line.pk, 0)
        day = today + timedelta(days=ceil(left * days / recent)) if recent else None
        found[line.pk] = Forecast(day, day is not None and day < line.contract.end_on)
    return found
