"""The actions of re-matching: when a provider leaves, everything that it has open gets another provider at
once, or is escalated.

The assignment is previewed, approved by a second person, and carried out in one transaction; if anything has
changed meanwhile the whole of it fails. A preview is tried out and rolled back before it is shown, so that it
offers nothing that could not be carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.offers.models import Offer
from contracts.contracts.models import Contract, ContractLine
from foundation import moments
from foundation.inbox import notices
from foundation.lifecycle.phases import ASKED, SERVING
from foundation.refusals import NotNow, Refused, Words
from foundation.roles import Actor, Role
from foundation.rules import reading
from foundation.wording import filled, on_record
from organizations.providers.models import Provider
from referrals.matching.candidates import Candidate
from referrals.offers import offering, preparing
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus
from referrals.rematching import assigning
from referrals.rematching.market import Market
from referrals.rematching.models import Rematch
from referrals.rematching.states import REMATCH, RematchStatus
from referrals.service import delivery


class Way(models.TextChoices):
    """What a plan does with a referral: move it to another provider, escalate it to the window, take it out
    of an open request for offers that goes on without it, end it where all of it is served, or leave what
    cannot be moved now.
    """

    MOVE = "move"
    ESCALATE = "escalate"
    CALL = "call"
    DONE = "done"
    LEFT = "left"


@dataclass(frozen=True)
class Demand:
    """A referral's remaining units, and the candidates that could take it over."""

    referral: Referral
    units: int
    weekly: int
    candidates: tuple[Candidate, ...]


@REMATCH.start("preview")
def preview(*, by: Actor, provider: Provider) -> Rematch:
    """Compute the best overall assignment of what the provider has open; nothing is changed.

    Raises ``NotNow`` where nothing is open, or a preview already waits.
    """
    if provider.rematches.filter(status__in=RematchStatus.unfinished()).exists():
        raise NotNow(_("已有一份预览在等批准。"), rule="S26")
    demands = _demands(provider)
    if not demands:
        raise NotNow(_("这家机构没有需要移交的转介。"), rule="S26")
    found, offers = _assign(demands)
    weights = reading.current("matching.weights")
    plan = [
        _row(demand, offers[column] if column >= 0 else None)
        for demand, column in zip(demands, found.offer_of, strict=True)
    ]
    return Rematch.objects.create(
        provider=provider,
        plan=_tried(provider, plan, by.as_system()),
        total=Decimal(str(round(found.total, 2))),
        bound=Decimal(str(round(found.bound, 2))),
        rule_version=weights.version,
    )


def _row(demand: Demand, offer_id: int | None) -> dict[str, Any]:
    chosen = next((c for c in demand.candidates if c.offer_id == offer_id), None)
    referral = demand.referral
    return {
        "referral": referral.pk,
        "number": referral.number,
        "item": referral.offer.item.name,
        "town": referral.town.name,
        "urgent": referral.urgent,
        "state": referral.status,
        "units": demand.units,
        "weekly": demand.weekly,
        "way": _way(referral, chosen),
        "offer": chosen.offer_id if chosen else None,
        "line": chosen.line_id if chosen else None,
        "provider": chosen.provider if chosen else "",
        "points": chosen.total if chosen else 0,
        "why": "" if chosen else _why_none(demand),
    }


def _way(referral: Referral, chosen: Candidate | None) -> str:
    """What a plan does with a referral."""
    if _in_an_open_request(referral):
        return Way.CALL
    if _all_served(referral):
        return Way.DONE
    return Way.MOVE if chosen else Way.ESCALATE


def _in_an_open_request(referral: Referral) -> bool:
    return referral.request_for_offers is not None and referral.request_for_offers.open


def _all_served(referral: Referral) -> bool:
    return referral.used >= referral.units


def _why_none(demand: Demand) -> str:
    if _in_an_open_request(demand.referral):
        return _("征集还没有结束：撤回这家的应答，由征集中的其他机构接续")
    if _all_served(demand.referral):
        return _("约定的数量已全部完成，不再移交，由原机构反馈结果")
    if not demand.candidates:
        return _("没有别的机构在本镇街提供这个项目")
    return _("能承接的 %(n)s 家名额或合同余量都已排满") % {"n": len(demand.candidates)}


def to_move(*providers: int) -> models.QuerySet[Referral]:
    """The open referrals of providers (keys), which need another one if these leave; urgent ones first."""
    found = Referral.objects.filter(
        provider__in=providers, status__in=ReferralStatus.in_phase(ASKED, SERVING)
    )
    return found.order_by("-urgent", "pk")


def _demands(provider: Provider) -> list[Demand]:
    """Every open referral of the provider, urgent ones first, with the candidates for it."""
    open_ones = (
        to_move(provider.pk)
        .select_related(
            "need__matter__household",
            "need__town",
            "need__person",
            "offer__item",
            "town",
            "provider",
            "request_for_offers",
            "replaces",
        )
        .prefetch_related("need__matter__household__consents")
    )
    market = Market()
    demands = []
    for referral in open_ones:
        if _in_an_open_request(referral):
            demands.append(Demand(referral, referral.units, referral.weekly, ()))
        elif _all_served(referral):
            demands.append(Demand(referral, 0, referral.weekly, ()))
        else:
            left = referral.units - referral.used
            demands.append(Demand(referral, left, referral.weekly, market.candidates(referral)))
    return demands


def _assign(demands: list[Demand]) -> tuple[assigning.Assignment, list[int]]:
    """Solve the assignment; the second value is the offer's key of each column."""
    columns: dict[int, int] = {}
    lines: dict[int, int] = {}
    referral, offer, points = [], [], []
    for number, demand in enumerate(demands):
        for candidate in demand.candidates:
            column = columns.setdefault(candidate.offer_id, len(columns))
            if candidate.line_id is not None:
                lines[candidate.offer_id] = candidate.line_id
            referral.append(number)
            offer.append(column)
            points.append(max(candidate.total, 0.1))
    offers = list(columns)
    has = Offer.objects.in_bulk(offers)
    quota = ContractLine.objects.in_bulk(list(lines.values()))
    pots = [quota[lines[pk]].left if pk in lines else _stock(has[pk]) for pk in offers]
    problem = assigning.Problem(
        referral=np.array(referral, dtype=np.int64),
        offer=np.array(offer, dtype=np.int64),
        points=np.array(points, dtype=float),
        units=np.array([demand.units for demand in demands], dtype=np.int64),
        weekly=np.array([demand.weekly for demand in demands], dtype=np.int64),
        places=np.array([has[pk].free for pk in offers], dtype=np.int64),
        week=np.array([has[pk].weekly - has[pk].booked for pk in offers], dtype=np.int64),
        pot=np.array(pots, dtype=np.int64),
    )
    return assigning.solve(problem), offers


def _stock(offer: Offer) -> int:
    """What a charity's stock allows; without a limit more than anybody asks."""
    return offer.stock if offer.stock is not None else 10**9


#: The whole preview is carried out at once; the needs without room return to the window.
approve = REMATCH.act("approve", Rematch)


@approve.foreseen
def moved_since(rematches: Sequence[Rematch]) -> dict[int, Refused]:
    """Why plans are not carried out: one of their referrals has moved since the preview."""
    rows = {rematch.pk: [row for row in rematch.plan if row.get("way") != Way.LEFT] for rematch in rematches}
    keys = {row["referral"] for plan in rows.values() for row in plan}
    states = dict(Referral.objects.filter(pk__in=keys).values_list("pk", "status"))
    found: dict[int, Refused] = {}
    for pk, plan in rows.items():
        moved = next((row for row in plan if states.get(row["referral"]) != row["state"]), None)
        if moved is not None:
            words = gettext_lazy("预览后有转介已经变化，请作废后重新预览。")
            found[pk] = NotNow(words, rule="S26", allowed=("discard",))
    return found


def _tried(provider: Provider, plan: list[dict[str, Any]], by: Actor) -> list[dict[str, Any]]:
    """The plan after a trial that is rolled back: a row that is refused is escalated instead, and one that
    cannot be escalated either is left out, with the reason in words.
    """
    reason = _reason(provider)
    with transaction.atomic():
        referrals = _referrals(plan)
        tried = {
            row["referral"]: _possible(referrals[row["referral"]], row, by, reason) for row in _in_order(plan)
        }
        transaction.set_rollback(True)
    return [tried[row["referral"]] for row in plan]


def _possible(referral: Referral, row: dict[str, Any], by: Actor, reason: str) -> dict[str, Any]:
    back = {"offer": None, "line": None, "provider": "", "points": 0}
    for way in dict.fromkeys((row["way"], Way.ESCALATE, Way.LEFT)):
        changed = row if way == row["way"] else {**row, **back, "way": str(way)}
        try:
            with transaction.atomic():
                _do(Referral.objects.get(pk=referral.pk), changed, by, reason)
        except Refused as refusal:
            row = {**row, "why": on_record(refusal.message)}
            continue
        return {**changed, "why": row["why"]}
    raise AssertionError("What is left out is never refused.")


def _why(provider: Provider) -> Words:
    return filled(gettext_lazy("%(provider)s退出，按批准的方案移交"), provider=provider)


def _reason(provider: Provider) -> str:
    return on_record(_why(provider))


def _in_order(plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Requests for offers last: they ask other providers, and must not take the room that the plan has given
    away.
    """
    return sorted(plan, key=lambda row: row.get("way") == Way.CALL)


def _referrals(plan: list[dict[str, Any]]) -> dict[int, Referral]:
    joined = ("need__matter__household", "need__town", "need__person", "offer__item")
    found = Referral.objects.filter(pk__in=[row["referral"] for row in plan])
    return {referral.pk: referral for referral in found.select_related(*joined)}


def _do(referral: Referral, row: dict[str, Any], by: Actor, reason: str) -> None:
    """Carry out one row; a row of a preview older than ``Way`` is read from its offer."""
    match row.get("way") or (Way.MOVE if row["offer"] else Way.ESCALATE):
        case Way.MOVE:
            _move(referral, row, by, reason)
        case Way.ESCALATE:
            _escalate(referral, by, reason)
        case Way.DONE:
            delivery.end_early(referral, by=by, reason=reason)
        case Way.CALL:
            offering.withdraw(referral, by=by, reason=reason)


@approve.then
def _carry_out(rematch: Rematch, *, by: Actor) -> None:
    """Carry the plan out. Raises ``NotNow`` where quota, places or referrals have changed since the preview."""
    referrals = _referrals(rematch.plan)
    reason = _reason(rematch.provider)
    for row in _in_order(rematch.plan):
        referral = referrals[row["referral"]]
        if row.get("way") == Way.LEFT:
            _notify_window(referral)
            continue
        if referral.status != row["state"]:
            raise NotNow(
                _("预览后转介 %(number)s 已经变化，请作废后重新预览。") % {"number": referral.number},
                rule="S26",
            )
        try:
            _do(referral, row, by.as_system(), reason)
        except Refused as refusal:
            raise NotNow(
                _("预览后情况有变（%(number)s：%(why)s），请作废后重新预览。")
                % {"number": referral.number, "why": refusal.message},
                rule="S26",
            ) from refusal


def _move(referral: Referral, row: dict[str, Any], by: Actor, reason: str) -> None:
    """Move the referral to the new provider: a service goes on there, an unanswered offer is sent anew."""
    served = referral.served
    if not served:
        offering.withdraw(referral, by=by, reason=reason)
        referral.need.refresh_from_db()
    for asked in referral.replaced_by.filter(status__in=ReferralStatus.in_phase(ASKED)):
        offering.stand_down(asked, by=by)
    heir = Offer.objects.get(pk=row["offer"])
    line = _line_for(heir, row)
    made = preparing.take_over(
        by=by,
        referral=referral,
        ask=replace(referral.ask, units=row["units"], weekly=row["weekly"]),
        offer=heir,
        line=line,
        choice={"rank": 0, "score": row["points"], "parts": [], "reason": reason},
        replaces=referral if served else referral.replaces,
    )
    if served:
        offering.assign(made, by=by)
    else:
        offering.offer(made, by=by)
    notices.send(made, Role.COORDINATOR, notices.about(made, _why(referral.provider)))


def _line_for(offer: Offer, row: dict[str, Any]) -> ContractLine | None:
    """The contract line that the plan counted on; an older plan names none."""
    units = row["units"]
    if offer.item.funding != "purchased":
        return None
    today = moments.today()
    lines = ContractLine.objects.filter(
        Q(start_on=None) | Q(start_on__lte=today),
        Q(end_on=None) | Q(end_on__gte=today),
        contract__in=Contract.objects.serving(today).filter(provider_id=offer.provider_id),
        item__code=offer.item.code,
    )
    if row.get("line"):
        lines = lines.filter(pk=row["line"])
    found = next((line for line in lines if line.left >= units), None)
    if found is None:
        raise NotNow(_("合同余量已经不足"))
    return found


def _escalate(referral: Referral, by: Actor, reason: str) -> None:
    """Nobody has room: the need returns to the window, and civil affairs is notified."""
    if referral.served:
        delivery.end_early(referral, by=by, reason=reason)
    else:
        offering.withdraw(referral, by=by, reason=reason)
    _notify_window(referral)


def _notify_window(referral: Referral) -> None:
    words = filled(gettext_lazy("%(number)s：没有机构能接手，须立即另作安排"), number=referral.number)
    notices.send(referral.need, Role.WINDOW, words)
    notices.send(referral.need, Role.CIVIL_AFFAIRS, words)


discard = REMATCH.act("discard", Rematch)
