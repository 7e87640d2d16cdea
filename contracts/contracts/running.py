"""Actions on signed contracts: in force, suspended, ended, settled; and what the clock does with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from contracts.amendments import amending
from contracts.amendments.states import AmendmentStatus
from contracts.budgets import reserving
from contracts.contracts import events, standing
from contracts.contracts.models import Contract, ContractLine
from contracts.contracts.states import AGREED, CONTRACT, IN_EFFECT, UNDER_WAY, ContractStatus
from contracts.invoices import unpaid
from contracts.penalties import deducting
from foundation import moments
from foundation.isolation import apart
from foundation.refusals import Refused, Words
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading
from foundation.wording import filled, on_record

come_into_force = CONTRACT.act("come_into_force", Contract)


# No new referrals are accepted on its lines; accepted ones go on.
suspend = CONTRACT.act("suspend", Contract)


# New referrals are accepted again.
resume = CONTRACT.act("resume", Contract)


@resume.lacks
def missing_for_resuming(contracts: Sequence[Contract]) -> dict[int, Refused]:
    """Why contracts are not resumed, by the clock neither: their provider is not in good standing, or is leaving."""
    refused = standing.not_in_good_standing([contract.provider for contract in contracts])
    return {
        contract.pk: refused[contract.provider_id]
        for contract in contracts
        if contract.provider_id in refused
    }


@CONTRACT.transition("terminate")
def terminate(contract: Contract, *, by: Actor, reason: str) -> None:
    """End the contract today: delivered work is paid, open work is moved elsewhere."""
    contract.ended_on = moments.today()


@terminate.then
def _terminated(contract: Contract, *, by: Actor, **given: object) -> None:
    _end_open_work(contract, by, gettext_lazy("合同终止"))


@CONTRACT.transition("complete")
def complete(contract: Contract, *, by: Actor) -> None:
    """End the contract after its last day: open work is moved elsewhere."""
    contract.ended_on = contract.end_on


@complete.then
def _completed(contract: Contract, *, by: Actor) -> None:
    _end_open_work(contract, by, gettext_lazy("合同期满"))


def _end_open_work(contract: Contract, by: Actor, why: Words) -> None:
    """Withdraw agreements under way, and let packages above move the open work."""
    for waiting in contract.amendments.filter(status__in=AmendmentStatus.unfinished()).order_by("pk"):
        amending.withdraw(waiting, by=by.as_system(), reason=on_record(why))
    lines = list(contract.lines.order_by("pk").values_list("pk", flat=True))
    words = filled(gettext_lazy("%(number)s：%(words)s"), number=contract.number, words=why)
    events.on_end.call(lines, by, on_record(words))


@CONTRACT.transition("settle")
def settle(contract: Contract, *, by: Actor) -> None:
    """Release the money that is left."""
    reserving.release(contract)


@settle.lacks
def missing_for_settling(contracts: Sequence[Contract]) -> dict[int, Refused]:
    """Why contracts are not settled: invoices are unpaid, deliveries or hold-backs are not invoiced, penalties are
    neither deducted nor given up, visits may still be entered.
    """
    of_floors_above = events.missing_for_settling.merged(contracts)
    return of_floors_above | deducting.open_on(contracts) | unpaid.on([contract.pk for contract in contracts])


def payment_share_published(provider_id: int, share: Decimal) -> int:
    """Set the payment share (0 to 1) of a published score on contracts that are signed or running.

    Returns how many contracts.
    """
    agreed = ContractStatus.in_phase(IN_EFFECT)
    return Contract.objects.filter(provider_id=provider_id, status__in=agreed).update(payment_share=share)


def follow_the_days() -> tuple[int, int]:
    """Bring signed contracts into force and complete those whose last day has passed.

    May run at any time and twice at once; returns how many began and how many ended.
    """
    today, begun, ended = moments.today(), 0, 0
    agreed, under_way = ContractStatus.in_phase(AGREED), ContractStatus.in_phase(UNDER_WAY)
    for contract in Contract.objects.filter(status__in=agreed, start_on__lte=today):
        with apart("contract.come_into_force", contract=contract.pk):
            come_into_force(contract, by=SYSTEM)
            begun += 1
    for contract in Contract.objects.filter(status__in=under_way, end_on__lt=today):
        with apart("contract.complete", contract=contract.pk):
            complete(contract, by=SYSTEM)
            ended += 1
    return begun, ended


def follow_the_lines() -> int:
    """Let packages above move open work off all lines that have ended; returns the number of lines.

    Lines may end before their contract; work that was left behind on an ended contract is found again.
    """
    over = list(ContractLine.objects.over().order_by("pk").values_list("pk", flat=True))
    events.on_end.call(over, SYSTEM, on_record(gettext_lazy("合同项目期满")))
    return len(over)


def tell_of_ends() -> int:
    """Send notices about contracts whose last day is near (rule ``contract.end_warning``).

    Once for each last day; returns how many contracts.
    """
    days = int(reading.current("contract.end_warning").value["days"])
    near = Contract.objects.filter(
        ~Q(end_told_of=F("end_on")) | Q(end_told_of=None),
        status__in=ContractStatus.in_phase(UNDER_WAY),
        end_on__lte=moments.today() + timedelta(days=days),
    )
    for contract in near.select_related("provider__organization"):
        with apart("contract.nears_its_end", contract=contract.pk):
            events.before_end.call(contract)
            Contract.objects.filter(pk=contract.pk).update(end_told_of=contract.end_on)
    return len(near)
