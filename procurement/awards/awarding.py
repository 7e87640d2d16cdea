"""Actions from the award to the contract: award, conclude, withdraw, draft the contract, call off.

Also what an award means for each bid, and what a framework agreement allows its contracts.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.items.kinds import Method
from contracts.budgets import reserving, year_end
from contracts.budgets.models import BudgetLine
from contracts.contracts import signing
from contracts.contracts.events import before_amending, before_renewing, due_with, on_signed
from contracts.contracts.models import Contract
from foundation import moments
from foundation.deadlines import clocks
from foundation.documents import making
from foundation.lifecycle.phases import ASKED
from foundation.refusals import Invalid, Refused
from foundation.roles import SYSTEM, Actor
from foundation.wording import filled, on_record
from organizations.providers.events import open_work
from organizations.providers.models import Provider, in_good_standing
from procurement.awards import frameworks
from procurement.awards.models import CallOff, Way
from procurement.bids.models import Bid
from procurement.bids.states import BID
from procurement.objections.states import ObjectionStatus
from procurement.panel import lacking, scoring
from procurement.phases import NEXT_MAY_FOLLOW
from procurement.purchases import method_requirements, of_the_year, planning
from procurement.purchases.documents import AWARD_NOTICE
from procurement.purchases.models import Project, ProjectItem
from procurement.purchases.states import PROJECT, ProjectStatus


@PROJECT.transition("award")
def award(project: Project, *, by: Actor) -> None:
    """Award to the first of the panel's ranking, or to the first ``places`` in a framework.

    The days to sign the contract begin.
    """
    project.awarded_at = moments.now()


award.lacks(lacking.for_the_award)


@award.then
def _announce_award(project: Project, *, by: Actor) -> None:
    """Mark winners and losers, start the days to sign, and have the award notice made."""
    for place, bid in enumerate(lacking.qualified([project])[project.pk], 1):
        (win if place <= project.places else lose)(bid, by=SYSTEM)
    clocks.begin(PROJECT, project, planning.CONTRACT_CLOCK)
    making.request(AWARD_NOTICE, project, by=by)


@BID.transition("win")
def win(bid: Bid, *, by: Actor) -> None:
    """Mark the bid as awarded."""
    bid.why = ""


@BID.transition("lose")
def lose(bid: Bid, *, by: Actor) -> None:
    """Mark the bid as lost; the bidder sees its score and rank as the reason."""
    bid.why = on_record(
        filled(gettext_lazy("总分 %(score)s，第 %(rank)s 名。"), score=bid.score, rank=bid.rank)
    )


@BID.transition("stand_again")
def stand_again(bid: Bid, *, by: Actor) -> None:
    """Make the bid a candidate again, since the award was withdrawn."""
    bid.why = ""


@BID.transition("disqualify")
def disqualify(bid: Bid, *, by: Actor, reason: str) -> None:
    """Disqualify the bid, since an objection to its award was upheld."""
    bid.why = reason[:300]


@PROJECT.transition("conclude")
def conclude(project: Project, *, by: Actor) -> None:
    """End the time for objections; raises ``Refused`` while one is unanswered."""
    if project.objections.filter(status__in=ObjectionStatus.in_phase(ASKED)).exists():
        raise Refused(_("还有质疑没有答复。"), rule="政府采购法第五十二条")


@PROJECT.transition("withdraw_award")
def withdraw_award(project: Project, *, by: Actor, reason: str) -> None:
    """Withdraw the award, since an objection was upheld: winners are out, the others candidates again.

    They are ranked anew; where fewer are left than the method requires, the purchase fails (质疑投诉办法 article
    16).
    """
    project.awarded_at = None
    project.passing = project.passing_why = ""
    clocks.stop(PROJECT, project, planning.CONTRACT_CLOCK)


@withdraw_award.then
def _rank_anew(project: Project, *, by: Actor, reason: str) -> None:
    """Disqualify the winners and rank the others anew."""
    for bid in project.bids.won():
        disqualify(bid, by=SYSTEM, reason=reason)
    for bid in project.bids.lost():
        stand_again(bid, by=SYSTEM)
    _rank_or_fail(project)


def _rank_or_fail(project: Project) -> None:
    """Rank the candidates, or let the purchase fail where too few are left."""
    least = int(method_requirements.rule_of(project).value["bidders"])
    left = project.bids.qualified().count()
    if left < least:
        words = gettext_lazy("质疑成立后合格的投标只剩 %(left)s 家，不足 %(least)s 家。")
        planning.fail(project, by=SYSTEM, reason=on_record(filled(words, left=left, least=least)))
        return
    scoring.rank(project, list(project.panelseats.scored()))


# --- contracts --------------------------------------------------------------------------


@PROJECT.transition("make_contract")
def make_contract(project: Project, *, by: Actor) -> None:
    """Draft the contract of the winning bid; a framework agreement is called off later instead.

    The money set aside goes to the contract in the same transaction, and the rest of it is free. Raises
    ``Refused`` where the framework has fewer units left, and whatever ``signing.draft_awarded`` raises.
    """
    of_the_year.changed(project)
    line = reserving.unplan(project.number) or project.budget_line
    if project.is_framework:
        clocks.stop(PROJECT, project, planning.CONTRACT_CLOCK)
        return
    bid = project.bids.won().select_related("provider").get()
    quotas = {item.pk: item.quota for item in project.items.all()}
    if project.under is not None:
        frameworks.require_within(project.under, {item.item_id: item.quota for item in project.items.all()})
    way = Way.COMPETITION if project.under_id else Way.AWARD
    contract = _draft(
        bid, quotas, by, line=_open_line(line), start_on=project.start_on, end_on=project.end_on
    )
    CallOff.objects.create(project=project, bid=bid, contract=contract, way=way)


make_contract.lacks(lacking.for_the_contract)


@open_work.register
def before_the_contract(provider: Provider) -> list[Project]:
    """The purchases that are to be awarded to, or contracted with, a provider in good standing."""
    found = Project.objects.filter(
        status__in=ProjectStatus.in_phase(NEXT_MAY_FOLLOW), bids__provider=provider
    )
    return list(found.distinct())


@due_with.register
def purchase_of(contract: Contract) -> list[Project]:
    """The purchase whose days to sign run until the contract is signed."""
    return list(Project.objects.filter(call_offs__contract=contract))


@on_signed.register
def stop_days_to_sign(contract: Contract) -> None:
    """Stop the days to sign, since both sides have signed."""
    call_off_ = CallOff.objects.filter(contract=contract).select_related("project").first()
    if call_off_ is not None:
        clocks.stop(PROJECT, call_off_.project, planning.CONTRACT_CLOCK)


@before_renewing.register
def refuse_renewal_of_call_off(contract: Contract) -> None:
    """Refuse to renew a contract that was called off from a framework: it is called off anew instead."""
    if frameworks.framework_of(contract) is not None:
        raise Refused(_("这份合同来自框架协议，不能续签，请在框架协议下重新下单。"), rule=frameworks.RULE)


@before_amending.register
def require_within_framework(contract: Contract, more: dict[int, int], end_on: date) -> None:
    """Refuse an amendment of a call-off beyond the framework's last day or quantities.

    Raises ``Invalid`` for the last day, ``Refused`` for the quantities.
    """
    framework = frameworks.framework_of(contract)
    if framework is None:
        return
    if end_on > framework.end_on and end_on > contract.end_on:
        message = _("第二阶段的期限应在框架协议之内。")
        raise Invalid(message, fields={"end_on": message}, rule=frameworks.RULE)
    items = dict(contract.lines.filter(pk__in=more).values_list("item_id", "pk"))
    frameworks.require_within(framework, {item_id: more[line] for item_id, line in items.items()})


def _open_line(line: BudgetLine) -> BudgetLine:
    """The line itself, or the following year's where its year has been closed meanwhile."""
    return year_end.following(line) if line.closed_on else line


@PROJECT.transition("call_off")
def call_off(
    project: Project,
    *,
    by: Actor,
    bid: Bid,
    way: str,
    quotas: dict[int, int],
    budget_line: BudgetLine,
    start_on: date,
    end_on: date,
    why: str = "",
    title: str = "",
) -> None:
    """Give one of the shortlisted providers a contract (``quotas``: ``{project item key: units}``).

    ``title`` is that of the contract, by default the framework's. Raises ``Refused`` for a purchase that is
    no framework and a provider that is not in good standing; ``Invalid`` for days outside the framework's,
    a provider that is not shortlisted or not next in rotation, a choice without a reason, and units beyond
    the framework's; ``Exhausted`` when the budget does not suffice.
    """
    if not project.is_framework:
        raise Refused(_("这个项目不是框架协议。"), rule="财政部令110号第三十二条")
    if not project.start_on <= start_on < end_on <= project.end_on:
        message = _("第二阶段的期限应在框架协议之内。")
        raise Invalid(message, fields={"start_on": message}, rule="财政部令110号第二十五条")
    if bid.project_id != project.pk or not bid.won:
        message = _("只能选入围的机构。")
        raise Invalid(message, fields={"bid": message}, rule="财政部令110号第三十二条")
    if refused := lacking.out_of_standing(bid):
        raise refused
    if way == Way.ROTATION and bid != next_in_turn(project):
        message = _("按顺序轮候，现在轮到“%(name)s”。") % {"name": next_in_turn(project)}
        raise Invalid(message, fields={"bid": message}, rule="财政部令110号第三十四条")
    if way == Way.CHOICE and not why.strip():
        message = _("直接选定请写明理由，例如由服务对象选择。")
        raise Invalid(message, fields={"why": message}, rule="财政部令110号第三十三条")
    _require_units_left(project, quotas)
    contract = _draft(bid, quotas, by, line=budget_line, start_on=start_on, end_on=end_on, title=title)
    CallOff.objects.create(project=project, bid=bid, contract=contract, way=way, why=why)


def next_in_turn(project: Project) -> Bid | None:
    """The shortlisted bid in good standing that has waited longest for a contract; by rank at first."""
    shortlisted = project.bids.won().select_related("provider__organization")
    able = shortlisted.filter(in_good_standing(through="provider__"))
    last = {}
    for call_off in project.call_offs.all():
        last[call_off.bid_id] = call_off.pk
    order = sorted(able, key=lambda bid: (last.get(bid.pk, 0), bid.rank or 0))
    return order[0] if order else None


def _require_units_left(project: Project, quotas: dict[int, int]) -> None:
    """Raise ``Invalid`` for no units, or more than the framework has left."""
    if not quotas or not all(units > 0 for units in quotas.values()):
        message = _("请填写数量。")
        raise Invalid(message, fields={"quotas": message})
    items = {item.item_id: item for item in project.items.filter(pk__in=quotas)}
    wanted = {item_id: quotas[item.pk] for item_id, item in items.items()}
    over = frameworks.beyond(project, wanted)
    if over:
        fields = {
            f"quota_{items[item_id].pk}": frameworks.left_in_words(left) for item_id, left in over.items()
        }
        raise Invalid(_("超过框架协议的数量。"), fields=fields, rule=frameworks.RULE)


def _draft(
    bid: Bid,
    quotas: dict[int, int],
    by: Actor,
    *,
    line: BudgetLine,
    start_on: date,
    end_on: date,
    title: str = "",
) -> Contract:
    """Draft a contract at the bid's prices, by the method of the purchase or of its framework."""
    project = bid.project
    prices = dict(bid.lines.values_list("item_id", "unit_price"))
    wanted: list[tuple[ProjectItem, int]] = [
        (item, quotas[item.pk])
        for item in project.items.filter(pk__in=quotas).select_related("item__edition")
    ]
    return signing.draft_awarded(
        by=by.as_system(),
        title=title or project.title,
        provider=bid.provider,
        budget_line=line,
        method=Method.FRAMEWORK if project.under_id else project.method,
        start_on=start_on,
        end_on=end_on,
        award=signing.Award(
            purchase=project.number,
            lines=[(item.item, prices[item.pk], units) for item, units in wanted],
            at=None if project.is_framework else project.awarded_at,
        ),
    )
