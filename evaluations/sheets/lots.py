"""Who scores, and which cases: drawn by lot; a published seed lets anybody repeat the draw."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.utils.translation import gettext as _

from contracts.contracts.models import Contract
from contracts.contracts.states import UNDER_WAY, ContractStatus
from contracts.invoices.sampling import drawn_by
from evaluations.assessments.models import Assessment, SampledCase
from evaluations.indicators import tallies
from evaluations.rounds.models import Round
from evaluations.rounds.states import RoundStatus
from evaluations.sheets.models import ScoreSheet
from evaluations.sheets.states import JUDGED_NOTHING, SHEET, ReplaceGround, SheetStatus, VoidGround
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.lifecycle.phases import DROPPED
from foundation.refusals import Invalid, Refused
from foundation.roles import SYSTEM, Actor, Role
from foundation.rules import reading
from organizations.bodies.models import Organization
from organizations.people import conflicts
from organizations.people.models import ConflictKind, Membership
from referrals.offers.models import Referral

#: Rule: evaluators per provider, rounds of rotation, levels of difference.
PANEL = "evaluation.panel"


def pool() -> set[int]:
    """The user ids of today's evaluators, except those whose agency has a running contract as a provider."""
    held = Membership.objects.on(moments.today()).filter(role=Role.EVALUATOR)
    serving = Contract.objects.filter(status__in=ContractStatus.in_phase(UNDER_WAY)).values(
        "provider__organization_id"
    )
    return set(held.exclude(organization__in=serving).values_list("user_id", flat=True))


def barred(assessment: Assessment, *, rotating: bool = True) -> dict[int, str]:
    """The user ids of those who may not judge a provider in a round, with the reason in words: ties, the
    chair, rotation.

    Rotation is for scoring only, not for appeals and re-checks.
    """
    found = dict(conflicts.people_in_conflict([assessment.provider.organization_id]))
    if assessment.round.chair_id:
        found.setdefault(assessment.round.chair_id, _("本轮评估组长，不参加评分"))
    rounds = int(reading.current(PANEL).value["rotation"]) if rotating else 0
    before = (
        Assessment.objects.filter(provider=assessment.provider, round_id__lt=assessment.round_id)
        .filter(round__status__in=RoundStatus.in_phase(~DROPPED))
        .order_by("-round_id")[:rounds]
    )
    earlier = ScoreSheet.objects.filter(assessment__in=[previous.pk for previous in before])
    judged = earlier.exclude(status__in=SheetStatus.with_trait(JUDGED_NOTHING))
    for person in judged.values_list("evaluator_id", flat=True):
        found.setdefault(person, _("上一轮评过这家，轮换"))
    return found


def lots(assessment: Assessment, people: Iterable[int], what: str = "panel") -> list[int]:
    """People in the order of the draw for one provider."""
    free = sorted(people)
    return drawn_by(f"{assessment.round.seed}:{what}:{assessment.provider_id}", free, len(free))


def panel(round_: Round, assessments: list[Assessment], by: Actor) -> None:
    """Draw the evaluators of every provider: those with the fewest sheets so far first, then by lot.

    Raises ``Refused`` for a provider with too few evaluators that may judge it.
    """
    wanted = int(reading.current(PANEL).value["evaluators"])
    everybody = pool()
    load = dict.fromkeys(everybody, 0)
    for assessment in assessments:
        free = lots(assessment, everybody - barred(assessment).keys())
        if len(free) < wanted:
            raise Refused(
                _(
                    "“%(name)s”只有 %(there)s 名可以评它的评估人员，需要 %(wanted)s 名（利害关系、轮换和组长除外）。"
                )
                % {"name": assessment.provider, "there": len(free), "wanted": wanted},
                rule="S26",
            )
        for person in sorted(free, key=lambda evaluator: load[evaluator])[:wanted]:
            load[person] += 1
            draw(by=by, assessment=assessment, evaluator=person)


def cases(assessment: Assessment) -> None:
    """Draw the cases of a provider among those that ended within the period; store how many there were."""
    round_ = assessment.round
    there = finished(assessment)
    drawn = drawn_by(f"{round_.seed}:cases", there, round_.sample_size)
    assessment.population = len(there)
    SampledCase.objects.bulk_create(
        SampledCase(assessment=assessment, referral_id=pk, position=n) for n, pk in enumerate(drawn, 1)
    )


def finished(assessment: Assessment) -> list[int]:
    """The keys of all cases of a provider that ended within the period, in order."""
    span = tallies.period(assessment.round.period_from, assessment.round.period_to)
    return list(
        Referral.objects.filter(
            provider=assessment.provider, finished_at__gte=span["first"], finished_at__lt=span["after"]
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )


@SHEET.start("draw")
def draw(*, by: Actor, assessment: Assessment, evaluator: int, seed: str = "") -> ScoreSheet:
    """Give an assessment to an evaluator. Raises ``Refused`` for one who may not judge it.

    ``seed`` is that of a later draw; the first panel is drawn by the round's seed.
    """
    why = barred(assessment).get(evaluator)
    if why:
        raise Refused(_("评估人员应当回避：%(why)s。") % {"why": why}, rule="S26")
    return ScoreSheet.objects.create(assessment=assessment, evaluator_id=evaluator, seed=seed)


@SHEET.transition("declare_free")
def declare_free(sheet: ScoreSheet, *, by: Actor, confirmed: bool) -> None:
    """The evaluator declares to have no tie. Raises ``Refused`` where the records say otherwise by now."""
    why = conflicts.people_in_conflict([sheet.assessment.provider.organization_id]).get(sheet.evaluator_id)
    if why:
        raise Refused(_("登记显示您应当回避（%(why)s），请选择申请回避。") % {"why": why}, rule="S26")


@SHEET.transition("declare_tie")
def declare_tie(sheet: ScoreSheet, *, by: Actor, reason: str, kind: str) -> None:
    """The evaluator declares a tie and is excused; the next of the draw takes the place."""
    organization = Organization.objects.get(pk=sheet.assessment.provider.organization_id)
    conflicts.declare(sheet.evaluator_id, organization, kind, reason)


@SHEET.transition("ask_to_replace")
def ask_to_replace(sheet: ScoreSheet, *, by: Actor, reason: str, why: str, kind: str = "") -> None:
    """Propose to replace an evaluator, on a listed ground with its proof in words; a second person decides.

    Raises ``Invalid`` for a tie without its kind, and for silence where no deadline has passed.
    """
    if reason == ReplaceGround.SILENT and not _time_is_over(sheet):
        message = _("声明和评分的时限还没有到。")
        raise Invalid(message, fields={"reason": message}, rule="S26")
    _keep_ground(sheet, reason, why, kind)


@SHEET.transition("ask_to_void")
def ask_to_void(sheet: ScoreSheet, *, by: Actor, reason: str, why: str, kind: str = "") -> None:
    """Propose to void submitted scores, on a listed ground with its proof in words; a second person decides."""
    _keep_ground(sheet, reason, why, kind)


def _keep_ground(sheet: ScoreSheet, ground: str, why: str, kind: str) -> None:
    fields = {} if why.strip() else {"why": _("请写明查实的情况。")}
    if ground == VoidGround.TIE and kind not in ConflictKind.values:
        fields["kind"] = _("请选择是什么关系。")
    if fields:
        raise Invalid(_("提出的理由不完整。"), fields=fields, rule="S26")
    sheet.ground, sheet.ground_words = ground, why.strip()
    sheet.tie = kind if ground == VoidGround.TIE else ""


def _time_is_over(sheet: ScoreSheet) -> bool:
    running = Clock.objects.filter(lifecycle=SHEET.label, object_id=sheet.pk, stopped_at=None)
    return running.filter(due_at__lte=moments.now()).exists()


@SHEET.transition("replace")
def replace(sheet: ScoreSheet, *, by: Actor) -> None:
    """The second person agrees: another evaluator is drawn; a tie that was found is recorded."""
    sheet.scores = {}
    _write_tie(sheet)


@SHEET.transition("keep")
def keep(sheet: ScoreSheet, *, by: Actor, reason: str) -> None:
    """The second person does not agree: the evaluator goes on, with what was scored."""
    _forget_ground(sheet)


@SHEET.transition("void")
def void(sheet: ScoreSheet, *, by: Actor) -> None:
    """The second person agrees: the scores do not count, and another evaluator scores (domain, section 7).

    The sheet keeps what was written, for the audit trail; a tie that was found is recorded.
    """
    _write_tie(sheet)


@declare_tie.then
@replace.then
@void.then
def _draw_another(sheet: ScoreSheet, *, by: Actor, **given: object) -> None:
    """Draw another evaluator by a seed generated now, so that nobody can know beforehand who comes next."""
    assessment = sheet.assessment
    had = set(assessment.sheets.values_list("evaluator_id", flat=True))
    free = sorted(pool() - barred(assessment).keys() - had)
    if not free:
        raise Refused(_("没有可以递补的评估人员。"), rule="S26")
    seed = secrets.token_hex(8)
    first = drawn_by(f"{seed}:panel:{assessment.provider_id}", free, 1)[0]
    draw(by=SYSTEM, assessment=assessment, evaluator=first, seed=seed)


@SHEET.transition("uphold")
def uphold(sheet: ScoreSheet, *, by: Actor, reason: str) -> None:
    """The second person does not agree: the scores count."""
    _forget_ground(sheet)


def _write_tie(sheet: ScoreSheet) -> None:
    if sheet.tie:
        organization = Organization.objects.get(pk=sheet.assessment.provider.organization_id)
        conflicts.declare(sheet.evaluator_id, organization, sheet.tie, sheet.ground_words[:300])


def _forget_ground(sheet: ScoreSheet) -> None:
    sheet.ground = sheet.ground_words = sheet.tie = ""


drop = SHEET.act("drop", ScoreSheet)
