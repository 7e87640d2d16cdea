"""What follows when the winner signs no contract: a new draft, the next candidate, or failure.

By 政府采购法实施条例 article 49 the buyer may take the next candidate of the evaluation report or buy anew; two
people decide. Failing is in ``planning``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.budgets import reserving, year_end
from contracts.contracts.events import on_cancelled
from contracts.contracts.models import Contract
from foundation.deadlines import clocks
from foundation.refusals import Exhausted, NotNow, Refused
from foundation.roles import SYSTEM, Actor
from foundation.wording import filled
from procurement.awards.models import CallOff
from procurement.bids.models import Bid
from procurement.bids.states import BID, CANDIDATE, ELIGIBLE, BidStatus
from procurement.phases import AWARD_DUE
from procurement.purchases import planning
from procurement.purchases.models import Project
from procurement.purchases.proposals import something_proposed
from procurement.purchases.states import PROJECT, NextGround, ProjectStatus

RULE = "政府采购法实施条例第四十九条"


@on_cancelled.register
def reopen_without_contract(contract: Contract, reason: str) -> None:
    """Reopen a purchase whose contract was cancelled before both had signed.

    In a framework the other call-offs go on, and more may follow, so nothing is reopened.
    """
    made = CallOff.objects.filter(contract=contract).select_related("project").first()
    if made is None or made.project.is_framework:
        return
    reopen(made.project, by=SYSTEM, reason=f"{contract.number}：{reason}")
    _set_aside_again(made.project, contract)


# The days to sign keep running from the award.
reopen = PROJECT.act("reopen", Project)


def _set_aside_again(project: Project, contract: Contract) -> None:
    """Set the money that the contract has freed aside for the purchase, as far as the budget still has it."""
    line = contract.budget_line
    open_line = year_end.following(line) if line.closed_on else line
    for amount in (project.amount, contract.amount):
        try:
            with transaction.atomic():
                reserving.plan(open_line, project.number, amount)
        except Exhausted:
            continue
        return


@PROJECT.transition("propose_next")
def propose_next(project: Project, *, by: Actor, reason: str, why: str) -> None:
    """Propose that the next candidate takes the winner's place (``reason``: the ground, ``why``: the facts).

    Raises ``Refused`` for a ground that the records contradict.
    """
    for refused in grounds_refused(project, [reason]).values():
        raise refused
    project.passing, project.passing_why = reason, why


@PROJECT.transition("refuse_next")
def refuse_next(project: Project, *, by: Actor, reason: str) -> None:
    """Refuse the proposal as a second person: the winner stays."""
    _require_proposal(project)
    project.passing = project.passing_why = ""


@PROJECT.transition("confirm_next")
def confirm_next(project: Project, *, by: Actor) -> None:
    """Agree as a second person: the winner is out, the others are candidates by their ranks.

    Their scores stand. Raises ``NotNow`` without a proposal.
    """
    _require_proposal(project)
    out = project.candidate()
    if out is not None:
        forfeit(out, by=SYSTEM, reason=str(NextGround(project.passing).label))
    project.passing = project.passing_why = ""
    project.passed_over, project.awarded_at = True, None
    clocks.stop(PROJECT, project, planning.CONTRACT_CLOCK)


@confirm_next.lacks
def contradicted(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why the next candidate is not confirmed: the ground does not hold any more, or no candidate is left and the
    purchase has to fail.
    """
    bids = _eligible(projects)
    proposed = [project for project in projects if project.passing]
    found = {project.pk: _refused(project, project.passing, bids[project.pk]) for project in proposed}
    return {pk: refused for pk, refused in found.items() if refused is not None}


@propose_next.lacks
def without_a_ground(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why no next candidate is proposed: another proposal waits, or the records contradict every ground; then it is
    what they say against the widest, that the winner is unable.
    """
    bids = _eligible(projects)
    found: dict[int, Refused] = {}
    for project in projects:
        refusals = _refusals(project, NextGround.values, bids[project.pk])
        if waits := something_proposed(project):
            found[project.pk] = waits
        elif refusals.keys() == set(NextGround.values):
            found[project.pk] = refusals[NextGround.UNABLE]
    return found


@confirm_next.then
def _restore_candidates(project: Project, *, by: Actor) -> None:
    """Make the losing bids candidates again."""
    for bid in project.bids.lost():
        come_up(bid, by=SYSTEM)


def _require_proposal(project: Project) -> None:
    """Raise ``NotNow`` without a proposal."""
    if not project.passing:
        raise NotNow(_("还没有人提出改定下一候选人。"), rule=RULE)


def grounds_refused(project: Project, grounds: Sequence[str]) -> dict[str, Refused]:
    """Those of the grounds that the records contradict, each with the refusal of a proposal for it."""
    return _refusals(project, grounds, _eligible([project])[project.pk])


def _refusals(project: Project, grounds: Sequence[str], eligible: Sequence[Bid]) -> dict[str, Refused]:
    """The same where the eligible bids are known."""
    found = {ground: _refused(project, ground, eligible) for ground in grounds}
    return {ground: refused for ground, refused in found.items() if refused is not None}


def _eligible(projects: Sequence[Project]) -> dict[int, list[Bid]]:
    """The bids found eligible and not out since, by rank, by purchase."""
    found: dict[int, list[Bid]] = defaultdict(list)
    bids = Bid.objects.filter(project__in=projects, status__in=BidStatus.with_trait(ELIGIBLE))
    for bid in bids.select_related("provider__organization").order_by("rank", "pk"):
        found[bid.project_id].append(bid)
    return found


def _refused(project: Project, ground: str, eligible: Sequence[Bid]) -> Refused | None:
    """The refusal of a ground that the records contradict."""
    if project.is_framework:
        return Refused(_("框架协议按入围名单授予合同，不改定候选人。"), rule="财政部令110号第三十三条")
    out = next((bid for bid in eligible if bid.status in BidStatus.with_trait(CANDIDATE)), None)
    if out is None or len(eligible) == 1:
        return Refused(_("没有下一候选人，请提出流标。"), rule=RULE)
    if ground == NextGround.STANDING:
        words = filled(_("“%(name)s”仍在准入名册。"), name=str(out.provider))
        return None if out.provider.why_not_in_good_standing() else Refused(words, rule=RULE)
    if project.status in ProjectStatus.in_phase(AWARD_DUE):
        return Refused(_("还没有定标，谈不上拒绝签约。"), rule=RULE)
    return None


@BID.transition("forfeit")
def forfeit(bid: Bid, *, by: Actor, reason: str) -> None:
    """Reject the bid that won and signed no contract; the reason is public."""
    bid.why = reason[:300]


@BID.transition("come_up")
def come_up(bid: Bid, *, by: Actor) -> None:
    """Make the bid a candidate again, with its score and rank."""
    bid.why = ""
