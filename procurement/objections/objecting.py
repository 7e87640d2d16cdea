"""Actions on objections to an award or a single source, and on complaints to finance after them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.contracts import signing
from contracts.contracts.models import Contract
from contracts.contracts.states import NOT_SIGNED, ContractStatus
from foundation import moments
from foundation.deadlines import calendar
from foundation.deadlines.models import Clock
from foundation.inbox import notices
from foundation.journal import timeline
from foundation.refusals import NotNow, NotYours, Refused
from foundation.roles import SYSTEM, Actor, Role
from foundation.rules import reading
from foundation.wording import filled, on_record
from organizations.providers.models import Provider
from procurement.awards import awarding
from procurement.objections.models import Against, Objection
from procurement.objections.states import OBJECTION
from procurement.phases import OPEN_TO_OBJECTION
from procurement.purchases import planning
from procurement.purchases.models import Project
from procurement.purchases.states import PROJECT, FailGround, ProjectStatus

ANSWER = "政府采购法第五十三条"


@OBJECTION.start("raise")
def raise_objection(*, by: Actor, project: Project, grounds: str) -> Objection:
    """Object to an award as a bidder, or to a single source as any provider while it is published.

    Raises ``NotNow`` outside that time, ``NotYours`` for a provider that did not bid.
    """
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    provider = Provider.objects.get(organization_id=by.organization)
    published = project.out_for_bids and bool(project.justification)
    if not published:
        if not project.open_to_objection or _over(project):
            raise NotNow(_("现在不在质疑期内。"), rule="政府采购法第五十二条")
        if not _bid_by(project, provider):
            raise NotYours(_("只有参加这次投标的机构可以质疑。"), rule="政府采购法第五十二条")
    return Objection.objects.create(
        project=project,
        provider=provider,
        against=Against.METHOD if published else Against.AWARD,
        grounds=grounds,
    )


def _over(project: Project) -> bool:
    """Whether the time for objections is over."""
    clock = Clock.objects.filter(
        lifecycle=PROJECT.label,
        object_id=project.pk,
        state__in=ProjectStatus.in_phase(OPEN_TO_OBJECTION),
        stopped_at=None,
    ).last()
    return clock is not None and clock.due_at <= moments.now()


def _bid_by(project: Project, provider: Provider) -> bool:
    """Whether the provider has bid."""
    return project.bids.handed_in().filter(provider=provider).exists()


@OBJECTION.transition("dismiss")
def dismiss(objection: Objection, *, by: Actor, reason: str) -> None:
    """Dismiss the objection: the award stands. Raises ``NotNow`` while a proposal to uphold it waits."""
    if objection.upholding:
        raise NotNow(_("有人提出质疑成立，请先复核。"), rule=ANSWER)
    objection.answer_text = reason


@OBJECTION.transition("propose_upholding")
def propose_upholding(objection: Objection, *, by: Actor, reason: str) -> None:
    """Propose to uphold the objection; a second person of the buyer decides.

    Raises ``NotNow`` while another proposal waits.
    """
    if objection.upholding:
        raise NotNow(_("有人提出质疑成立，请先复核。"), rule=ANSWER)
    objection.upholding = reason[:2000]


@OBJECTION.transition("refuse_upholding")
def refuse_upholding(objection: Objection, *, by: Actor, reason: str) -> None:
    """Refuse the proposal as a second person: the objection needs another answer."""
    _require_proposal(objection)
    objection.upholding = ""


@OBJECTION.transition("uphold")
def uphold(objection: Objection, *, by: Actor) -> None:
    """Uphold the objection as a second person: the award is withdrawn, or the purchase fails.

    Raises ``NotNow`` without a proposal.
    """
    _require_proposal(objection)
    objection.answer_text = objection.upholding


@uphold.then
def _undo_after_upholding(objection: Objection, *, by: Actor) -> None:
    """Undo what the objection was against."""
    _undo(objection, objection.answer_text)


def _require_proposal(objection: Objection) -> None:
    """Raise ``NotNow`` without a proposal."""
    if not objection.upholding:
        raise NotNow(_("还没有人提出质疑成立。"), rule=ANSWER)


@OBJECTION.transition("complain")
def complain(objection: Objection, *, by: Actor, reason: str) -> None:
    """Complain to finance about the answer; raises ``NotNow`` after the working days of the rule.

    The rule is ``procurement.complaint_window``.
    """
    for refused in too_late_to_complain([objection]).values():
        raise refused
    objection.grounds = f"{objection.grounds}\n\n{reason}"[:2000]


@complain.foreseen
def too_late_to_complain(objections: Sequence[Objection]) -> dict[int, Refused]:
    """Why nobody complains about an answer any more: the working days for it are over."""
    days = int(reading.current("procurement.complaint_window").value["working_days"])
    words = filled(gettext_lazy("投诉应在答复后 %(days)s 个工作日内提出。"), days=days)
    answered = timeline.in_their_phases_since(objections)
    return {
        pk: NotNow(words, rule="政府采购法第五十五条")
        for pk, at in answered.items()
        if calendar.due(at, calendar.WorkingDays(days)).at <= moments.now()
    }


@OBJECTION.transition("reject")
def reject(objection: Objection, *, by: Actor, reason: str) -> None:
    """Reject the complaint as finance."""
    objection.answer_text = f"{objection.answer_text}\n\n{reason}"[:2000]


@OBJECTION.transition("grant")
def grant(objection: Objection, *, by: Actor, reason: str) -> None:
    """Grant the complaint as finance: the award is withdrawn, and a contract that not both have signed.

    A contract that both have signed, and a later award, stay: the answer says so, and the buyer is notified
    (质疑投诉办法 article 32).
    """
    objection.answer_text = f"{objection.answer_text}\n\n{reason}"[:2000]
    project = Project.objects.get(pk=objection.project_id)
    if project.contracted and not _unsigned(project):
        words = filled(gettext_lazy("%(project)s：投诉成立，合同已经签署，请依法另行处理"), project=project)
        notices.send(project, Role.CIVIL_AFFAIRS, words)
        objection.done_otherwise = OBJECTION.otherwise("grant")
    elif _of_an_earlier_award(objection, project):
        objection.done_otherwise = OBJECTION.otherwise("grant")


@grant.then
def _undo_after_granting(objection: Objection, *, by: Actor, reason: str) -> None:
    """Undo what the complaint was about."""
    _undo(objection, reason)


def _unsigned(project: Project) -> Contract | None:
    """The contract of a purchase that not both have signed; ``None`` for a framework."""
    if project.is_framework:
        return None
    not_signed = ContractStatus.in_phase(NOT_SIGNED)
    waiting = Contract.objects.filter(call_off__project=project, status__in=not_signed)
    return waiting.order_by("-pk").first()


def _of_an_earlier_award(objection: Objection, project: Project) -> bool:
    """Whether the award that was objected to has been replaced by a later one."""
    awarded = project.awarded_at
    against_award = objection.against == Against.AWARD
    return against_award and awarded is not None and objection.created_at < awarded


def _undo(objection: Objection, reason: str) -> None:
    """Withdraw the award (and its unsigned contract), or let a purchase with an unlawful method fail."""
    project = Project.objects.get(pk=objection.project_id)
    if _of_an_earlier_award(objection, project):
        return
    unsigned = _unsigned(project) if project.contracted else None
    if unsigned is not None:
        words = filled(gettext_lazy("投诉成立：%(reason)s"), reason=reason)
        signing.cancel(unsigned, by=SYSTEM, reason=on_record(words))
        project.refresh_from_db()
    open_now = {row.name for row in PROJECT.leaving(project.status)}
    if "withdraw_award" in open_now:
        awarding.withdraw_award(project, by=SYSTEM, reason=reason)
    elif objection.against == Against.METHOD and "fail" in open_now:
        words = filled(gettext_lazy("质疑成立：%(reason)s"), reason=reason)
        planning.fail(project, by=SYSTEM, reason=on_record(words), ground=FailGround.UNLAWFUL)
