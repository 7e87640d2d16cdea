"""The grounds on which a purchase may fail, and what of the records contradicts them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from foundation.refusals import Refused
from foundation.wording import filled
from procurement.bids.models import Bid
from procurement.bids.states import CANDIDATE, BidStatus
from procurement.phases import NEXT_MAY_FOLLOW, VALID
from procurement.purchases import method_requirements
from procurement.purchases.models import Project
from procurement.purchases.states import FailGround, ProjectStatus

#: Columns of a bid that no ground asks for.
LONG = ("sealed", "plan", "team")


@dataclass
class BidsAndContract:
    """What grounds of a purchase are judged by: the bids that were neither withdrawn nor found invalid, by rank, and
    whether a contract was drafted.
    """

    valid: list[Bid] = field(default_factory=list)
    called_off: bool = False

    @property
    def candidate(self) -> Bid | None:
        """The winner, or the first of the ranking, as ``Project.candidate``."""
        return next((bid for bid in self.valid if bid.status in BidStatus.with_trait(CANDIDATE)), None)


def grounds_refused(project: Project, grounds: Sequence[str]) -> dict[str, Refused]:
    """Those of the grounds that the bids contradict, each with the refusal of a proposal for it."""
    return several_refused({project: grounds})[project.pk]


def several_refused(proposed: Mapping[Project, Sequence[str]]) -> dict[int, dict[str, Refused]]:
    """The same for the grounds of several purchases, by primary key; with as many statements as for one."""
    records = _records_of([*proposed])
    return {
        project.pk: {
            ground: refused
            for ground in grounds
            if ground in REFUSED_GROUNDS
            and (refused := REFUSED_GROUNDS[ground](project, records[project.pk])) is not None
        }
        for project, grounds in proposed.items()
    }


def _records_of(projects: Sequence[Project]) -> dict[int, BidsAndContract]:
    """The records of purchases, by primary key."""
    found = {project.pk: BidsAndContract() for project in projects}
    valid = Bid.objects.filter(project__in=found, status__in=BidStatus.in_phase(VALID))
    for bid in valid.select_related("provider__organization").defer(*LONG).order_by("rank", "pk"):
        found[bid.project_id].valid.append(bid)
    for pk in Project.objects.filter(pk__in=found, call_offs__isnull=False).values_list("pk", flat=True):
        found[pk].called_off = True
    return found


def _not_too_few(project: Project, records: BidsAndContract) -> Refused | None:
    """The refusal while the bids are not counted, or where there are enough."""
    if project.out_for_bids:
        return Refused(_("投标还没有截止，还不知道有几家。"), rule="政府采购法第三十六条")
    there, least = len(records.valid), int(method_requirements.rule_of(project).value["bidders"])
    if there < least:
        return None
    words = filled(_("有效的投标有 %(there)s 家，没有不足 %(least)s 家。"), there=there, least=least)
    return Refused(words, rule="政府采购法第三十六条")


def _not_without_winner(project: Project, records: BidsAndContract) -> Refused | None:
    """The refusal where the winner may still sign."""
    if _without_winner(project, records):
        return None
    return Refused(_("成交供应商没有拒绝签约，也没有失去资格。"), rule="政府采购法实施条例第四十九条")


def _not_over_budget(project: Project, records: BidsAndContract) -> Refused | None:
    """The refusal where a price is within the budget (CNY), or none is known."""
    prices = [bid.price for bid in records.valid if bid.price is not None]
    if prices and min(prices) > project.amount:
        return None
    words = filled(_("不是所有报价都超过预算 %(amount)s 元。"), amount=f"{project.amount:,.2f}")
    return Refused(words, rule="政府采购法第三十六条")


#: The grounds that records can contradict.
REFUSED_GROUNDS: dict[str, Callable[[Project, BidsAndContract], Refused | None]] = {
    FailGround.TOO_FEW: _not_too_few,
    FailGround.NO_WINNER: _not_without_winner,
    FailGround.OVER_BUDGET: _not_over_budget,
}


def _without_winner(project: Project, records: BidsAndContract) -> bool:
    """Whether the winner signed no contract, was passed over, or is not in good standing any more."""
    if project.is_framework or project.status not in ProjectStatus.in_phase(NEXT_MAY_FOLLOW):
        return False
    first = records.candidate
    lost = first is None or bool(first.provider.why_not_in_good_standing())
    return lost or project.passed_over or records.called_off
