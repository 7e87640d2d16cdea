"""Every need finds its way: to a body, to a provider, or to the joint conference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.lifecycle import EditionStatus
from catalog.models import Offer
from foundation import moments
from foundation.lifecycle.table import Step
from foundation.refusals import Invalid
from foundation.roles import Actor, Role
from households import registration
from households.models.help import Source
from organizations.models import Duty, Organization
from referrals.lifecycle import NEED, NeedStatus
from referrals.models import Matter, Need


@dataclass(frozen=True)
class Route:
    """Where a need should go, and why: ``way`` is transfer, refer or conference."""

    way: str
    words: str
    basis: str
    body: Organization | None = None


def propose(kind: str) -> Route:
    """The way that duties and the catalog give to a kind of need."""
    return routes({kind})[kind]


def routes(kinds: Iterable[str]) -> dict[str, Route]:
    """The way of each kind of need, in two queries."""
    kinds, today = set(kinds), moments.today()
    duties: dict[str, list[Duty]] = {kind: [] for kind in kinds}
    for duty in Duty.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), need_kind__in=kinds, valid_from__lte=today
    ).select_related("organization"):
        duties[duty.need_kind].append(duty)
    served = set(
        Offer.objects.serving()
        .filter(
            item__need_kind__in=kinds,
            item__edition__status__in=[EditionStatus.IN_FORCE, EditionStatus.SUPERSEDED],
        )
        .values_list("item__need_kind", flat=True)
    )
    return {kind: _route(duties[kind], kind in served) for kind in kinds}


def _route(duties: list[Duty], served: bool) -> Route:
    bodies = {duty.organization for duty in duties}
    if len(bodies) == 1:
        duty = duties[0]
        words = _("%(body)s负责:%(duty)s") % {"body": duty.organization, "duty": duty.text}
        return Route("transfer", words, "S14", duty.organization)
    if bodies:
        return Route("conference", _("几个部门都有职责,请联席会议明确"), "S15")
    if served:
        return Route("refer", _("目录中有对应服务,可以转介给社会力量"), "S16")
    return Route("conference", _("没有明确的责任部门,也没有对应服务"), "S15")


def next_steps(needs: Sequence[Need], actor: Actor) -> dict[int, Step | None]:
    """At the window, a need that has no way yet goes where its route says."""
    waiting = [each for each in needs if each.status in (NeedStatus.OPEN, NeedStatus.UNMET)]
    if actor.role != Role.WINDOW or not waiting:
        return {}
    ways = routes({each.kind for each in waiting})
    return {each.pk: _step(each, ways[each.kind]) for each in waiting}


def _step(need: Need, route: Route) -> Step:
    if route.way == "refer":
        return Step(_("选机构转介"), reverse("need-match", args=[need.pk]))
    row = NEED.row("transfer" if route.way == "transfer" else "bring_to_conference")
    return Step(row.label, need.move_address(row), row)


NEED.steps = next_steps


@NEED.start("add")
def add(*, by: Actor, matter: Matter, kind: str, text: str = "", urgent: bool = False) -> Need:
    """Register one need of an accepted matter."""
    return Need.objects.create(
        matter=matter, town_id=matter.town_id, kind=kind, text=text, urgent=urgent
    )


@NEED.move("transfer")
def transfer(need: Need, *, by: Actor, body: Organization) -> None:
    """Transfer to the responsible body within 2 working days (S14)."""
    need.body = body


@NEED.move("refer")
def refer(need: Need, *, by: Actor) -> None:
    """A referral was sent out for the need."""


@NEED.move("bring_to_conference")
def bring_to_conference(need: Need, *, by: Actor, reason: str) -> None:
    """Bring to the joint conference what no body clearly answers for (S15)."""
    need.conference_asked = True


@NEED.move("decide_transfer")
def decide_transfer(need: Need, *, by: Actor, body: Organization, reason: str) -> None:
    """The conference decides which body handles it; the minutes are the reason."""
    need.body = body


@NEED.move("decide_refer")
def decide_refer(need: Need, *, by: Actor, reason: str) -> None:
    """The conference decides that social organizations help; back to the window."""


@NEED.move("take_up")
def take_up(need: Need, *, by: Actor) -> None:
    """The body has taken the need in hand."""


@NEED.move("grant")
def grant(need: Need, *, by: Actor, result: str, amount: Decimal | None = None) -> None:
    """The body grants and finishes; amounts in CNY go into the ledger of help."""
    need.result, need.granted = result, amount or Decimal("0")
    need.finished_at = moments.now()
    if by.organization_id is None:
        raise Invalid(_("您的身份没有所属部门。"))
    registration.record_help(
        need.matter.household,
        source=Source.GOVERNMENT,
        giver_id=by.organization_id,
        what=result,
        amount=need.granted,
    )


@NEED.move("refuse")
def refuse(need: Need, *, by: Actor, reason: str) -> None:
    """Refuse in writing, with reasons (S18)."""
    need.refusal, need.finished_at = reason, moments.now()


@NEED.move("begin_service")
def begin_service(need: Need, *, by: Actor) -> None:
    """A provider has accepted the referral."""


@NEED.move("return_to_window")
def return_to_window(need: Need, *, by: Actor) -> None:
    """The referral was declined, timed out or withdrawn."""


@NEED.move("fall_short")
def fall_short(need: Need, *, by: Actor) -> None:
    """The service ended before the need was met."""


@NEED.move("finish_service")
def finish_service(need: Need, *, by: Actor, result: str) -> None:
    """The provider has finished."""
    need.result, need.finished_at = result, moments.now()
