"""A contract takes effect, ends, and is settled."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from contracts import budgets, invoicing
from contracts.lifecycle import CONTRACT, RUNNING, ContractStatus, InvoiceStatus
from contracts.models import Contract
from foundation import moments
from foundation.apart import apart
from foundation.refusals import Refused
from foundation.roles import SYSTEM, Actor


@CONTRACT.move("come_into_force")
def come_into_force(contract: Contract, *, by: Actor) -> None:
    """The first day has come."""


@CONTRACT.move("suspend")
def suspend(contract: Contract, *, by: Actor, reason: str) -> None:
    """Nothing new is taken on its lines; what was accepted goes on."""


@CONTRACT.move("resume")
def resume(contract: Contract, *, by: Actor) -> None:
    """New referrals may come again."""


@CONTRACT.move("terminate")
def terminate(contract: Contract, *, by: Actor, reason: str) -> None:
    """End the contract early; what was delivered is paid."""


@CONTRACT.move("complete")
def complete(contract: Contract, *, by: Actor) -> None:
    """The last day has passed."""


@CONTRACT.move("settle")
def settle(contract: Contract, *, by: Actor) -> None:
    """Release what is left; refused while an invoice waits or units are unbilled."""
    waiting = contract.invoices.filter(
        status__in=[
            InvoiceStatus.SUBMITTED,
            InvoiceStatus.ACCEPTED,
            InvoiceStatus.ENDORSED,
        ]
    ).count()
    if waiting:
        raise Refused(_("还有 %(count)s 张结算单没有办完。") % {"count": waiting}, rule="S26")
    if contract.lines.filter(deliveries__invoice=None, deliveries__isnull=False).exists():
        raise Refused(_("还有已交付的服务没有结算。"), rule="S26")
    if invoicing.held_back(contract) > 0:
        raise Refused(_("尾款还没有结算。"), rule="S26")
    budgets.release(contract)


def told_payment_share(provider_id: int, share: Decimal) -> int:
    """A published score sets the payment share (0 to 1) of running contracts."""
    return Contract.objects.filter(provider_id=provider_id, status__in=RUNNING).update(
        payment_share=share
    )


def follow_the_days() -> tuple[int, int]:
    """Bring signed contracts into force and end those whose last day has passed.

    Safe every minute and beside itself; returns how many began and ended.
    """
    today, begun, ended = moments.today(), 0, 0
    for contract in Contract.objects.filter(status=ContractStatus.SIGNED, start_on__lte=today):
        with apart("contract.come_into_force", contract=contract.pk):
            come_into_force(contract, by=SYSTEM)
            begun += 1
    for contract in Contract.objects.filter(status__in=RUNNING, end_on__lt=today):
        with apart("contract.complete", contract=contract.pk):
            complete(contract, by=SYSTEM)
            ended += 1
    return begun, ended
