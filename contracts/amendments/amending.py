"""Actions on supplementary agreements (S24): propose, sign by both sides, decline, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.amendments.models import Amendment
from contracts.amendments.states import AMENDMENT, AmendmentStatus
from contracts.budgets import reserving
from contracts.contracts import direct, renewing, standing, warning
from contracts.contracts.events import before_amending
from contracts.contracts.models import Contract, ContractLine
from contracts.contracts.signing import require_allowed_years
from contracts.signatures import signing as signatures_signing
from contracts.signatures.models import Side
from foundation import moments
from foundation.refusals import Exhausted, Invalid, NotNow, Refused
from foundation.roles import Actor
from foundation.rules import reading
from organizations.providers.models import read_lists

ZERO = Decimal("0")


@AMENDMENT.start("propose")
def propose(
    *, by: Actor, contract: Contract, quotas: Mapping[int, int], end_on: date | None = None, why: str
) -> Amendment:
    """Propose other quantities (``{line key: units}``) or another last day, and reserve the money.

    Raises ``NotNow`` for a contract that is not in force or has another agreement under way, ``Invalid``
    when nothing changes, for fewer units than are reserved and used, for a last day beyond the years
    allowed (counted from the first of the contracts it renews), for more than the share of the signed
    amount that all agreements together may add, and for a direct contract that would reach the limit of the
    year; ``Exhausted`` when the budget does not suffice; ``Refused`` where a provider that is not in good
    standing, or is leaving, would get more units or more time.
    """
    contract = Contract.objects.select_for_update().get(pk=contract.pk)
    _require_in_force(contract)
    if contract.amendments.filter(status__in=AmendmentStatus.unfinished()).exists():
        raise NotNow(_("这份合同已有一份补充协议在等签署。"), rule="S24")
    changed = [_changed(line, quotas[line.pk]) for line in _lines(contract, quotas)]
    last = end_on or contract.end_on
    if not changed and last == contract.end_on:
        raise Invalid(_("没有任何变化。"), fields={"why": _("数量和结束日期都没有变化。")})
    if last != contract.end_on:
        require_allowed_years(renewing.chain(contract)[0].start_on, last)
    deltas = [Decimal(row["price"]) * (row["after"] - row["before"]) for row in changed]
    amendment = Amendment(
        contract=contract,
        why=why,
        lines=changed,
        end_before=contract.end_on,
        end_after=last,
        added=sum((delta for delta in deltas if delta > 0), ZERO),
        change=sum(deltas, ZERO),
    )
    _require_within_share(amendment)
    _require_below_limit(amendment)
    _require_within_bounds(amendment)
    amendment.save()
    amendment.refresh_from_db()  # the PDF to sign shows amounts as the database stores them
    reserving.reserve(contract, amendment.rise)
    return amendment


@AMENDMENT.transition("sign")
def sign(amendment: Amendment, *, by: Actor, typed: str) -> None:
    """Sign as a second person of the buyer; the provider may sign next.

    Raises ``NotNow`` for a contract that is not in force any more, ``Invalid`` and ``Refused`` as
    ``propose``.
    """
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=amendment.contract_id)
    _require_in_force(contract)
    _require_below_limit(amendment)
    _require_within_bounds(amendment)
    signatures_signing.sign(contract, Side.BUYER, by=by, typed=typed, amendment=amendment)


def _lines(contract: Contract, quotas: Mapping[int, int]) -> list[ContractLine]:
    """The lines whose quantity changes, locked."""
    lines = contract.lines.select_for_update(of=("self",)).select_related("item")
    return [line for line in lines if quotas.get(line.pk, line.quota) != line.quota]


def _changed(line: ContractLine, after: int) -> dict[str, Any]:
    """One row of ``Amendment.lines``; raises ``Invalid`` for fewer units than are reserved and used."""
    if after < line.reserved + line.used:
        message = _("已预留和使用 %(taken)s，不能再少。") % {"taken": line.reserved + line.used}
        raise Invalid(message, fields={f"quota_{line.pk}": message}, rule="S24")
    return {
        "line": line.pk,
        "code": line.item.code,
        "name": line.item.name,
        "unit": line.item.unit,
        "price": str(line.unit_price),
        "before": line.quota,
        "after": after,
    }


def _require_within_share(amendment: Amendment) -> None:
    """Raise ``Invalid`` when agreements together add more than the rule ``contract.supplement`` allows."""
    contract = amendment.contract
    rule = reading.current("contract.supplement")
    most = contract.signed_amount * rule.value["most_percent"] / 100
    agreed = contract.amendments.agreed()
    added = (agreed.aggregate(sum=Sum("added"))["sum"] or ZERO) + amendment.added
    if amendment.added and added > most:
        message = _("补充协议合计增加 %(added)s 元，超过原合同金额的 %(percent)s%%（%(most)s 元）。") % {
            "added": f"{added:,.2f}",
            "percent": rule.value["most_percent"],
            "most": f"{most:,.2f}",
        }
        fields = {f"quota_{line['line']}": message for line in amendment.lines}
        raise Invalid(message, fields=fields, rule=rule.basis)


def _require_within_bounds(amendment: Amendment) -> None:
    """Raise what forbids more units or a later last day.

    ``Refused`` for a provider that is not in good standing, ``Invalid`` when the renewal would have begun
    already, and whatever packages above refuse with (``before_amending``). A mere reduction passes.
    """
    contract, last = amendment.contract, amendment.end_after
    if last > amendment.end_before:
        renewing.require_end_before_renewal(contract, last)
    more = {
        line["line"]: line["after"] - line["before"]
        for line in amendment.lines
        if line["after"] > line["before"]
    }
    if amendment.gives_more:
        standing.require_good_standing(contract.provider)
        before_amending.call(contract, more, last)


def _require_below_limit(amendment: Amendment) -> None:
    """Raise ``Invalid`` when a direct contract would reach the limit of the year."""
    more = {
        line["code"]: Decimal(line["price"]) * (line["after"] - line["before"])
        for line in amendment.lines
        if line["after"] > line["before"]
    }
    if more:
        direct.require_below_limit(amendment.contract, more)


@AMENDMENT.transition("agree")
def agree(amendment: Amendment, *, by: Actor, typed: str, sha256: str = "") -> None:
    """Sign as the provider: quantities, last day and committed money change together.

    Raises ``NotNow`` for a contract that is not in force any more, ``Exhausted`` when the units to be cut
    have been reserved meanwhile, or this year's budget line no longer holds the money.
    """
    contract = Contract.objects.select_for_update().get(pk=amendment.contract_id)
    _require_in_force(contract)
    _require_within_bounds(amendment)
    signatures_signing.sign(contract, Side.PROVIDER, by=by, typed=typed, seen=sha256, amendment=amendment)
    direct.changed(contract)
    for line in amendment.lines:
        done = ContractLine.objects.filter(
            pk=line["line"], quota=line["before"], quota__gte=F("reserved") + F("used")
        ).filter(reserved__lte=line["after"] - F("used"))
        if not done.update(quota=line["after"]):
            raise Exhausted(_("“%(name)s”的余量已经变化，请重新商定。") % line, rule="S24")
        warning.after_amending(line["line"])
    Contract.objects.filter(pk=contract.pk).update(
        amount=F("amount") + amendment.change, end_on=amendment.end_after
    )
    reserving.commit(contract, amendment.rise)
    if amendment.change < 0:
        reserving.unbind(contract, -amendment.change)


@AMENDMENT.transition("decline")
def decline(amendment: Amendment, *, by: Actor, reason: str) -> None:
    """Decline as the provider: the contract stays as it is, the reserved money is free again."""
    reserving.unreserve(amendment.contract)


@AMENDMENT.transition("withdraw")
def withdraw(amendment: Amendment, *, by: Actor, reason: str) -> None:
    """Withdraw, by the buyer or because the contract has ended; the reserved money is free again."""
    reserving.unreserve(amendment.contract)


def _require_in_force(contract: Contract) -> None:
    """Raise ``NotNow`` for a contract that is not in force today."""
    if not Contract.objects.serving(moments.today()).filter(pk=contract.pk).exists():
        raise NotNow(NOT_IN_FORCE, rule="S24")


#: Why an agreement is not signed now.
NOT_IN_FORCE = gettext_lazy("只有履行中的合同可以签订补充协议。")


def not_to_be_signed(amendments: Sequence[Amendment]) -> dict[int, Refused]:
    """Why agreements are not signed now: their contract is not in force today, or they give more or a longer time to a
    provider that is not in good standing.
    """
    of_them = Contract.objects.filter(pk__in=[amendment.contract_id for amendment in amendments])
    contracts = of_them.select_related("provider__organization").in_bulk()
    read_lists([contract.provider for contract in contracts.values()])
    found: dict[int, Refused] = {}
    for amendment in amendments:
        contract = contracts[amendment.contract_id]
        if not contract.serves(moments.today()):
            found[amendment.pk] = NotNow(NOT_IN_FORCE, rule="S24")
        elif amendment.gives_more and (why_not := contract.provider.why_not_in_good_standing()):
            found[amendment.pk] = standing.refusal_of(why_not)
    return found


sign.foreseen(not_to_be_signed)
agree.foreseen(not_to_be_signed)
