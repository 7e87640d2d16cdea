"""The actions on exits of providers: notice, hearing, decision, hand-over of open work, settlement, ban.

An exit begins in three ways: proposed (for a score, a veto, a breach or a lost licence), asked for by the
provider itself (30 calendar days ahead), or as an immediate stop where a person was harmed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.contracts import running, signing
from contracts.contracts.models import Contract
from contracts.contracts.states import BILLABLE, IN_EFFECT, NOT_SIGNED, ContractStatus
from evaluations.assessments.models import Assessment
from evaluations.exits import suspending
from evaluations.exits.causes import Cause
from evaluations.exits.models import Exit, ExitFile, Vote
from evaluations.exits.panel import RULES, compose_panel
from evaluations.exits.states import EXIT, ExitStatus
from foundation import moments
from foundation.inbox import notices
from foundation.isolation import apart
from foundation.lifecycle.phases import SERVING, SUSPENDED
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import SYSTEM, Actor, Role
from foundation.rules import reading
from foundation.wording import day, filled, on_record
from organizations.providers import standing
from organizations.providers.models import Provider
from organizations.providers.states import Standing
from referrals.rematching import rematching

#: The rule with the years of the ban by cause.
YEARS = "exit.years"


#: Causes that only published results have: nobody can name them by hand.
RECORDED = (Cause.FAILED_TWICE, Cause.FAILED_RECHECK, Cause.VETO)


def under_way(provider: Provider) -> Exit | None:
    """The exit of a provider that is not over yet; None for none."""
    return Exit.objects.under_way().filter(provider=provider).first()


@EXIT.start("propose")
def propose(
    *, by: Actor, provider: Provider, cause: str, reasons: str, assessment: Assessment | None = None
) -> Exit:
    """Propose that a provider leaves.

    Raises ``Invalid`` where it is not admitted (any more) or an exit is under way, and for a person who names
    a cause that only published results can have.
    """
    _may_leave(provider)
    if cause in (Cause.VOLUNTARY, Cause.HARM):
        message = _("自愿退出由机构申请，伤害服务对象的请用紧急停止。")
        raise Invalid(message, fields={"cause": message})
    if cause in RECORDED and by.role != Role.SYSTEM:
        message = _("评估、复查和一票否决的结果由系统自动提出退出，不能手工填写。")
        raise Invalid(message, fields={"cause": message}, rule="S26")
    return Exit.objects.create(provider=provider, cause=cause, reasons=reasons, assessment=assessment)


@EXIT.start("ask_to_leave")
def ask_to_leave(*, by: Actor, leaves_on: date, reasons: str) -> Exit:
    """A provider asks to leave on a day, as many calendar days ahead as the rule ``exit.panel`` says (30).

    Raises ``Invalid`` for an earlier day, and where it is not admitted (any more) or an exit is under way.
    """
    provider = Provider.objects.get(organization_id=by.organization)
    _may_leave(provider)
    ahead = int(reading.current(RULES).value["ahead"])
    earliest = moments.today() + timedelta(days=ahead)
    if leaves_on < earliest:
        message = _("自愿退出要提前 %(days)s 天申请，最早 %(day)s。") % {"days": ahead, "day": day(earliest)}
        raise Invalid(message, fields={"leaves_on": message}, rule="S26")
    return Exit.objects.create(provider=provider, cause=Cause.VOLUNTARY, reasons=reasons, leaves_on=leaves_on)


@EXIT.start("stop_at_once")
def stop_at_once(*, by: Actor, provider: Provider, reasons: str, panel: Sequence[int]) -> Exit:
    """Stop a provider because a person was harmed: it and its contracts are suspended and all its open work
    is to be re-matched at once; the hearing follows.

    Raises ``Invalid`` where an exit is under way, and for a panel as ``give_notice`` does.
    """
    _may_leave(provider)
    made = Exit.objects.create(
        provider=provider,
        cause=Cause.HARM,
        reasons=reasons,
        panel=compose_panel(panel, provider, by),
        status=ExitStatus.NOTICED,
    )
    suspending.suspend_intake(made, by)
    for contract in Contract.objects.filter(provider=provider, status__in=ContractStatus.in_phase(SERVING)):
        # As the system, so that only these contracts resume if the exit is dropped.
        running.suspend(contract, by=by.as_system(), reason=reasons)
    _prepare_hand_over(made, by)
    return made


def _may_leave(provider: Provider) -> None:
    message = ""
    if provider.status not in Standing.in_phase(SERVING, SUSPENDED):
        message = _("这家机构没有准入，不用退出。")
    elif under_way(provider):
        message = _("这家机构的退出已在办理。")
    if message:
        raise Invalid(message, fields={"provider": message}, rule="S26")


@EXIT.transition("give_notice")
def give_notice(exit_: Exit, *, by: Actor, reasons: str, panel: Sequence[int]) -> None:
    """Notify the provider of facts, reasons and panel; it gets no new referrals from now on.

    Raises ``Invalid`` for a panel of an even number, of fewer than the rule says, with somebody tied to the
    provider, who proposed the exit or gives this notice, or who approved where its work goes.
    """
    exit_.reasons = reasons
    exit_.panel = compose_panel(panel, exit_.provider, by, exit_)


@give_notice.then
def _suspend_at_notice(exit_: Exit, *, by: Actor, **given: object) -> None:
    suspending.suspend_intake(exit_, by)


@EXIT.transition("accept_wish")
def accept_wish(exit_: Exit, *, by: Actor) -> None:
    """Agree to a provider's own request; the hand-over begins."""
    exit_.decided_at = moments.now()


@accept_wish.then
def _suspend_and_hand_over(exit_: Exit, *, by: Actor) -> None:
    suspending.suspend_intake(exit_, by)
    _prepare_hand_over(exit_, by)


drop = EXIT.act("drop", Exit)


@drop.then
def _resume_after_drop(exit_: Exit, *, by: Actor, reason: str) -> None:
    """The exit is not pursued; a provider that was suspended for it takes referrals again."""
    suspending.resume_intake(exit_, by, reason)


# The provider withdraws its own request.
take_back = EXIT.act("take_back", Exit)


@EXIT.transition("speak")
def speak(exit_: Exit, *, by: Actor, statement: str, files: Sequence[Any] = ()) -> None:
    """Hand in the provider's statement, with files."""
    exit_.statement = statement
    for file in files:
        ExitFile.objects.create(
            exit=exit_, name=file.name[:120], kind=file.kind, content=ExitFile.seal(file.read())
        )


waive = EXIT.act("waive", Exit)


hearing_over = EXIT.act("hearing_over", Exit)


@EXIT.transition("vote")
def vote(exit_: Exit, *, by: Actor, leaves: bool, why: str) -> None:
    """Record one panel member's vote; a majority decides at once."""
    Vote.objects.create(exit=exit_, person_id=by.person, person_name=by.name, leaves=leaves, why=why)


@vote.then
def _count(exit_: Exit, *, by: Actor, **given: object) -> None:
    needed = len(exit_.panel) // 2 + 1
    voices = list(exit_.votes.values_list("leaves", flat=True))
    if voices.count(True) >= needed:
        decide(exit_, by=SYSTEM)
    elif voices.count(False) >= needed:
        acquit(exit_, by=SYSTEM)


@EXIT.transition("decide")
def decide(exit_: Exit, *, by: Actor) -> None:
    """Decide that the provider leaves; the re-matching of its open work is worked out at once."""
    exit_.decided_at = moments.now()


@decide.then
def _hand_over(exit_: Exit, *, by: Actor) -> None:
    _prepare_hand_over(exit_, by)


@EXIT.transition("acquit")
def acquit(exit_: Exit, *, by: Actor) -> None:
    """Decide that the provider stays."""
    exit_.decided_at = moments.now()


@acquit.then
def _resume_after_acquittal(exit_: Exit, *, by: Actor) -> None:
    suspending.resume_intake(exit_, by, on_record(gettext_lazy("合议组决定不予退出")))


def _prepare_hand_over(exit_: Exit, by: Actor) -> None:
    """Preview the re-matching of everything open; a second person approves it."""
    waiting = exit_.provider.rematches.waiting().exists()
    if exit_.open_work.exists() and not waiting:
        made = rematching.preview(by=by.as_system(), provider=exit_.provider)
        words = filled(
            gettext_lazy("%(provider)s退出，%(n)s 个转介待批准移交"),
            provider=exit_.provider,
            n=len(made.plan),
        )
        notices.send(made, Role.CIVIL_AFFAIRS, words)


@EXIT.transition("finish_handover")
def finish_handover(exit_: Exit, *, by: Actor) -> None:
    """Let the provider leave once everything open has a new provider or is escalated: its contracts end, and
    those not signed by both sides are cancelled.
    """
    exit_.barred_until = barred_until(exit_)


@finish_handover.lacks
def missing_for_leaving(exits: Sequence[Exit]) -> dict[int, Refused]:
    """Why hand-overs are not finished: the day that the provider asked for is to come, or a referral has no other
    provider yet.
    """
    to_move = rematching.to_move(*(exit_.provider_id for exit_ in exits)).order_by()
    left = dict(to_move.values_list("provider").annotate(count=Count("pk")))
    found: dict[int, Refused] = {}
    for exit_ in exits:
        if exit_.leaves_later:
            words = filled(gettext_lazy("约定的退出日是 %(day)s。"), day=exit_.leaves_on)
            found[exit_.pk] = NotNow(words, rule="S26")
        elif count := left.get(exit_.provider_id):
            words = filled(gettext_lazy("还有 %(n)s 个转介没有着落，先批准移交方案。"), n=count)
            found[exit_.pk] = NotNow(words, rule="S26")
    return found


@finish_handover.then
def _leave(exit_: Exit, *, by: Actor) -> None:
    provider, until = Provider.objects.get(pk=exit_.provider_id), cast(date, exit_.barred_until)
    standing.leave(provider, by=SYSTEM, reason=exit_.get_cause_display(), until=until)
    contracts = Contract.objects.filter(provider=provider)
    for contract in contracts.filter(status__in=ContractStatus.in_phase(IN_EFFECT)):
        running.terminate(contract, by=SYSTEM, reason=str(exit_))
    for contract in contracts.filter(status__in=ContractStatus.in_phase(NOT_SIGNED)):
        signing.cancel(contract, by=SYSTEM, reason=str(exit_))


def barred_until(exit_: Exit) -> date:
    """The last day of the ban: today and as many years (of 365 days) as the rule ``exit.years`` has for the
    cause.
    """
    years = int(reading.current(YEARS).value[exit_.cause])
    return moments.today() + timedelta(days=365 * years)


# Finished once accepted work is paid and the rest released.
settle = EXIT.act("settle", Exit)


@settle.lacks
def missing_for_settling(exits: Sequence[Exit]) -> dict[int, Refused]:
    """Why exits are not settled: contracts of the provider are not."""
    billable = ContractStatus.in_phase(BILLABLE)
    of_them = Contract.objects.filter(
        provider__in=[exit_.provider_id for exit_ in exits], status__in=billable
    )
    numbers: dict[int, list[str]] = defaultdict(list)
    for provider, number in of_them.order_by("-pk").values_list("provider", "number"):
        numbers[provider].append(number)
    words = gettext_lazy("合同 %(numbers)s 还没有结清。")
    return {
        exit_.pk: NotNow(filled(words, numbers=numbers[exit_.provider_id]), rule="S26")
        for exit_ in exits
        if exit_.provider_id in numbers
    }


end_listing = EXIT.act("end_listing", Exit)


def end_what_is_over() -> int:
    """End every public listing whose ban is over; returns how many."""
    ended = 0
    for exit in Exit.objects.listed().filter(barred_until__lte=moments.today()):
        with apart("exit.end_listing", exit=exit.pk):
            end_listing(exit, by=SYSTEM)
            ended += 1
    return ended


@EXIT.transition("revoke")
def revoke(exit_: Exit, *, by: Actor, reason: str) -> None:
    """Revoke the decision; what was published stays with a correction beside it (domain, section 7).

    A provider that was suspended before the exit is suspended again.
    """
    words = gettext_lazy("%(day)s更正：申诉成立，退出决定撤销。%(why)s")
    exit_.correction = on_record(filled(words, day=moments.today(), why=reason))


#: Why a provider is restored, in the journal.
REVOKED = gettext_lazy("退出决定撤销")


@revoke.then
def _restore(exit_: Exit, *, by: Actor, **given: object) -> None:
    provider = Provider.objects.get(pk=exit_.provider_id)
    if provider.has_left:
        provider = standing.restore(provider, by=SYSTEM, reason=on_record(REVOKED))
        if suspending.stays_suspended(exit_, provider):
            words = gettext_lazy("退出之前已暂停，问题还没有解决")
            standing.suspend(provider, by=SYSTEM, reason=on_record(words))
    else:
        suspending.resume_intake(exit_, by, on_record(REVOKED))
