"""Units of a contract line: reserved at acceptance, used at delivery, released on cancel.

Each function is one guarded ``UPDATE`` with a check constraint behind it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.contracts import warning
from contracts.contracts.models import Contract, ContractLine
from foundation import moments
from foundation.refusals import Exhausted
from foundation.updating import updated


def lock_lines(line_ids: Iterable[int]) -> None:
    """Lock contract lines, in the order of their keys."""
    lines = ContractLine.objects.select_for_update().filter(pk__in=list(line_ids))
    list(lines.order_by("pk").values_list("pk"))


#: Why nothing is reserved: the contract is not in force, or has fewer units left.
NOT_TODAY = gettext_lazy("合同今天不在履行期内，不能接受新的转介。请联系民政。")
TOO_FEW = gettext_lazy("合同余量不足，不能再接受这个转介。请联系民政办理补充协议。")


def serving_today(lines: QuerySet[ContractLine]) -> QuerySet[ContractLine]:
    """Those of the lines on which work may be taken today."""
    today = moments.today()
    return lines.filter(
        Q(start_on=None) | Q(start_on__lte=today),
        Q(end_on=None) | Q(end_on__gte=today),
        contract__in=Contract.objects.serving(today),
    )


def reserve(line_id: int, units: int) -> None:
    """Reserve units for one referral; raises ``Exhausted`` when they do not suffice.

    The condition stands on the row itself: across a join it would be evaluated before the row is locked,
    and the loser of a race would meet the constraint instead.
    """
    own = serving_today(ContractLine.objects.filter(pk=line_id))
    enough = own.filter(quota__gte=F("reserved") + F("used") + units)
    done = updated(enough, reserved=F("reserved") + units)
    if not done:
        words = TOO_FEW if own.exists() else NOT_TODAY
        raise Exhausted(words, rule="S24")
    warning.after_reserving(done[0])


def use(line_id: int, units: int) -> None:
    """Turn reserved units into used ones; raises ``Exhausted`` for more than are reserved."""
    done = ContractLine.objects.filter(pk=line_id, reserved__gte=units).update(
        reserved=F("reserved") - units, used=F("used") + units
    )
    if not done:
        raise Exhausted(_("本次用量超过为这户预留的数量。"), rule="S24")


def release(line_id: int, units: int) -> None:
    """Free reserved units; raises ``Exhausted`` for more than are reserved."""
    if units:
        done = ContractLine.objects.filter(pk=line_id, reserved__gte=units).update(
            reserved=F("reserved") - units
        )
        if not done:
            raise Exhausted(_("释放的数量超过预留的数量。"), rule="S24")


def give_back(line_id: int, units: int) -> None:
    """Free used units that were not confirmed at acceptance; raises ``Exhausted`` for more than are used."""
    done = ContractLine.objects.filter(pk=line_id, used__gte=units).update(used=F("used") - units)
    if not done:
        raise Exhausted(_("核减的数量超过已使用的数量。"), rule="S24")


def use_late(line_id: int, units: int) -> None:
    """Count units as used that were delivered before the line ended and are recorded after it.

    They are not reserved any more. Raises ``Exhausted`` for more than the line has left.
    """
    done = ContractLine.objects.filter(pk=line_id, quota__gte=F("reserved") + F("used") + units).update(
        used=F("used") + units
    )
    if not done:
        raise Exhausted(_("合同的数量已经用完，不能补记。"), rule="S24")
