"""Who scores, and which cases: drawn by lot; a published seed lets anybody repeat the draw."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
from foundation.lifecycle.phases import ASKED, DROPPED
from foundation.refusals import Invalid, Refused
from foundation.remembering import Remembered
from foundation.roles import SYSTEM, Actor, Role
from foundation.rules import reading
from foundation.wording import filled
from foundation.work_items import settling
from organizations.bodies.models import Organization
from organizations.people import conflicts
from organizations.people.events import conflict_declared
from organizations.people.models import ConflictKind, Membership
from referrals.offers.models import Referral

#: Rule: evaluators per provider, rounds of rotation, levels of difference.
PANEL = "evaluation.panel"


def pool() -> set[int]:
    """The user ids of today's evaluators, except those whose agency has a running contract as a provider."""
    return {person for person, serves in _evaluators().items() if not serves}


def _evaluators() -> dict[int, bool]:
    """Today's evaluators by user id, each with whether an agency of his has a running contract as a provider alone."""
    found = _remembered_evaluators.get()
    return _read_evaluators() if found is None else found


def _read_evaluators() -> dict[int, bool]:
    serving = Contract.objects.filter(
        status__in=ContractStatus.in_phase(UNDER_WAY), provider__organization=OuterRef("organization")
    )
    held = Membership.objects.on(moments.today()).filter(role=Role.EVALUATOR).order_by()
    found: dict[int, bool] = {}
    for person, serves in held.annotate(serves=Exists(serving)).values_list("user_id", "serves"):
        found[person] = serves and found.get(person, True)
    return found


#: Today's evaluators: a page reads them once.
_remembered_evaluators = Remembered("evaluators", _read_evaluators)


#: Who has a conflict of interest with which organization, among evaluators: a page reads it once for each.
_remembered_ties: Remembered[dict[int, dict[int, str]]] = Remembered("ties of evaluators", dict)


def _ties(organizations: Collection[int]) -> dict[int, dict[int, str]]:
    """The evaluators with a conflict of interest with each of the organizations, each in words."""
    return _remembered_ties.of_each(
        list(organizations), lambda unasked: conflicts.by_organization(unasked, among=_evaluators().keys())
    )


def barred(assessment: Assessment, *, rotating: bool = True) -> dict[int, str]:
    """The user ids of those who may not judge a provider in a round, with the reason in words: ties, the
    chair, rotation.

    Rotation is for scoring only, not for appeals and re-checks.
    """
    return barred_from([assessment], rotating=rotating)[assessment.pk]


def barred_from(assessments: Sequence[Assessment], *, rotating: bool = True) -> dict[int, dict[int, str]]:
    """The same for several, by primary key, with as many statements as for one."""
    known = _ties({assessment.provider.organization_id for assessment in assessments})
    turned = _rotated_out(assessments) if rotating else {}
    found: dict[int, dict[int, str]] = {}
    for assessment in assessments:
        people = found[assessment.pk] = dict(known[assessment.provider.organization_id])
        if assessment.round.chair_id:
            people.setdefault(assessment.round.chair_id, _("本轮评估组长，不参加评分"))
        for person in turned.get(assessment.pk, ()):
            people.setdefault(person, _("上一轮评过这家，轮换"))
    return found


def _rotated_out(assessments: Sequence[Assessment]) -> dict[int, list[int]]:
    """Those who judged the provider in the rounds before, as many as the rule says, by the key of the assessment."""
    rounds = int(reading.current(PANEL).value["rotation"])
    rows = Assessment.objects.filter(
        provider__in={assessment.provider_id for assessment in assessments},
        round__status__in=RoundStatus.in_phase(~DROPPED),
    ).order_by("-round_id")
    held: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for provider, round_id, pk in rows.values_list("provider_id", "round_id", "pk"):
        held[provider].append((round_id, pk))
    before = {
        assessment.pk: [pk for number, pk in held[assessment.provider_id] if number < assessment.round_id][
            :rounds
        ]
        for assessment in assessments
    }
    earlier = ScoreSheet.objects.filter(assessment__in=set(chain.from_iterable(before.values())))
    judged: dict[int, list[int]] = defaultdict(list)
    sheets = earlier.exclude(status__in=SheetStatus.with_trait(JUDGED_NOTHING)).order_by()
    for assessment_id, person in sheets.values_list("assessment_id", "evaluator_id"):
        judged[assessment_id].append(person)
    return {
        pk: [person for one in earlier_ones for person in judged[one]] for pk, earlier_ones in before.items()
    }


def lots(assessment: Assessment, people: Iterable[int], what: str = "panel") -> list[int]:
    """People in the order of the draw for one provider."""
    free = sorted(people)
    return drawn_by(f"{assessment.round.seed}:{what}:{assessment.provider_id}", free, len(free))


def panel(round_: Round, assessments: list[Assessment], by: Actor) -> None:
    """Draw the evaluators of every provider: those with the fewest sheets so far first, then by lot.

    Raises ``Refused`` for a provider with too few evaluators that may judge it.
    """
    if refused := too_few(assessments):
        raise refused
    wanted = _wanted()
    everybody = pool()
    kept = barred_from(assessments)
    load = dict.fromkeys(everybody, 0)
    for assessment in assessments:
        free = lots(assessment, everybody - kept[assessment.pk].keys())
        for person in sorted(free, key=lambda evaluator: load[evaluator])[:wanted]:
            load[person] += 1
            draw(by=by, assessment=assessment, evaluator=person)


def _wanted() -> int:
    """How many evaluators judge one provider."""
    return int(reading.current(PANEL).value["evaluators"])


def too_few(assessments: Sequence[Assessment]) -> Refused | None:
    """The refusal of a draw for the first provider with too few evaluators that may judge it; None if there is none."""
    wanted, everybody, kept = _wanted(), pool(), barred_from(assessments)
    words = gettext_lazy(
        "“%(name)s”只有 %(there)s 名可以评它的评估人员，需要 %(wanted)s 名（利害关系、轮换和组长除外）。"
    )
    for assessment in assessments:
        there = len(everybody - kept[assessment.pk].keys())
        if there < wanted:
            return Refused(filled(words, name=assessment.provider, there=there, wanted=wanted), rule="S26")
    return None


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
    """The evaluator declares to have no tie."""


@declare_free.lacks
def tied(sheets: Sequence[ScoreSheet]) -> dict[int, Refused]:
    """Why evaluators do not declare to be free: the records say that they are not."""
    rows = ScoreSheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).order_by()
    judged = list(rows.values_list("pk", "evaluator_id", "assessment__provider__organization_id"))
    known = _ties({organization for *_rest, organization in judged})
    words = gettext_lazy("登记显示您应当回避（%(why)s），请选择申请回避。")
    return {
        pk: Refused(filled(words, why=known[organization][person]), rule="S26", allowed=("declare_tie",))
        for pk, person, organization in judged
        if person in known[organization]
    }


@conflict_declared.register
def look_at_sheets_anew(organization: Organization) -> None:
    """Judge the sheets anew on which an evaluator has still to declare, and that are about the organization."""
    asked = SheetStatus.in_phase(ASKED)
    settling.touch(
        *ScoreSheet.objects.filter(status__in=asked, assessment__provider__organization=organization)
    )


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


@declare_tie.foreseen
@replace.foreseen
@void.foreseen
def nobody_else(sheets: Sequence[ScoreSheet]) -> dict[int, Refused]:
    """Why nobody leaves a panel: there is no other evaluator to be drawn."""
    free = _free_for(sheets)
    words = gettext_lazy("没有可以递补的评估人员。")
    return {sheet.pk: Refused(words, rule="S26") for sheet in sheets if not free[sheet.pk]}


def _free_for(sheets: Sequence[ScoreSheet]) -> dict[int, set[int]]:
    """The evaluators who may be drawn instead of those of the sheets, by the primary key of the sheet."""
    rows = Assessment.objects.filter(pk__in={sheet.assessment_id for sheet in sheets})
    assessments = list(rows.select_related("provider", "round"))
    had: dict[int, set[int]] = defaultdict(set)
    drawn = ScoreSheet.objects.filter(assessment__in=assessments).order_by()
    for assessment_id, person in drawn.values_list("assessment_id", "evaluator_id"):
        had[assessment_id].add(person)
    everybody, kept = pool(), barred_from(assessments)
    return {
        sheet.pk: everybody - kept[sheet.assessment_id].keys() - had[sheet.assessment_id] for sheet in sheets
    }


@declare_tie.then
@replace.then
@void.then
def _draw_another(sheet: ScoreSheet, *, by: Actor, **given: object) -> None:
    """Draw another evaluator by a seed generated now, so that nobody can know beforehand who comes next."""
    for refused in nobody_else([sheet]).values():
        raise refused
    assessment = sheet.assessment
    free = sorted(_free_for([sheet])[sheet.pk])
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
