"""Actions on purchases until the deadline: planned, given terms, checked by a second person, published.

Also cancelling before publication, and failing after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.items.kinds import Funding, Method
from catalog.items.models import Item
from contracts.budgets import reserving
from contracts.budgets.models import BudgetLine
from contracts.contracts import buyers, direct, signing
from foundation import moments
from foundation.deadlines import clocks
from foundation.documents import making
from foundation.inbox import notices
from foundation.numbering import numbers
from foundation.numbering.series import Series
from foundation.parties import Addressee
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import SYSTEM, Actor, Role
from foundation.wording import figure, filled, listed, on_record
from organizations.bodies.models import Organization
from organizations.people.models import Membership
from organizations.providers.models import Provider, read_lists
from procurement.key_holders import keyring
from procurement.purchases import documents, method_requirements, of_the_year
from procurement.purchases.grounds import grounds_refused, several_refused
from procurement.purchases.models import Project, ProjectItem
from procurement.purchases.proposals import ground_of, something_proposed
from procurement.purchases.states import PROJECT, FailGround
from procurement.supplier.papers import SupportingDocumentKind

#: The rule of the clock that runs from the award to the signatures.
CONTRACT_CLOCK = "procurement.contract"


@PROJECT.start("plan")
def plan(
    *,
    by: Actor,
    title: str,
    need: str,
    budget_line: BudgetLine,
    method: str,
    start_on: date,
    end_on: date,
    item: Item,
    limit_price: Decimal,
    quota: int,
    under: Project | None = None,
) -> Project:
    """Plan a purchase with its first item, and set the money aside that it may cost.

    Raises ``Invalid`` for days in the wrong order or outside the framework's, an item that is not for sale
    or not by this method, a limit over the ceiling (CNY), ``Exhausted`` when the budget does not suffice
    (先有预算、后购买服务), ``Refused`` for a body that may not buy.
    """
    if refused := buyers.not_a_buyer(by):
        raise refused
    buyer = Organization.objects.get(pk=by.organization)
    signing.require_allowed_years(start_on, end_on)
    if under is not None:
        _require_allowed_by_framework(under, method, start_on, end_on)
    if of_the_year.counts(method):
        direct.hold_the_year(buyer.pk, budget_line.year)
    project = Project.objects.create(
        number=numbers.next_number(Series.PROJECT),
        title=title,
        need=need,
        buyer=buyer,
        budget_line=budget_line,
        edition=item.edition,
        method=method,
        start_on=start_on,
        end_on=end_on,
        under=under,
    )
    _add_line(project, item, limit_price, quota)
    if under is not None:
        project.invited.set(_shortlisted(under))
    _restrict(project)
    return project


def _require_allowed_by_framework(under: Project, method: str, start_on: date, end_on: date) -> None:
    """Raise ``Invalid`` for a second competition that its framework does not allow."""
    if not under.is_framework or not under.contracted:
        message = _("这个项目不是生效的框架协议。")
        raise Invalid(message, fields={"under": message})
    if method != Method.INQUIRY:
        message = _("框架协议内的二次竞价用“询价”。")
        raise Invalid(message, fields={"method": message}, rule="财政部令110号第三十四条")
    message = _("第二阶段的期限应在框架协议之内。")
    fields = {}
    if start_on < under.start_on:
        fields["start_on"] = message
    if end_on > under.end_on:
        fields["end_on"] = message
    if fields:
        raise Invalid(message, fields=fields, rule="财政部令110号第二十五条")


def _shortlisted(project: Project) -> list[Provider]:
    """The providers of a framework agreement."""
    return [bid.provider for bid in project.bids.won()]


def _restrict(project: Project) -> None:
    """Restrict the notice to the invited, if the method invites, and set the panel size.

    Single source stays public.
    """
    invites = method_requirements.rule_of(project).value["invited"] > 0
    project.restricted = invites and project.method != Method.SINGLE
    project.panel_size = method_requirements.rule_of(project).value["panel"]
    project.save(update_fields=["restricted", "panel_size"])


@PROJECT.transition("add_item")
def add_item(project: Project, *, by: Actor, item: Item, limit_price: Decimal, quota: int) -> None:
    """Add an item, and set the money aside that it may cost."""
    _add_line(project, item, limit_price, quota)


def _add_line(project: Project, item: Item, limit_price: Decimal, quota: int) -> None:
    """Add an item; raises ``Invalid`` and ``Exhausted`` as ``plan``."""
    if item.funding != Funding.PURCHASED:
        message = _("这个项目是资金或实物救助，不能列入采购。")
        raise Invalid(message, fields={"item": message}, rule="102号令第十条")
    if item.edition_id != project.edition_id:
        message = _("同一采购的项目须来自同一版目录。")
        raise Invalid(message, fields={"item": message}, rule="S25")
    # A second competition is part of a framework, so the item has to allow frameworks.
    method = Method.FRAMEWORK if project.under_id else project.method
    if method not in item.methods:
        message = _("目录没有允许用“%(method)s”采购这个项目，可用：%(allowed)s。") % {
            "method": Method(method).label,
            "allowed": listed(item.method_words),
        }
        raise Invalid(message, fields={"method": message, "item": message}, rule="S25")
    if limit_price > item.price_ceiling:
        message = _("单价上限不能超过目录的最高限价 %(ceiling)s 元。") % {
            "ceiling": figure(item.price_ceiling)
        }
        raise Invalid(message, fields={"limit_price": message}, rule="S25")
    if project.items.filter(item=item).exists():
        message = _("采购里已有这个项目。")
        raise Invalid(message, fields={"item": message})
    line = ProjectItem.objects.create(project=project, item=item, limit_price=limit_price, quota=quota)
    reserving.plan(project.budget_line, project.number, line.amount)
    project.amount += line.amount
    Project.objects.filter(pk=project.pk).update(amount=F("amount") + line.amount)
    of_the_year.changed(project)


@PROJECT.transition("set_terms")
def set_terms(
    project: Project,
    *,
    by: Actor,
    bids_until: datetime,
    price_points: int,
    criteria: Sequence[dict[str, Any]],
    papers: Sequence[str],
    places: int,
    panel_size: int,
    justification: str = "",
) -> None:
    """Set the terms of the notice: deadline, criteria, required documents, places, panel size.

    Raises ``Invalid`` for a deadline that has passed and documents that are not in the list. What else the
    method requires is checked when the purchase is submitted.
    """
    if bids_until <= moments.now():
        message = _("投标截止应在将来。")
        raise Invalid(message, fields={"bids_until": message})
    if set(papers) - set(SupportingDocumentKind.values):
        message = _("请从列表中选择。")
        raise Invalid(message, fields={"papers": message})
    project.bids_until, project.price_points = bids_until, price_points
    project.criteria = [
        {"key": f"c{number}", **{name: criterion[name] for name in ("title", "points", "rubric")}}
        for number, criterion in enumerate(criteria, 1)
    ]
    project.papers, project.places = list(papers), places
    project.panel_size = panel_size if method_requirements.rule_of(project).value["panel"] else 0
    project.justification = justification


PROJECT.barred["plan"] = buyers.not_a_buyer


@PROJECT.transition("invite")
def invite(project: Project, *, by: Actor, providers: Sequence[Provider]) -> None:
    """Set the invited providers.

    Raises ``Invalid`` for one that is not in good standing, ``NotNow`` in a second competition, whose list
    is the framework's.
    """
    read_lists(providers)
    barred = [str(provider) for provider in providers if not provider.in_good_standing()]
    if barred:
        message = _("不在“已准入”状态或准入已到期，不能邀请：%(names)s。") % {"names": listed(barred)}
        raise Invalid(message, fields={"providers": message}, rule="S26")
    project.invited.set(providers)


@invite.lacks
def shortlisted_already(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why a buyer does not choose whom to invite: in a second competition it is those of the framework."""
    words = gettext_lazy("二次竞价只邀请入围的机构，名单不能改。")
    return {
        project.pk: NotNow(words, rule="财政部令110号第三十四条")
        for project in projects
        if project.under_id is not None
    }


@PROJECT.transition("name_key_holders")
def name_key_holders(project: Project, *, by: Actor, people: Sequence[Membership], keys_needed: int) -> None:
    """Appoint the key holders, and set how many of them open the bids.

    Earlier holders who are not named again are released. Raises ``Invalid`` for fewer than two people, and
    for more keys than people.
    """
    if len({person.user_id for person in people}) < 2:
        message = _("开标小组至少两人。")
        raise Invalid(message, fields={"people": message}, rule="87号令第四十条")
    if not 2 <= keys_needed <= len(people):
        message = _("需要的份额应在 2 和小组人数之间。")
        raise Invalid(message, fields={"keys_needed": message}, rule="87号令第四十条")
    keyring.appoint(project, people, by)
    project.keys_needed = keys_needed


# Submitted to a second person.
submit = PROJECT.act("submit", Project)
submit.lacks(method_requirements.not_publishable)


send_back = PROJECT.act("send_back", Project)


@PROJECT.transition("publish")
def publish(project: Project, *, by: Actor) -> None:
    """Publish the notice and split the key; all days are counted from now."""
    project.method_rule = method_requirements.rule_of(project).version
    project.published_at = moments.now()
    keyring.split_key(project)


publish.lacks(method_requirements.not_publishable)


@publish.then
def _announce(project: Project, *, by: Actor) -> None:
    """Have the notice made, and notify the invited providers."""
    making.request(documents.TENDER_NOTICE, project, by=by)
    for provider in project.invited.select_related("organization"):
        _notify_invited(project, provider)


def _notify_invited(project: Project, provider: Provider) -> None:
    """Notify one invited provider."""
    invited = Addressee(Role.COORDINATOR, organization=provider.organization_id)
    notices.deliver(project, [invited], filled(gettext_lazy("邀请投标：%(title)s"), title=project.title))


@PROJECT.transition("extend")
def extend(project: Project, *, by: Actor, reason: str, bids_until: datetime) -> None:
    """Move the deadline to a later moment; raises ``Invalid`` for an earlier one, ``NotNow`` after it."""
    if project.bids_until is None or bids_until <= project.bids_until:
        message = _("新的截止时间应晚于原来的。")
        raise Invalid(message, fields={"bids_until": message}, rule="87号令第二十七条")
    for refused in closed_for_bids([project]).values():
        raise refused
    project.bids_until = bids_until


@extend.foreseen
def closed_for_bids(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why the deadline is not moved: it has passed."""
    words = gettext_lazy("投标已经截止。")
    return {
        project.pk: NotNow(words, rule="87号令第三十三条")
        for project in projects
        if project.bids_until is None or moments.now() >= project.bids_until
    }


@PROJECT.transition("postpone")
def postpone(project: Project, *, by: Actor, bids_until: datetime) -> None:
    """Move the deadline, since an answer that changes bids must leave the bidders enough days."""
    project.bids_until = bids_until


# Closed by the clock when the deadline has passed.
close = PROJECT.act("close", Project)


@PROJECT.transition("cancel")
def cancel(project: Project, *, by: Actor, reason: str) -> None:
    """Cancel a purchase before publication; the money is free again."""
    _end(project, reason)


@PROJECT.transition("propose_failure")
def propose_failure(project: Project, *, by: Actor, reason: str, why: str) -> None:
    """Propose that a published purchase fails (``reason``: one of the law's grounds, ``why``: the facts).

    Raises ``Refused`` where the bids contradict the ground.
    """
    for refused in grounds_refused(project, [reason]).values():
        raise refused
    project.failing, project.failing_why = reason, why


@propose_failure.lacks
def nothing_proposed(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why a failure is not proposed: a proposal of one person waits for another's decision."""
    found = {project.pk: something_proposed(project) for project in projects}
    return {pk: refused for pk, refused in found.items() if refused is not None}


@PROJECT.transition("refuse_failure")
def refuse_failure(project: Project, *, by: Actor, reason: str) -> None:
    """Refuse the proposal as a second person: the purchase goes on."""
    _require_proposal(project)
    project.failing = project.failing_why = ""


@PROJECT.transition("confirm_failure")
def confirm_failure(project: Project, *, by: Actor) -> None:
    """Agree as a second person: the purchase fails, its money is free, the ground is public.

    Raises ``NotNow`` without a proposal.
    """
    _require_proposal(project)
    _end(project, on_record(ground_of(project)))


@confirm_failure.lacks
def contradicted(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why a failure is not confirmed: the bids contradict the ground."""
    proposed = {project: [project.failing] for project in projects if project.failing}
    refusals = several_refused(proposed)
    return {pk: refused for pk, found in refusals.items() for refused in found.values()}


@PROJECT.transition("fail")
def fail(project: Project, *, by: Actor, reason: str, ground: str = FailGround.TOO_FEW) -> None:
    """Let the purchase fail where the data alone decide; the money is free again.

    Too few bids at the deadline, too few left after an objection, or a method that an objection has struck
    down.
    """
    project.failing = ground
    _end(project, reason)


@confirm_failure.then
@fail.then
def _tell_bidders(project: Project, *, by: Actor, **given: object) -> None:
    """Notify whoever was invited or has bid that the purchase has failed, and why."""
    invited = project.invited.values_list("organization_id", flat=True)
    bidding = project.bids.handed_in().values_list("provider__organization_id", flat=True)
    told = [Addressee(Role.COORDINATOR, organization=pk) for pk in dict.fromkeys([*invited, *bidding])]
    why = ground_of(project) if project.failing_why else project.outcome
    notices.deliver(
        project, told, filled(gettext_lazy("%(project)s：采购流标。%(why)s"), project=project, why=why)
    )


def _require_proposal(project: Project) -> None:
    """Raise ``NotNow`` without a proposal."""
    if not project.failing:
        raise NotNow(_("还没有人提出流标。"), rule="政府采购法第三十六条")


def _end(project: Project, reason: str) -> None:
    """Free the money, stop the days to sign, release the key holders, and note the outcome."""
    of_the_year.changed(project)
    reserving.unplan(project.number)
    clocks.stop(PROJECT, project, CONTRACT_CLOCK)
    project.outcome = reason[:300]
    for seat in project.keyholders.on_duty():
        keyring.release(seat, by=SYSTEM)
