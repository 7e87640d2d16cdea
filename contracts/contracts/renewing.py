"""How often and from when a contract may be renewed (rule ``contract.renewal``)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from contracts.contracts import events
from contracts.contracts.models import Contract
from contracts.contracts.states import BROKEN_OFF, UNDER_WAY, ContractStatus
from foundation.lifecycle.phases import ANSWERING, DROPPED, ENDED
from foundation.refusals import Invalid, NotNow, Refused
from foundation.rules import reading
from foundation.wording import day

#: A contract that was broken off is not renewed, though it has ended.
RENEWABLE = ContractStatus.in_phase(UNDER_WAY | ANSWERING | ENDED) - ContractStatus.with_trait(BROKEN_OFF)


def following(contract: Contract) -> Contract | None:
    """The renewal of this contract, drafted or signed; ``None`` without one, or if it was cancelled."""
    return contract.renewals.filter(status__in=ContractStatus.in_phase(~DROPPED)).first()


def chain(contract: Contract) -> list[Contract]:
    """The contract first signed, its renewals, up to and with this one."""
    found = [contract]
    while found[0].renews:
        found.insert(0, found[0].renews)
    return found


def require_renewable(contract: Contract) -> None:
    """Raise what forbids a renewal, whatever its days.

    ``Invalid`` for a contract that was never in force; ``NotNow`` for one that has been renewed, and for
    more renewals in all than the rule allows; and whatever packages above refuse with.
    """
    if contract.status not in RENEWABLE:
        message = _("只能续签履行中或已期满的合同。")
        raise Invalid(message, fields={"contract": message})
    there = following(contract)
    if there is not None:
        message = _("这份合同已经续签为 %(number)s，一份合同只能续签一次。") % {"number": there}
        raise NotNow(message, fields={"contract": message}, rule="102号令第二十四条")
    rule = reading.current("contract.renewal")
    most = int(rule.value["times"])
    if len(chain(contract)) > most:
        message = _("同一次采购的合同最多续签 %(times)s 次，请重新采购。") % {"times": most}
        raise NotNow(message, fields={"contract": message}, rule=rule.basis)
    events.before_renewing.call(contract)


def may_be_renewed(contract: Contract) -> bool:
    """Whether ``require_renewable`` raises nothing."""
    try:
        require_renewable(contract)
    except Refused:
        return False
    return True


def require_start_after(contract: Contract, start_on: date) -> None:
    """Raise ``Invalid`` for a first day on or before the contract's last."""
    if start_on <= contract.end_on:
        message = _("续签应从原合同结束之后开始（%(day)s）。") % {"day": day(contract.end_on)}
        raise Invalid(message, fields={"start_on": message})


def require_end_before_renewal(contract: Contract, end_on: date) -> None:
    """Raise ``Invalid`` for a last day on or after the first day of the renewal."""
    there = following(contract)
    if there is not None and end_on >= there.start_on:
        message = _("续签合同 %(number)s 从%(day)s开始，原合同不能延长到那以后。") % {
            "number": there,
            "day": day(there.start_on),
        }
        raise Invalid(message, fields={"end_on": message}, rule="102号令第二十四条")
