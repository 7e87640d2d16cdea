"""The grounds on which a purchase may fail, and what of the records contradicts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Refused
from foundation.wording import filled
from procurement.bids.models import Bid
from procurement.bids.states import BidStatus
from procurement.phases import NEXT_MAY_FOLLOW, VALID
from procurement.purchases import method_requirements
from procurement.purchases.models import Project
from procurement.purchases.states import FailGround, ProjectStatus


def grounds_refused(project: Project, grounds: Sequence[str]) -> dict[str, Refused]:
    """Those of the grounds that the bids contradict, each with the refusal of a proposal for it."""
    found = {ground: REFUSED_GROUNDS[ground](project) for ground in grounds if ground in REFUSED_GROUNDS}
    return {ground: refused for ground, refused in found.items() if refused is not None}


def _not_too_few(project: Project) -> Refused | None:
    """The refusal while the bids are not counted, or where there are enough."""
    if project.out_for_bids:
        return Refused(_("投标还没有截止，还不知道有几家。"), rule="政府采购法第三十六条")
    there, least = _valid(project).count(), int(method_requirements.rule_of(project).value["bidders"])
    if there < least:
        return None
    words = filled(_("有效的投标有 %(there)s 家，没有不足 %(least)s 家。"), there=there, least=least)
    return Refused(words, rule="政府采购法第三十六条")


def _not_without_winner(project: Project) -> Refused | None:
    """The refusal where the winner may still sign."""
    if _without_winner(project):
        return None
    return Refused(_("成交供应商没有拒绝签约，也没有失去资格。"), rule="政府采购法实施条例第四十九条")


def _not_over_budget(project: Project) -> Refused | None:
    """The refusal where a price is within the budget (CNY), or none is known."""
    prices = [price for price in _valid(project).values_list("price", flat=True) if price is not None]
    if prices and min(prices) > project.amount:
        return None
    words = filled(_("不是所有报价都超过预算 %(amount)s 元。"), amount=f"{project.amount:,.2f}")
    return Refused(words, rule="政府采购法第三十六条")


#: The grounds that records can contradict.
REFUSED_GROUNDS: dict[str, Callable[[Project], Refused | None]] = {
    FailGround.TOO_FEW: _not_too_few,
    FailGround.NO_WINNER: _not_without_winner,
    FailGround.OVER_BUDGET: _not_over_budget,
}


def _valid(project: Project) -> QuerySet[Bid]:
    """The bids that were neither withdrawn nor found invalid."""
    return project.bids.filter(status__in=BidStatus.in_phase(VALID))


def _without_winner(project: Project) -> bool:
    """Whether the winner signed no contract, was passed over, or is not in good standing any more."""
    if project.is_framework or project.status not in ProjectStatus.in_phase(NEXT_MAY_FOLLOW):
        return False
    first = project.candidate()
    lost = first is None or bool(first.provider.why_not_in_good_standing())
    return lost or project.passed_over or project.call_offs.exists()
