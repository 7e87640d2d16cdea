"""What the steps from the opening to the contract wait for, for several purchases at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from contracts.contracts.signing import not_to_be_signed
from foundation.lifecycle.phases import DROPPED, ENDED
from foundation.refusals import NotNow, Refused
from foundation.rules import reading
from foundation.wording import filled, money
from organizations.providers.models import read_lists
from procurement.bids.models import Bid
from procurement.panel import experts
from procurement.panel.models import PanelSeat
from procurement.panel.states import PanelSeatStatus
from procurement.purchases import method_requirements
from procurement.purchases.models import Project
from procurement.purchases.proposals import something_proposed


def for_the_panel(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why the panel is not drawn, or the negotiation not recorded: a bid is unchecked, too few are qualified, or too
    few experts have no conflict of interest.
    """
    ranked = qualified(projects)
    unchecked = set(Bid.objects.unchecked().filter(project__in=projects).values_list("project_id", flat=True))
    unread = Refused(_("还有投标没有做资格审查。"), rule="87号令第四十四条")
    found = {
        project.pk: unread if project.pk in unchecked else too_few(project, ranked[project.pk])
        for project in projects
    }
    found |= _too_few_experts([project for project in projects if found[project.pk] is None])
    return {pk: refused for pk, refused in found.items() if refused is not None}


def _too_few_experts(projects: Sequence[Project]) -> dict[int, Refused]:
    """The refusals of panels larger than there are experts without a conflict of interest."""
    words = _("没有利害关系的评审专家只有 %(there)s 人，需要 %(needed)s 人。")
    free = experts.without_conflict([project for project in projects if project.panel_size])
    return {
        project.pk: Refused(
            filled(words, there=len(free[project.pk]), needed=project.panel_size), rule="政府采购法第十二条"
        )
        for project in projects
        if project.panel_size and len(free[project.pk]) < project.panel_size
    }


def for_the_report(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why the panel cannot report: an expert has not submitted."""
    on_it = PanelSeat.objects.filter(project__in=projects, status__in=PanelSeatStatus.in_phase(~DROPPED))
    seats = list(on_it.values_list("project_id", "status"))
    sitting = Counter(project for project, _status in seats)
    done = Counter(project for project, status in seats if status in PanelSeatStatus.in_phase(ENDED))
    words = _("%(needed)s 位专家里 %(done)s 位提交了打分。")
    return {
        project.pk: NotNow(
            filled(words, needed=project.panel_size, done=done[project.pk]), rule="87号令第五十五条"
        )
        for project in projects
        if done[project.pk] < project.panel_size or done[project.pk] != sitting[project.pk]
    }


def for_the_award(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why purchases are not awarded: a proposal waits, too few bids are qualified, a framework eliminates nobody, a
    price is over the budget, or a bidder is not in good standing.
    """
    ranked = qualified(projects)
    found = {
        project.pk: something_proposed(project) or _not_to_be_awarded(project, ranked[project.pk])
        for project in projects
    }
    return {pk: refused for pk, refused in found.items() if refused is not None}


def for_the_contract(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why no contract is drafted: a proposal waits, or the winner is not in good standing."""
    won: dict[int, list[Bid]] = defaultdict(list)
    for bid in Bid.objects.won().filter(project__in=projects).select_related("provider__organization"):
        won[bid.project_id].append(bid)
    read_lists([bid.provider for bids in won.values() for bid in bids])
    found = {project.pk: something_proposed(project) for project in projects}
    for project in projects:
        for bid in won[project.pk] if not project.is_framework else ():
            found[project.pk] = found[project.pk] or not_to_be_signed(bid.provider)
    return {pk: refused for pk, refused in found.items() if refused is not None}


def qualified(projects: Sequence[Project]) -> dict[int, list[Bid]]:
    """The qualified bids by rank, by purchase."""
    found: dict[int, list[Bid]] = defaultdict(list)
    bids = Bid.objects.qualified().filter(project__in=projects).select_related("provider__organization")
    for bid in bids.order_by("rank", "pk"):
        found[bid.project_id].append(bid)
    return found


def too_few(project: Project, ranked: Sequence[Bid]) -> Refused | None:
    """The refusal of fewer qualified bids than the method requires."""
    rule = method_requirements.rule_of(project)
    least = rule.value["bidders"]
    if len(ranked) >= least:
        return None
    words = _("合格的投标只有 %(there)s 家，不足 %(least)s 家，应当流标。")
    said = filled(words, there=len(ranked), least=least)
    return Refused(said, rule=rule.basis, allowed=("propose_failure",))


def _not_to_be_awarded(project: Project, ranked: Sequence[Bid]) -> Refused | None:
    """The refusal of the award to the first of the ranking."""
    # The next candidate of a ranking that had enough bids may be alone.
    if not project.passed_over and (refused := too_few(project, ranked)):
        return refused
    taken = ranked[: project.places]
    if project.is_framework and (refused := _nobody_out(project, len(ranked), len(taken))):
        return refused
    read_lists([bid.provider for bid in taken])
    found = (_over_budget(project, bid) or out_of_standing(bid) for bid in taken)
    return next((refused for refused in found if refused is not None), None)


def _nobody_out(project: Project, ranked: int, taken: int) -> Refused | None:
    """The refusal of a framework that eliminates nobody."""
    out = int(reading.current("procurement.framework").value["eliminated"])
    if ranked - taken >= out:
        return None
    words = _("框架协议至少淘汰 %(out)s 家：%(ranked)s 家合格，名额 %(places)s 个。")
    said = filled(words, out=out, ranked=ranked, places=project.places)
    return Refused(said, rule="财政部令110号第二十五条")


def _over_budget(project: Project, bid: Bid) -> Refused | None:
    """The refusal of a price over the budget of the purchase (CNY)."""
    if bid.price is not None and bid.price <= project.amount:
        return None
    words = _("“%(name)s”的报价 %(price)s 元超过预算 %(amount)s 元，不能定标。")
    return Refused(
        filled(words, name=str(bid.provider), price=money(bid.price), amount=f"{project.amount:,.2f}"),
        rule="政府采购法第三十六条：报价均超过采购预算的，应当废标",
    )


def out_of_standing(bid: Bid) -> Refused | None:
    """The refusal of a bidder that is not in good standing."""
    why_not = bid.provider.why_not_in_good_standing()
    if not why_not:
        return None
    return Refused(
        filled(_("%(why)s，不能成交。"), why=why_not), rule="S26", allowed=("propose_next", "propose_failure")
    )
