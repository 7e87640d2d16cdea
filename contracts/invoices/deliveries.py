"""Delivered units, recorded on contract lines by the packages above; invoices are made from them."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from contracts.contracts import quota
from contracts.contracts.models import ContractLine
from contracts.contracts.states import OVER, ContractStatus
from contracts.invoices.models import Delivery
from foundation import moments
from foundation.lifecycle.phases import ENDED
from foundation.refusals import Invalid, NotNow
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading
from foundation.work_items import settling


def record(line_id: int, units: int, *, holder: str, on: date, by: Actor = SYSTEM) -> Delivery:
    """Record units of a line as delivered on a day, by ``by``; ``holder`` is the referral's number.

    Raises ``NotNow`` for a contract that has ended, ``Exhausted`` for more units than are reserved.
    """
    line = ContractLine.objects.select_related("contract").get(pk=line_id)
    if line.contract.status in ContractStatus.in_phase(OVER):
        raise NotNow(_("合同已经结束，不能再记录新的服务。"), rule="S24")
    quota.use(line_id, units)
    return _delivered(line, units, holder, on, by)


def record_late(
    line_id: int,
    units: int,
    *,
    holder: str,
    on: date,
    by: Actor,
    last: date | None = None,
    until: date | None = None,
) -> Delivery:
    """Record units after the end that were delivered before it.

    The end is that of the line, or ``last``: the holder's last day of service on it. Raises ``Invalid`` for
    a day after the end, ``NotNow`` after ``until`` (by default the days of the rule
    ``contract.late_visits`` later) or once the contract is settled.
    """
    line = ContractLine.objects.select_related("contract").get(pk=line_id)
    ends = [end for end in (last, last_day_of(line)) if end is not None]
    last = min(ends, default=None)
    if last is None or not (line.start_on or line.contract.start_on) <= on <= last:
        message = _("服务日期应在合同结束之前。")
        raise Invalid(message, fields={"on": message}, rule="S24")
    over = moments.today() > (until or late_until(last))
    if over or line.contract.status in ContractStatus.in_phase(ENDED):
        raise NotNow(_("补记服务的期限已过。"), rule="S24")
    quota.use_late(line_id, units)
    return _delivered(line, units, holder, on, by)


def last_day_of(line: ContractLine) -> date | None:
    """The last day on which a delivery on the line counts, once it is over; ``None`` before."""
    ended, own = line.contract.ended_on, line.end_on
    if ended is None:
        return own if own is not None and own < moments.today() else None
    return min(ended, own) if own is not None else ended


def late_until(last: date) -> date:
    """The last day to record deliveries of before the end, by the rule ``contract.late_visits``."""
    return last + timedelta(days=int(reading.current("contract.late_visits").value["days"]))


def _delivered(line: ContractLine, units: int, holder: str, on: date, by: Actor) -> Delivery:
    """Record a delivery, for which a contract that has ended waits to be settled."""
    if line.contract.waits_to_be_settled:
        settling.touch(line.contract, *line.contract.penalty_set.confirmed())
    return Delivery.objects.create(
        line=line, holder=holder, units=units, unit_price=line.unit_price, delivered_on=on, told_by=by.user_id
    )
