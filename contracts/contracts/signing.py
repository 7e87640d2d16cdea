"""Actions on contracts before they run: draft (direct, awarded, renewed), add lines, sign, cancel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app as worker

from catalog.editions.models import Edition
from catalog.items.kinds import Funding, Method
from catalog.items.models import Item
from catalog.offers.models import Offer
from contracts.budgets import reserving
from contracts.budgets.models import BudgetLine
from contracts.contracts import buyers, direct, events, renewing, standing
from contracts.contracts.models import Contract, ContractLine
from contracts.contracts.states import CONTRACT
from contracts.signatures import signing
from contracts.signatures.models import Side
from contracts.templates import adopting
from foundation.numbering import numbers
from foundation.numbering.series import Series
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor
from foundation.rules import reading
from foundation.wording import filled, listed
from organizations.bodies.models import Organization
from organizations.providers.models import Provider, read_lists


@dataclass(frozen=True)
class Award:
    """What a purchase has awarded: its number and the lines as won (item, price in CNY, quantity).

    ``at`` is when the award was made public, from which the days to sign are counted; ``None`` for a
    call-off.
    """

    purchase: str
    lines: Sequence[tuple[Item, Decimal, int]]
    at: datetime | None = None

    @property
    def amount(self) -> Decimal:
        """The price of all lines (CNY)."""
        return sum((price * quota for _item, price, quota in self.lines), Decimal("0"))


@CONTRACT.start("draft")
def draft(
    *,
    by: Actor,
    title: str,
    provider: Provider,
    budget_line: BudgetLine,
    method: str,
    start_on: date,
    end_on: date,
    item: Item,
    unit_price: Decimal,
    quota: int,
) -> Contract:
    """Draft a contract without a purchase, with its first line, and reserve its money.

    Raises ``Invalid`` for a method that needs a purchase, an amount that reaches the limit of the year, a
    provider that is not in good standing, days in the wrong order or beyond the years allowed, an item that
    is not for sale, a price (CNY) over the ceiling, and ``Exhausted`` when the budget does not suffice.
    """
    direct.require_direct_method(method)
    contract = _create(
        by,
        title=title,
        provider=provider,
        budget_line=budget_line,
        method=method,
        start_on=start_on,
        end_on=end_on,
        edition=item.edition,
    )
    _add_line(contract, item, unit_price, quota)
    direct.require_below_limit(contract)
    direct.changed(contract)
    return contract


@CONTRACT.start("draft_awarded")
def draft_awarded(
    *,
    by: Actor,
    title: str,
    provider: Provider,
    budget_line: BudgetLine,
    method: str,
    start_on: date,
    end_on: date,
    award: Award,
) -> Contract:
    """Draft the contract of an award; nothing of it can be changed before it is signed.

    Raises as ``draft``.
    """
    contract = _create(
        by,
        title=title,
        provider=provider,
        budget_line=budget_line,
        method=method,
        start_on=start_on,
        end_on=end_on,
        edition=award.lines[0][0].edition,
        purchase=award.purchase,
        awarded_amount=award.amount,
        awarded_at=award.at,
    )
    for item, unit_price, quota in award.lines:
        _add_line(contract, item, unit_price, quota)
    direct.require_below_limit(contract)
    direct.changed(contract)
    return contract


def _create(
    by: Actor,
    *,
    title: str,
    provider: Provider,
    budget_line: BudgetLine,
    method: str,
    start_on: date,
    end_on: date,
    edition: Edition,
    purchase: str = "",
    **award: Any,
) -> Contract:
    """Create a contract without lines, and hold its year where it counts; raises ``Invalid`` and ``Refused`` as
    ``draft``.
    """
    provider = Provider.objects.select_related("organization").get(pk=provider.pk)
    why_not = provider.why_not_in_good_standing()
    if why_not:
        message = _("%(why)s，不能签约。") % {"why": why_not}
        raise Invalid(message, fields={"provider": message}, rule="S26")
    if refused := buyers.not_a_buyer(by):
        raise refused
    buyer = Organization.objects.get(pk=by.organization)
    require_allowed_years(start_on, end_on)
    if direct.counts(purchase, method):
        direct.hold_the_year(buyer.pk, budget_line.year)
    return Contract.objects.create(
        number=numbers.next_number(Series.CONTRACT),
        title=title,
        buyer=buyer,
        provider=provider,
        edition=edition,
        budget_line=budget_line,
        method=method,
        template=adopting.in_use(),
        start_on=start_on,
        end_on=end_on,
        purchase=purchase,
        **award,
    )


def require_allowed_years(start_on: date, end_on: date) -> None:
    """Raise ``Invalid`` for days in the wrong order, or more years than ``contract.longest`` allows."""
    if end_on <= start_on:
        message = _("结束日期应晚于开始日期。")
        raise Invalid(message, fields={"end_on": message})
    years = int(reading.current("contract.longest").value["years"])
    if (end_on - start_on).days > 366 * years:
        message = _("合同最长 %(years)s 年。") % {"years": years}
        raise Invalid(message, fields={"end_on": message}, rule="102号令第二十四条")


@CONTRACT.start("renew")
def renew(
    *, by: Actor, contract: Contract, budget_line: BudgetLine, start_on: date, end_on: date
) -> Contract:
    """Draft the same services with the same provider for a following period.

    Items are those of the edition in force, prices and quantities those first signed, places and award
    those of the contract renewed. Raises ``Invalid`` for a contract that was never in force, a first day before it ends,
    more years in all than are allowed, items that are no longer for sale at the price, and a method that
    needs a purchase without one; ``NotNow`` for a contract renewed already, or as often as the rule allows;
    all else as ``draft``.
    """
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if not contract.purchase:
        direct.require_direct_method(contract.method)
    renewing.require_renewable(contract)
    standing.require_good_standing(contract.provider)
    renewing.require_start_after(contract, start_on)
    require_allowed_years(renewing.chain(contract)[0].start_on, end_on)
    lines = list(contract.lines.select_related("item"))
    codes = [line.item.code for line in lines]
    there = {item.code: item for item in Item.objects.in_force().filter(code__in=codes)}
    gone = [line.item.code for line in lines if line.item.code not in there]
    if gone:
        message = _("现行目录已没有这些项目：%(codes)s。") % {"codes": listed(gone)}
        raise Invalid(message, fields={"contract": message}, rule="S25")
    made = _create(
        by,
        title=contract.title,
        provider=contract.provider,
        budget_line=budget_line,
        method=contract.method,
        start_on=start_on,
        end_on=end_on,
        edition=there[lines[0].item.code].edition,
        purchase=contract.purchase,
        awarded_amount=contract.awarded_amount,
        renews=contract,
        billing=contract.billing,
    )
    made.hold_back_percent, made.final_shares = contract.hold_back_percent, contract.final_shares
    made.penalties, made.standards_note = contract.penalties, contract.standards_note
    made.save()
    for line in lines:
        following = _add_line(made, there[line.item.code], line.unit_price, _signed_quota(line))
        following.places = line.places
        following.save(update_fields=["places"])
    direct.require_below_limit(made)
    direct.changed(made)
    return made


def _signed_quota(line: ContractLine) -> int:
    """The quantity first signed, before all agreements."""
    agreed = line.contract.amendments.agreed().order_by("pk")
    rows = (row for amendment in agreed for row in amendment.lines if row["line"] == line.pk)
    return int(next((row["before"] for row in rows), line.quota))


@CONTRACT.transition("add_line")
def add_line(
    contract: Contract,
    *,
    by: Actor,
    item: Item,
    unit_price: Decimal,
    quota: int,
    places: int | None = None,
    from_day: date | None = None,
    to_day: date | None = None,
) -> None:
    """Add a line to a draft and reserve its money.

    Raises ``NotNow`` for a contract that came of an award, ``Invalid`` for days of the line outside the
    contract's, and as ``draft``.
    """
    if contract.purchase:
        raise NotNow(
            _("合同来自采购项目 %(number)s，项目、单价和数量以成交结果为准，不能增加。")
            % {"number": contract.purchase},
            rule="政府采购法第四十六条",
        )
    first, last = from_day or contract.start_on, to_day or contract.end_on
    if not contract.start_on <= first <= last <= contract.end_on:
        message = _("项目的期限应在合同期限之内。")
        raise Invalid(message, fields={"from_day": message, "to_day": message})
    direct.hold_the_year(contract.buyer_id, contract.budget_line.year)
    line = _add_line(contract, item, unit_price, quota)
    line.places, line.start_on, line.end_on = places, from_day, to_day
    line.save(update_fields=["places", "start_on", "end_on"])
    direct.require_below_limit(contract)
    direct.changed(contract)


def _add_line(contract: Contract, item: Item, unit_price: Decimal, quota: int) -> ContractLine:
    """Create a line and reserve its money; raises ``Invalid`` and ``Exhausted`` as ``draft``."""
    if item.funding != Funding.PURCHASED:
        message = _("这个项目是资金或实物救助，不能列入服务合同。")
        raise Invalid(message, fields={"item": message}, rule="102号令第十条")
    if contract.method not in item.methods:
        allowed = listed(item.method_words)
        message = _("目录没有允许用“%(method)s”采购这个项目，可用：%(allowed)s。") % {
            "method": Method(contract.method).label,
            "allowed": allowed,
        }
        raise Invalid(message, fields={"method": message, "item": message}, rule="S25")
    if item.edition_id != contract.edition_id:
        message = _("同一合同的项目须来自同一版目录。")
        raise Invalid(message, fields={"item": message}, rule="S25")
    if unit_price > item.price_ceiling:
        message = _("单价不能超过最高限价 %(ceiling)s 元。") % {"ceiling": item.price_ceiling}
        raise Invalid(message, fields={"unit_price": message}, rule="S25")
    if ContractLine.objects.filter(contract=contract, item=item).exists():
        message = _("合同里已有这个项目。")
        raise Invalid(message, fields={"item": message})
    line = ContractLine.objects.create(
        contract=contract, item=item, unit_price=unit_price, quota=quota, standards=item.standards
    )
    reserving.reserve(contract, line.amount)
    contract.amount += line.amount
    Contract.objects.filter(pk=contract.pk).update(amount=F("amount") + line.amount)
    return line


@CONTRACT.transition("sign_as_buyer")
def sign_as_buyer(contract: Contract, *, by: Actor, typed: str) -> None:
    """Sign as a second person of the buyer; the whole amount is reserved, also after a year's end.

    ``typed`` is the signer's own name. The text is made as a PDF, and its hash is what is signed. Raises
    ``Invalid`` for direct contracts that have reached the limit meanwhile.
    """
    direct.require_below_limit(contract)
    reserving.secure(contract, contract.amount)
    signing.sign(contract, Side.BUYER, by=by, typed=typed)


@sign_as_buyer.lacks
def missing_for_signing(contracts: Sequence[Contract]) -> dict[int, Refused]:
    """Why contracts are not signed: their provider is not in good standing."""
    read_lists([contract.provider for contract in contracts])
    found = {contract.pk: not_to_be_signed(contract.provider) for contract in contracts}
    return {pk: refused for pk, refused in found.items() if refused is not None}


#: What is done instead of signing, or of drawing up, a contract with a provider that is not in good standing.
INSTEAD = ("cancel", "propose_next", "propose_failure")


def not_to_be_signed(provider: Provider) -> NotNow | None:
    """The refusal of a contract with a provider that is not in good standing."""
    why_not = provider.why_not_in_good_standing()
    if not why_not:
        return None
    return NotNow(filled(gettext_lazy("%(why)s，不能签约。"), why=why_not), rule="S26", allowed=INSTEAD)


@CONTRACT.transition("sign_as_provider")
def sign_as_provider(contract: Contract, *, by: Actor, typed: str, sha256: str = "") -> None:
    """Sign the same text as the provider; the reserved money is committed.

    ``sha256`` is the hash of the text that the signer was shown. Raises ``Refused`` for another text than
    the buyer signed, and for fewer places on offer than the contract demands.
    """
    _require_places(contract)
    signing.sign(contract, Side.PROVIDER, by=by, typed=typed, seen=sha256)
    contract.signed_amount = contract.amount
    reserving.commit(contract, contract.amount)
    worker.configure_task("contracts.tasks.bring_into_force").defer()
    events.on_signed.call(contract)


sign_as_provider.lacks(missing_for_signing)


def _require_places(contract: Contract) -> None:
    """Raise ``Refused`` for a provider that offers fewer places than a line demands."""
    for refused in too_few_places([contract]).values():
        raise refused


@sign_as_provider.foreseen
def too_few_places(contracts: Sequence[Contract]) -> dict[int, Refused]:
    """Why contracts are not signed by their providers: they offer fewer places than a line demands."""
    lines = ContractLine.objects.filter(contract__in=contracts).exclude(places=None).select_related("item")
    demanded = list(lines.order_by("-contract", "-pk"))
    if not demanded:
        return {}
    providers = {contract.pk: contract.provider_id for contract in contracts}
    live = Offer.objects.live().filter(provider__in=providers.values()).order_by()
    rows = live.values_list("provider_id", "item__code", "places")
    offered = {(provider, code): places for provider, code, places in rows}
    words = gettext_lazy("“%(name)s”约定 %(places)s 个名额，贵机构申报的只有 %(there)s 个。")
    found: dict[int, Refused] = {}
    for line in demanded:
        there = offered.get((providers[line.contract_id], line.item.code), 0)
        if there < (line.places or 0):
            said = filled(words, name=line.item.name, places=line.places, there=there)
            found[line.contract_id] = Refused(said, rule="S28")
    return found


@CONTRACT.transition("cancel")
def cancel(contract: Contract, *, by: Actor, reason: str) -> None:
    """Cancel a contract that not both have signed; its money is free again."""
    direct.changed(contract)
    reserving.release(contract)


@cancel.then
def _announce_cancelled(contract: Contract, *, by: Actor, reason: str) -> None:
    """Let packages above know (``on_cancelled``)."""
    events.on_cancelled.call(contract, reason)
