"""The panel: drawn by lot among those without ties, each scoring alone; then its report."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from contracts.invoices.sampling import drawn_by
from foundation import moments
from foundation.journal.models import Entry
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import SYSTEM, Actor, Role
from organizations.bodies.models import Organization
from organizations.people import ties
from organizations.people.models import Membership, User
from organizations.providers.models import Nature
from procurement.bids.models import Bid
from procurement.bids.states import BidStatus
from procurement.panel import formulas
from procurement.panel.models import PanelSeat
from procurement.panel.states import PANEL_SEAT, ExcuseGround, PanelSeatStatus
from procurement.purchases import method_requirements
from procurement.purchases.models import Project
from procurement.purchases.states import PROJECT, ProjectStatus

#: Who is at equal terms first (民发〔2017〕153号).
SOCIAL = (Nature.SOCIAL_ORGANIZATION, Nature.SOCIAL_WORK_AGENCY, Nature.CHARITY)


#: On the panel, and not yet excused.
SITTING = (PanelSeatStatus.DRAWN, PanelSeatStatus.SEATED, PanelSeatStatus.SUBMITTED)


@PROJECT.transition("draw_panel")
def draw_panel(project: Project, *, by: Actor) -> None:
    """Draw the panel once every bid is checked; the seed is thrown now and kept.

    Raises ``Refused`` while a bid is unchecked, for fewer qualified bids than the method
    demands (then it has failed), and when the pool does not suffice.
    """
    if project.bids.filter(status=BidStatus.OPENED).exists():
        raise Refused(_("还有投标没有做资格审查。"), rule="87号令第四十四条")
    enough_qualified(project)
    if not method_requirements.rule_of(project).value["panel"]:
        raise Refused(
            _("这种采购方式不设评审小组，请记录协商结果。"), rule=method_requirements.rule_of(project).basis
        )
    project.panel_seed = secrets.token_hex(8)
    drawn = _drawn(project)
    if len(drawn) < project.panel_size:
        raise Refused(
            _("没有利害关系的评审专家只有 %(there)s 人，需要 %(needed)s 人。")
            % {"there": len(drawn), "needed": project.panel_size},
            rule="政府采购法第十二条",
        )


@draw_panel.then
def _seat_those_drawn(project: Project, *, by: Actor) -> None:
    for number, person_id in enumerate(_drawn(project), 1):
        draw(by=by, project=project, person_id=person_id, number=number)


def _drawn(project: Project) -> list[int]:
    return _candidates(project)[: project.panel_size]


def enough_qualified(project: Project) -> None:
    """Raise ``Refused`` for fewer qualified bids than the method demands."""
    least = method_requirements.rule_of(project).value["bidders"]
    there = project.bids.filter(status=BidStatus.QUALIFIED).count()
    if there < least:
        raise Refused(
            _("合格的投标只有 %(there)s 家，不足 %(least)s 家，应当流标。")
            % {"there": there, "least": least},
            rule=method_requirements.rule_of(project).basis,
        )


def _candidates(project: Project, seed: str = "") -> list[int]:
    """Everybody in the pool without a tie to a bidder or the buyer, in the order of the lots
    that ``seed`` (the purchase's) throws.
    """
    held = Membership.objects.on(moments.today()).filter(role=Role.EVALUATOR)
    pool = set(held.values_list("user_id", flat=True))
    bidders = project.bids.exclude(status=BidStatus.WITHDRAWN)
    organizations = {*bidders.values_list("provider__organization_id", flat=True)}
    tied = ties.tied_people([*organizations, project.buyer_id])
    free = sorted(pool - tied.keys())
    return drawn_by(seed or project.panel_seed, free, len(free))


@PANEL_SEAT.start("draw")
def draw(*, by: Actor, project: Project, person_id: int, number: int, seed: str = "") -> PanelSeat:
    """Seat one expert; raises ``Refused`` for one who is tied to a bidder."""
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
    """The expert declares to have no tie to any bidder.

    Raises ``Refused`` when the records say otherwise by now.
    """
    if seat.person_id not in _candidates(seat.project):
        raise Refused(_("登记显示您与投标机构有利害关系，请选择回避。"), rule="政府采购法第十二条")


@PANEL_SEAT.transition("declare_tie")
def declare_tie(seat: PanelSeat, *, by: Actor, reason: str, organization: Organization, kind: str) -> None:
    """The expert is tied to a bidder and stands back; another is drawn."""
    ties.declare(seat.person_id, organization, kind, reason)


@PANEL_SEAT.transition("propose_excuse")
def propose_excuse(seat: PanelSeat, *, by: Actor, reason: str, why: str) -> None:
    """Propose that an expert is replaced, on a listed ground (``reason``); ``why`` tells the facts.

    The expert goes on until a second person has decided.
    """
    _while_evaluating(seat)
    if seat.excusing:
        raise NotNow(_("已有人提出更换，等另一人复核。"), rule="政府采购法第十二条")
    seat.excusing, seat.excusing_why = reason, why


@PANEL_SEAT.transition("refuse_excuse")
def refuse_excuse(seat: PanelSeat, *, by: Actor, reason: str) -> None:
    """A second person does not agree: the expert stays."""
    _proposed(seat)
    seat.excusing = seat.excusing_why = ""


@PANEL_SEAT.transition("excuse")
def excuse(seat: PanelSeat, *, by: Actor) -> None:
    """A second person agrees: what was scored is void, and another is drawn by a new lot.

    Raises ``NotNow`` where nobody has proposed it, and after the evaluation.
    """
    _while_evaluating(seat)
    _proposed(seat)
    seat.scores = {}


@declare_tie.then
@excuse.then
def _draw_another(seat: PanelSeat, *, by: Actor, **given: object) -> None:
    """Another expert, by a seed that is thrown now: nobody could tell who comes when one goes."""
    project = seat.project
    had = set(project.panelseats.values_list("person_id", flat=True))
    seed = secrets.token_hex(8)
    waiting = [candidate for candidate in _candidates(project, seed) if candidate not in had]
    if not waiting:
        raise Refused(_("没有可以递补的评审专家。"), rule="政府采购法第十二条")
    draw(by=SYSTEM, project=project, person_id=waiting[0], number=len(had) + 1, seed=seed)


def _while_evaluating(seat: PanelSeat) -> None:
    if seat.project.status != ProjectStatus.EVALUATING:
        raise NotNow(_("评审已经结束。"), rule="87号令第五十八条")


def _proposed(seat: PanelSeat) -> None:
    if not seat.excusing:
        raise NotNow(_("还没有人提出更换。"), rule="政府采购法第十二条")


@dataclass(frozen=True)
class Replacement:
    """An expert who went, on which ground, and who came by which new lot."""

    out: PanelSeat
    ground: str
    new: PanelSeat


def replacements(project: Project) -> list[Replacement]:
    """Who was replaced, in the order of the new lots; a declared tie is one too."""
    seats = {seat.pk: seat for seat in project.panelseats.select_related("person")}
    gone = Entry.objects.filter(
        lifecycle=PANEL_SEAT.label, object_id__in=seats, move__in=("excuse", "declare_tie")
    ).order_by("pk")
    # Each that goes brings the next number in the same transaction.
    later = [seat for seat in seats.values() if seat.draw_number > project.panel_size]
    later.sort(key=lambda each: each.draw_number)
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
    """Keep what has been scored so far: ``{bid: {criterion: {"points", "note"}}}``.

    Raises ``Invalid`` for more points than a criterion has.
    """
    _keep(seat, scores)


@PANEL_SEAT.transition("submit")
def submit(seat: PanelSeat, *, by: Actor, scores: Mapping[str, Mapping[str, dict]]) -> None:
    """Hand the sheet in; raises ``Invalid`` naming every score that lacks."""
    _keep(seat, scores)
    lacking = {
        f"points_{bid.pk}_{each['key']}": _("请打分。")
        for bid in to_score(seat)
        for each in seat.project.criteria
        if (seat.scores.get(str(bid.pk), {}).get(each["key"]) or {}).get("points") is None
    }
    if lacking:
        raise Invalid(_("还有没打的分。"), fields=lacking, rule="87号令第五十五条")


def to_score(seat: PanelSeat) -> list[Bid]:
    """The qualified bids, in an order of the expert's own, so that none is always first."""
    bids = seat.project.bids.filter(status=BidStatus.QUALIFIED).select_related("provider__organization")
    return sorted(bids, key=lambda bid: hashlib.sha256(f"{seat.pk}:{bid.pk}".encode()).digest())


def _keep(seat: PanelSeat, scores: Mapping[str, Mapping[str, dict]]) -> None:
    fields = {
        f"points_{bid.pk}_{each['key']}": _("这一项是 0 到 %(most)s 分。") % {"most": each["points"]}
        for bid in to_score(seat)
        for each in seat.project.criteria
        if not 0 <= _points(scores, bid, each["key"]) <= each["points"]
    }
    if fields:
        raise Invalid(_("打分有误，没有保存。"), fields=fields, rule="87号令第五十五条")
    seat.scores = {str(key): dict(value) for key, value in scores.items()}


def _points(scores: Mapping[str, Mapping[str, dict]], bid: Bid, key: str) -> Decimal:
    given = (scores.get(str(bid.pk), {}).get(key) or {}).get("points")
    return Decimal("0") if given is None else Decimal(str(given))


@PROJECT.transition("report")
def report(project: Project, *, by: Actor) -> None:
    """The panel's report: every qualified bid with its scores, in order (87号令 article 57).

    Raises ``Refused`` while a sheet lacks, or for an even panel.
    """
    sitting = project.panelseats.filter(status__in=SITTING)
    done = [each for each in sitting if each.status == PanelSeatStatus.SUBMITTED]
    if len(done) < project.panel_size or len(done) != len(sitting):
        raise Refused(
            _("%(needed)s 位专家里 %(done)s 位提交了打分。")
            % {"needed": project.panel_size, "done": len(done)},
            rule="87号令第五十五条",
        )
    rank(project, done)


@PROJECT.transition("negotiate")
def negotiate(project: Project, *, by: Actor, reason: str) -> None:
    """Where there is no panel, the record of the negotiation takes its place.

    Raises ``Refused`` for a method with a panel and while a bid is unchecked.
    """
    if method_requirements.rule_of(project).value["panel"]:
        raise Refused(_("这种采购方式须由评审小组评审。"), rule=method_requirements.rule_of(project).basis)
    if project.bids.filter(status=BidStatus.OPENED).exists():
        raise Refused(_("还有投标没有做资格审查。"), rule="87号令第四十四条")
    enough_qualified(project)
    rank(project, [])


def rank(project: Project, sheets: list[PanelSeat]) -> None:
    """Score and order the qualified bids; their scores stand in the bids.

    Bids that an objection has struck out keep their places: the others come after them.
    """
    struck = project.bids.filter(status=BidStatus.REJECTED).exclude(rank=None).count()
    bids = project.bids.filter(status=BidStatus.QUALIFIED).select_related("provider")
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
    totals = [
        sum(
            (Decimal(str(each["points"])) for each in sheet.scores.get(str(bid.pk), {}).values()),
            Decimal("0"),
        )
        for sheet in sheets
    ]
    return formulas.mean(totals)


def names_of(project: Project) -> list[str]:
    """The names of those who judged, for the award notice."""
    people = User.objects.filter(
        pk__in=project.panelseats.filter(status=PanelSeatStatus.SUBMITTED).values("person_id")
    )
    return [person.full_name for person in people]
