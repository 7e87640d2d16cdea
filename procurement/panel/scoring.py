"""Actions of the panel: drawn by lot among experts without conflicts of interest, each scores alone.

Then the report ranks the bids; without a panel the record of the negotiation does.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.invoices.sampling import drawn_by
from foundation import moments
from foundation.journal.models import Entry
from foundation.lifecycle.phases import SERVING
from foundation.lifecycle.table import Step
from foundation.refusals import Invalid, NotNow, Refused
from foundation.remembering import Remembered
from foundation.roles import SYSTEM, Actor, Role
from organizations.bodies.models import Organization
from organizations.people import conflicts
from organizations.people.models import Membership, User
from organizations.providers.models import Nature
from procurement.bids.models import Bid
from procurement.bids.states import BidStatus
from procurement.panel import experts, formulas, lacking
from procurement.panel.models import PanelSeat
from procurement.panel.states import PANEL_SEAT, ExcuseGround, PanelSeatStatus
from procurement.phases import REFUSED
from procurement.purchases import method_requirements
from procurement.purchases.models import Project
from procurement.purchases.states import PROJECT

#: Natures of providers that come first at equal terms (民发〔2017〕153号).
SOCIAL = (Nature.SOCIAL_ORGANIZATION, Nature.SOCIAL_WORK_AGENCY, Nature.CHARITY)


@PROJECT.transition("draw_panel")
def draw_panel(project: Project, *, by: Actor) -> None:
    """Draw the panel once every bid is checked; the random seed is generated now and stored.

    Raises ``Refused`` for a method without a panel.
    """
    if not method_requirements.rule_of(project).value["panel"]:
        raise Refused(
            _("这种采购方式不设评审小组，请记录协商结果。"), rule=method_requirements.rule_of(project).basis
        )
    project.panel_seed = secrets.token_hex(8)


draw_panel.lacks(lacking.for_the_panel)


@draw_panel.then
def _seat_drawn(project: Project, *, by: Actor) -> None:
    """Give a seat to everybody drawn."""
    for number, person_id in enumerate(_drawn(project), 1):
        draw(by=by, project=project, person_id=person_id, number=number)


def _drawn(project: Project) -> list[int]:
    """The user keys of the experts drawn."""
    return _candidates(project)[: project.panel_size]


def _candidates(project: Project, seed: str = "") -> list[int]:
    """The user keys of all experts without a conflict of interest, in the order of the lots.

    Conflicts with bidders and the buyer count. The lots are drawn with ``seed``, by default the purchase's.
    """
    free = sorted(experts.without_conflict([project])[project.pk])
    return drawn_by(seed or project.panel_seed, free, len(free))


@PANEL_SEAT.start("draw")
def draw(*, by: Actor, project: Project, person_id: int, number: int, seed: str = "") -> PanelSeat:
    """Give one expert a seat; raises ``Refused`` for a conflict of interest with a bidder."""
    if person_id not in _candidates(project):
        raise Refused(_("这位专家与投标机构有利害关系，应当回避。"), rule="政府采购法第十二条")
    agency = Membership.objects.on(moments.today()).filter(user_id=person_id, role=Role.EVALUATOR)[0]
    return PanelSeat.objects.create(
        project=project,
        person_id=person_id,
        organization_id=agency.organization_id,
        draw_number=number,
        seed=seed or project.panel_seed,
    )


@PANEL_SEAT.transition("declare_free")
def declare_free(seat: PanelSeat, *, by: Actor, confirmed: bool) -> None:
    """Declare as the expert to have no conflict of interest."""


@declare_free.lacks
def tied(seats: Sequence[PanelSeat]) -> dict[int, Refused]:
    """Why experts do not declare to be free: a conflict with a bidder or the buyer is on record by now."""
    free = _free_for(seats)
    words = gettext_lazy("登记显示您与投标机构有利害关系，请选择回避。")
    return {
        seat.pk: Refused(words, rule="政府采购法第十二条", allowed=("declare_tie",))
        for seat in seats
        if seat.person_id not in free[seat.project_id]
    }


@PANEL_SEAT.transition("declare_tie")
def declare_tie(seat: PanelSeat, *, by: Actor, reason: str, organization: Organization, kind: str) -> None:
    """Declare a conflict of interest as the expert and leave the panel; another expert is drawn."""
    conflicts.declare(seat.person_id, organization, kind, reason)


@PANEL_SEAT.transition("propose_excuse")
def propose_excuse(seat: PanelSeat, *, by: Actor, reason: str, why: str) -> None:
    """Propose to replace an expert (``reason``: a listed ground, ``why``: the facts).

    The expert goes on until a second person has decided. Raises ``NotNow`` after the evaluation and while
    another proposal waits.
    """
    _require_evaluating(seat)
    if seat.excusing:
        raise NotNow(_("已有人提出更换，等另一人复核。"), rule="政府采购法第十二条")
    seat.excusing, seat.excusing_why = reason, why


@PANEL_SEAT.transition("refuse_excuse")
def refuse_excuse(seat: PanelSeat, *, by: Actor, reason: str) -> None:
    """Refuse the proposal as a second person: the expert stays."""
    _require_proposal(seat)
    seat.excusing = seat.excusing_why = ""


@PANEL_SEAT.transition("excuse")
def excuse(seat: PanelSeat, *, by: Actor) -> None:
    """Agree as a second person: the expert's scores are void, and another is drawn by a new lot.

    Raises ``NotNow`` without a proposal, and after the evaluation.
    """
    _require_evaluating(seat)
    _require_proposal(seat)
    seat.scores = {}


@declare_tie.foreseen
@excuse.foreseen
def nobody_else(seats: Sequence[PanelSeat]) -> dict[int, Refused]:
    """Why nobody leaves a panel: there is no other expert to be drawn."""
    had: dict[int, set[int]] = defaultdict(set)
    drawn = PanelSeat.objects.filter(project__in={seat.project_id for seat in seats}).order_by()
    for project, person in drawn.values_list("project_id", "person_id"):
        had[project].add(person)
    free = {project: people - had[project] for project, people in _free_for(seats).items()}
    words = gettext_lazy("没有可以递补的评审专家。")
    return {seat.pk: Refused(words, rule="政府采购法第十二条") for seat in seats if not free[seat.project_id]}


@declare_tie.then
@excuse.then
def _draw_another(seat: PanelSeat, *, by: Actor, **given: object) -> None:
    """Draw another expert with a new random seed, so that nobody can foresee who follows."""
    project = seat.project
    had = set(project.panelseats.values_list("person_id", flat=True))
    seed = secrets.token_hex(8)
    waiting = [candidate for candidate in _candidates(project, seed) if candidate not in had]
    if not waiting:
        raise Refused(_("没有可以递补的评审专家。"), rule="政府采购法第十二条")
    draw(by=SYSTEM, project=project, person_id=waiting[0], number=len(had) + 1, seed=seed)


def _require_evaluating(seat: PanelSeat) -> None:
    """Raise ``NotNow`` unless the bids are being evaluated."""
    if not seat.project.being_judged:
        raise NotNow(_("评审已经结束。"), rule="87号令第五十八条")


def _require_proposal(seat: PanelSeat) -> None:
    """Raise ``NotNow`` without a proposal."""
    if not seat.excusing:
        raise NotNow(_("还没有人提出更换。"), rule="政府采购法第十二条")


@dataclass(frozen=True)
class Replacement:
    """An expert who left the panel, the ground, and the expert drawn instead."""

    out: PanelSeat
    ground: str
    new: PanelSeat


def replacements(project: Project, panel: Iterable[PanelSeat]) -> list[Replacement]:
    """All replacements in the order of the new lots; declared conflicts of interest count."""
    seats = {seat.pk: seat for seat in panel}
    gone = Entry.objects.filter(
        lifecycle=PANEL_SEAT.label, object_id__in=seats, move__in=("excuse", "declare_tie")
    ).order_by("pk")
    # Whoever leaves is replaced in the same transaction, by the next number.
    later = [seat for seat in seats.values() if seat.draw_number > project.panel_size]
    later.sort(key=lambda seat: seat.draw_number)
    return [
        Replacement(
            seats[entry.object_id],
            str(ExcuseGround(seats[entry.object_id].excusing or ExcuseGround.TIE).label),
            new,
        )
        for entry, new in zip(gone, later, strict=False)
    ]


# --- scoring ----------------------------------------------------------------------------


@PANEL_SEAT.transition("score")
def score(seat: PanelSeat, *, by: Actor, scores: Mapping[str, Mapping[str, dict]]) -> None:
    """Save the scores so far: ``{bid key: {criterion key: {"points", "note"}}}``.

    Raises ``Invalid`` for more points than a criterion has.
    """
    _store(seat, scores)


@PANEL_SEAT.transition("submit")
def submit(seat: PanelSeat, *, by: Actor, scores: Mapping[str, Mapping[str, dict]]) -> None:
    """Submit the scores; raises ``Invalid`` naming every score that is missing."""
    _store(seat, scores)
    lacking = {
        f"points_{bid.pk}_{criterion['key']}": _("请打分。")
        for bid in to_score(seat)
        for criterion in seat.project.criteria
        if (seat.scores.get(str(bid.pk), {}).get(criterion["key"]) or {}).get("points") is None
    }
    if lacking:
        raise Invalid(_("还有没打的分。"), fields=lacking, rule="87号令第五十五条")


#: The experts who may judge which purchase: a page reads them once for each.
_remembered: Remembered[dict[int, set[int]]] = Remembered("free experts", dict)


def _free_for(seats: Sequence[PanelSeat]) -> dict[int, set[int]]:
    """The experts who may judge the purchases of several seats, by the primary key of the purchase."""
    return _remembered.of_each(
        sorted({seat.project_id for seat in seats}),
        lambda unasked: experts.without_conflict(list(Project.objects.filter(pk__in=unasked))),
    )


def next_steps(seats: Sequence[PanelSeat]) -> dict[tuple[int, Role], Step | None]:
    """Submitting, for those who have given all points."""
    scoring = [seat for seat in seats if seat.status in PanelSeatStatus.in_phase(SERVING)]
    qualified: dict[int, list[int]] = defaultdict(list)
    bids = Bid.objects.qualified().filter(project__in={seat.project_id for seat in scoring}).order_by()
    for project, bid in bids.values_list("project_id", "pk"):
        qualified[project].append(bid)
    projects = Project.objects.filter(pk__in={seat.project_id for seat in scoring})
    criteria = {project.pk: project.criteria for project in projects}
    row = PANEL_SEAT.get_transition("submit")
    return {
        (seat.pk, Role.EVALUATOR): Step.of(row, seat)
        for seat in scoring
        if all(
            (seat.scores.get(str(bid), {}).get(criterion["key"]) or {}).get("points") is not None
            for bid in qualified[seat.project_id]
            for criterion in criteria[seat.project_id]
        )
    }


PANEL_SEAT.steps = next_steps


def to_score(seat: PanelSeat) -> list[Bid]:
    """The qualified bids, in an order of the expert's own, so that no bid is always first."""
    bids = seat.project.bids.qualified().select_related("provider__organization")
    return sorted(bids, key=lambda bid: hashlib.sha256(f"{seat.pk}:{bid.pk}".encode()).digest())


def _store(seat: PanelSeat, scores: Mapping[str, Mapping[str, dict]]) -> None:
    """Store the scores; raises ``Invalid`` for points out of range."""
    fields = {
        f"points_{bid.pk}_{criterion['key']}": _("这一项是 0 到 %(most)s 分。")
        % {"most": criterion["points"]}
        for bid in to_score(seat)
        for criterion in seat.project.criteria
        if not 0 <= _points(scores, bid, criterion["key"]) <= criterion["points"]
    }
    if fields:
        raise Invalid(_("打分有误，没有保存。"), fields=fields, rule="87号令第五十五条")
    seat.scores = {str(key): dict(value) for key, value in scores.items()}


def _points(scores: Mapping[str, Mapping[str, dict]], bid: Bid, key: str) -> Decimal:
    """The points given to a bid for a criterion; 0 if none."""
    given = (scores.get(str(bid.pk), {}).get(key) or {}).get("points")
    return Decimal("0") if given is None else Decimal(str(given))


@PROJECT.transition("report")
def report(project: Project, *, by: Actor) -> None:
    """Make the panel's report: all qualified bids with scores and ranks (87号令 article 57)."""
    rank(project, list(project.panelseats.scored()))


report.lacks(lacking.for_the_report)


@PROJECT.transition("negotiate")
def negotiate(project: Project, *, by: Actor, reason: str) -> None:
    """Record the result of a negotiation, for methods without a panel.

    Raises ``Refused`` for a method with a panel.
    """
    if method_requirements.rule_of(project).value["panel"]:
        raise Refused(_("这种采购方式须由评审小组评审。"), rule=method_requirements.rule_of(project).basis)
    rank(project, [])


negotiate.lacks(lacking.for_the_panel)


def rank(project: Project, sheets: list[PanelSeat]) -> None:
    """Score and rank the qualified bids, and store the result in the bids.

    Bids that an objection has eliminated keep their ranks: the others come after them.
    """
    struck = project.bids.filter(status__in=BidStatus.in_phase(REFUSED)).exclude(rank=None).count()
    bids = project.bids.qualified().select_related("provider")
    standings = [
        formulas.Standing(
            bid.pk, bid.price or Decimal("0"), _quality(bid, sheets), bid.provider.nature in SOCIAL
        )
        for bid in bids
    ]
    for place in formulas.ranked(standings, project.price_points, project.panel_seed):
        Bid.objects.filter(pk=place.key).update(
            price_score=place.price_score,
            quality_score=place.quality_score,
            score=place.score,
            rank=struck + place.rank,
        )


def _quality(bid: Bid, sheets: list[PanelSeat]) -> Decimal:
    """The mean of the experts' points for a bid."""
    totals = [
        sum(
            (Decimal(str(given["points"])) for given in sheet.scores.get(str(bid.pk), {}).values()),
            Decimal("0"),
        )
        for sheet in sheets
    ]
    return formulas.mean(totals)


def expert_names(project: Project) -> list[str]:
    """The names of the experts who scored, for the award notice."""
    people = User.objects.filter(pk__in=project.panelseats.scored().values("person_id"))
    return [person.full_name for person in people]
