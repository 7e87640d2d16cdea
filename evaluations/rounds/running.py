"""The actions on rounds: plan, self-reports, scoring, moderation, provisional results, public notice,
publication.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import chain

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.appeals.models import Appeal
from evaluations.appeals.states import AppealStatus
from evaluations.assessments import reporting
from evaluations.assessments.models import Assessment, Ruling, RulingKind
from evaluations.assessments.states import ASSESSMENT, NOT_HANDED_IN
from evaluations.consequences import applying
from evaluations.indicators import formulas, tallies
from evaluations.permissions import SEES_WHOLE_ROUNDS
from evaluations.phases import MODERATED
from evaluations.rounds import results
from evaluations.rounds.models import Kind, Round
from evaluations.rounds.states import ROUND, RoundStatus
from evaluations.schemes.models import Scheme
from evaluations.sheets import agreement, lots, questions
from evaluations.sheets.models import ScoreSheet
from evaluations.sheets.states import UNFINISHED
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.lifecycle.table import Step
from foundation.parties import is_one_of
from foundation.refusals import Invalid, NotNow, Refused, Words
from foundation.roles import SYSTEM, Actor, Role
from foundation.rules import reading
from foundation.wording import filled, on_record, said_when_shown, until
from organizations.people import conflicts
from organizations.people.models import User
from organizations.providers.models import Provider

#: Rules whose versions a round records.
USED = (lots.PANEL, results.DATA)


@ROUND.start("plan")
def plan(
    *,
    by: Actor,
    title: str,
    scheme: Scheme,
    period_from: date,
    period_to: date,
    providers: list[Provider],
    chair: User | None = None,
    sample_size: int = 4,
    kind: str = Kind.YEARLY,
) -> Round:
    """Plan a round over a period for some providers; the chair leads it and scores nothing.

    Raises ``Invalid`` for a scheme that is not in use, days in the wrong order, and a chair that is no
    evaluator or tied to one of the providers.
    """
    if not scheme.in_use:
        message = _("方案还没有启用。")
        raise Invalid(message, fields={"scheme": message}, rule="S26")
    if period_to < period_from:
        message = _("结束日期不能早于开始日期。")
        raise Invalid(message, fields={"period_to": message})
    if not providers:
        message = _("请选择被评机构。")
        raise Invalid(message, fields={"providers": message})
    if chair is not None:
        _may_lead(chair, providers)
    new = Round.objects.create(
        title=title,
        scheme=scheme,
        period_from=period_from,
        period_to=period_to,
        chair=chair,
        sample_size=sample_size,
        kind=kind,
    )
    for provider in providers:
        list_provider(by=by, round_=new, provider=provider)
    return new


def _may_lead(chair: User, providers: list[Provider]) -> None:
    message = ""
    if chair.pk not in lots.pool():
        message = _("评估组长要从评估人员里选。")
    else:
        why = conflicts.people_in_conflict([provider.organization_id for provider in providers]).get(chair.pk)
        if why:
            message = _("这位评估人员应当回避：%(why)s。") % {"why": why}
    if message:
        raise Invalid(message, fields={"chair": message}, rule="S26")


@ASSESSMENT.start("list")
def list_provider(*, by: Actor, round_: Round, provider: Provider) -> Assessment:
    """Add a provider to a round."""
    return Assessment.objects.create(round=round_, provider=provider)


ask_for_reports = ROUND.act("ask_for_reports", Round)


@ask_for_reports.then
def _ask_each(round_: Round, *, by: Actor) -> None:
    """Ask every provider for its self-report (10 working days)."""
    for assessment in round_.assessments.all():
        reporting.ask(assessment, by=by.as_system())


@ROUND.transition("begin_scoring")
def begin_scoring(round_: Round, *, by: Actor) -> None:
    """Freeze the automatic figures, generate the seed, draw evaluators and cases.

    Raises ``Refused`` where a provider has too few evaluators that may judge it.
    """
    round_.seed = secrets.token_hex(8)
    round_.formulas = formulas.VERSION
    round_.rules = {key: reading.current(key).version for key in USED}


@begin_scoring.lacks
def missing_for_scoring(rounds: Sequence[Round]) -> dict[int, Refused]:
    """Why scoring does not begin: self-reports are neither in nor overdue, or the chair is missing."""
    found: dict[int, Refused] = {
        round_.pk: Refused(gettext_lazy("请先指定评估组长。"), rule="S26")
        for round_ in rounds
        if round_.chair_id is None
    }
    late: dict[int, list[int]] = defaultdict(list)
    reports = Assessment.objects.filter(round__in=rounds, status__in=NOT_HANDED_IN)
    for round_, assessment in reports.values_list("round", "pk"):
        late[round_].append(assessment)
    running = Clock.objects.filter(
        lifecycle=ASSESSMENT.label, object_id__in=chain.from_iterable(late.values()), stopped_at=None
    )
    clock_of = {clock.object_id: clock for clock in running}
    for round_, assessments in late.items():
        clocks_there = [clock_of[pk] for pk in assessments if pk in clock_of]
        if words := _reports_awaited(clocks_there, len(assessments)):
            found[round_] = NotNow(words, rule="S26")
    return found


@begin_scoring.foreseen
def too_few_evaluators(rounds: Sequence[Round]) -> dict[int, Refused]:
    """Why scoring does not begin now: a provider has too few evaluators that may judge it."""
    rows = Assessment.objects.filter(round__in=rounds).select_related("provider__organization", "round")
    there: dict[int, list[Assessment]] = defaultdict(list)
    for assessment in rows:
        there[assessment.round_id].append(assessment)
    found = {round_: lots.too_few(assessments) for round_, assessments in there.items()}
    return {round_: refused for round_, refused in found.items() if refused is not None}


def _reports_awaited(clocks: Sequence[Clock], count: int) -> Words:
    """Until when ``count`` self-reports are awaited; "" when the last day of all has passed."""
    if any(clock.paused for clock in clocks):
        return filled(gettext_lazy("还有 %(n)s 家没有提交自评，计时已暂停。"), n=count)
    due = max((clock.due_at for clock in clocks), default=None)
    if due is None or moments.now() >= due:
        return ""
    words = gettext_lazy("还有 %(n)s 家没有提交自评，自评到 %(due)s 为止。")
    return filled(words, n=count, due=said_when_shown(until, due))


@begin_scoring.then
def _freeze_and_draw(round_: Round, *, by: Actor) -> None:
    assessments = list(round_.assessments.select_related("provider__organization", "round"))
    found = tallies.evidence(
        round_.period_from, round_.period_to, [assessment.provider_id for assessment in assessments]
    )
    for assessment in assessments:
        assessment.round = round_
        freeze(assessment, by=by.as_system(), evidence=found[assessment.provider_id])
    lots.panel(round_, assessments, by.as_system())


@ASSESSMENT.transition("freeze")
def freeze(assessment: Assessment, *, by: Actor, evidence: dict) -> None:
    """Store the counts of the period, and the cases that were drawn."""
    assessment.evidence = evidence
    lots.cases(assessment)


@ROUND.transition("begin_moderation")
def begin_moderation(round_: Round, *, by: Actor) -> None:
    """End scoring once all sheets are in; the agreement of the evaluators is computed for the chair."""
    round_.agreement = agreement.of_round(round_)
    questions.put(round_)


@begin_moderation.lacks
def missing_for_moderation(rounds: Sequence[Round]) -> dict[int, Refused]:
    """Sheets of evaluators."""
    missing = ScoreSheet.objects.filter(assessment__round__in=rounds, status__in=UNFINISHED).order_by()
    return {
        round_: NotNow(filled(gettext_lazy("还有 %(count)s 份评分表没有提交。"), count=count), rule="S26")
        for round_, count in missing.values_list("assessment__round").annotate(count=Count("pk"))
    }


@ROUND.transition("moderate")
def moderate(round_: Round, *, by: Actor, mark: str, level: int, why: str) -> None:
    """Decide the level of a mark (``assessment:mark``) on which evaluators differ.

    Raises ``Invalid`` for a mark without a difference, and for a level outside those given: the chair decides
    between the evaluators and does not score.
    """
    found = questions.difference(round_, mark)
    if found is None:
        message = _("评估人员在这一项上没有分歧。")
        raise Invalid(message, fields={"mark": message}, rule="S26")
    low, high = min(found.levels.values()), max(found.levels.values())
    if not low <= level <= high:
        message = _("复议的等级应在 %(low)s 到 %(high)s 之间。") % {"low": low, "high": high}
        raise Invalid(message, fields={"level": message}, rule="S26")
    rule(found.assessment, RulingKind.MODERATION, found.key, Decimal(level), why, by)


@ROUND.transition("rule_veto")
def rule_veto(round_: Round, *, by: Actor, assessment: Assessment, veto: str, upheld: bool, why: str) -> None:
    """Decide whether a veto applies; every suspicion of an evaluator has to be decided.

    Raises ``Invalid`` for a veto that the scheme does not have, and for a provider outside the round.
    """
    if veto not in {item["key"] for item in round_.scheme.vetoes}:
        message = _("方案里没有这个一票否决项。")
        raise Invalid(message, fields={"veto": message}, rule="S26")
    if assessment.round_id != round_.pk:
        message = _("这家机构不在本轮。")
        raise Invalid(message, fields={"assessment": message})
    rule(assessment, RulingKind.VETO, veto, Decimal(int(upheld)), why, by)


def rule(assessment: Assessment, kind: str, key: str, value: Decimal, why: str, by: Actor) -> Ruling:
    """Record a ruling with its reason; the question that it answers is no longer open."""
    questions.answer(assessment, kind, key)
    return Ruling.objects.create(
        assessment=assessment, kind=kind, key=key, value=value, why=why, by_name=by.name or on_record(by.said)
    )


@ROUND.transition("tally")
def tally(round_: Round, *, by: Actor) -> None:
    """Compute the results and notify every provider; the time for appeals is 5 working days.

    A provider with too little data gets no grade.
    """


@tally.lacks
def missing_for_results(rounds: Sequence[Round]) -> dict[int, Refused]:
    """Decisions of the chair."""
    words = gettext_lazy("还有 %(differ)s 处分歧、%(suspected)s 条一票否决线索没有认定。")
    return {
        pk: NotNow(
            filled(words, differ=left[RulingKind.MODERATION], suspected=left[RulingKind.VETO]), rule="S26"
        )
        for pk, left in questions.counted(rounds).items()
    }


@tally.then
def _notify_each(round_: Round, *, by: Actor) -> None:
    results.keep(round_)
    for assessment in round_.assessments.select_related("provider__organization"):
        tell(assessment, by=by.as_system())


# The provisional result, with its evidence.
tell = ASSESSMENT.act("tell", Assessment)


# Appeals that were filed in time still have to be decided.
end_appeals = ROUND.act("end_appeals", Round)


@ROUND.transition("give_notice")
def give_notice(round_: Round, *, by: Actor) -> None:
    """Put the results on public notice for 7 days."""


@give_notice.lacks
def missing_for_notice(rounds: Sequence[Round]) -> dict[int, Refused]:
    """Answers to appeals."""
    appeals = Appeal.objects.filter(assessment__round__in=rounds, status__in=AppealStatus.unfinished())
    counts = appeals.order_by().values_list("assessment__round").annotate(count=Count("pk"))
    words = gettext_lazy("还有 %(n)s 件申诉没有答复。")
    return {round_: NotNow(filled(words, n=count), rule="S26") for round_, count in counts}


end_notice = ROUND.act("end_notice", Round)


@ROUND.transition("publish")
def publish(round_: Round, *, by: Actor) -> None:
    """Publish, by a second person; the consequences are carried out in the same transaction."""
    round_.digest = results.digest_of(round_)


@publish.then
def _settle_each(round_: Round, *, by: Actor) -> None:
    for assessment in round_.assessments.select_related("provider__organization", "round__scheme"):
        settle(assessment, by=SYSTEM)
        applying.apply(assessment, by=by)


settle = ASSESSMENT.act("settle", Assessment)


cancel = ROUND.act("cancel", Round)


@cancel.then
def _drop_assessments(round_: Round, *, by: Actor, reason: str) -> None:
    """The round is cancelled: its assessments and sheets are dropped."""
    sheets = ScoreSheet.objects.sitting().filter(assessment__round=round_)
    for sheet in sheets:
        lots.drop(sheet, by=SYSTEM, reason=reason)
    for assessment in round_.assessments.all():
        drop(assessment, by=SYSTEM, reason=reason)


drop = ASSESSMENT.act("drop", Assessment)


def leaders() -> list[int]:
    """The users who may lead a round."""
    return sorted(lots.pool())


def shown_to(round_: Round, actor: Actor) -> QuerySet[Assessment]:
    """The assessments of a round that an actor may see, with their providers."""
    found = round_.assessments.select_related("provider__organization", "round")
    sheets = Prefetch("sheets", ScoreSheet.objects.defer("scores", "suspicions"))
    found = found.prefetch_related(sheets).defer("evidence", "report", "figures", "parts")
    if is_one_of(SEES_WHOLE_ROUNDS, actor, round_):
        return found
    return found.filter(pk__in=Assessment.objects.visible_to(actor).values("pk"))


def next_steps(found: Sequence[Round]) -> dict[tuple[int, Role], Step | None]:
    """The next step by round: during moderation the chair decides, and civil affairs waits for the chair."""
    steps: dict[tuple[int, Role], Step | None] = {}
    moderated = {round_.pk: round_ for round_ in found if round_.status in RoundStatus.in_phase(MODERATED)}
    for pk, left in questions.counted([*moderated.values()]).items():
        row = ROUND.get_transition("moderate" if left[RulingKind.MODERATION] else "rule_veto")
        steps[pk, Role.EVALUATOR] = Step.of(row, moderated[pk])
        steps[pk, Role.CIVIL_AFFAIRS] = None
    return steps


ROUND.steps = next_steps
