"""The actions on needs: add, transfer to a body, grant or refuse, and what follows a service."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.editions.states import BINDING, EditionStatus
from catalog.items.models import Item
from catalog.offers.models import Offer
from foundation import moments
from foundation.deadlines import clocks
from foundation.inbox import notices
from foundation.lifecycle.table import Step
from foundation.refusals import Invalid, NotNow
from foundation.remembering import Remembered
from foundation.roles import Actor, Role
from foundation.wording import filled
from households.help_received import helping
from households.help_received.models import Source
from households.register import registration
from households.register.models import Person
from organizations.bodies.models import Organization
from organizations.providers.models import in_good_standing
from organizations.responsibilities import offered
from organizations.responsibilities.models import Responsibility
from referrals.conference.models import AgendaItem, Decision
from referrals.matters.models import Matter
from referrals.needs import checks
from referrals.needs import papers as telling
from referrals.needs.models import Need
from referrals.needs.states import FIRST_HELP, NEED


@dataclass(frozen=True)
class Route:
    """Where a need should go, and why: ``way`` is transfer, refer or conference."""

    way: str
    words: str
    basis: str
    body: Organization | None = None


#: The routes that were asked while a page is made.
_known: Remembered[dict[str, Route]] = Remembered("routes", dict)


def propose(kind: str) -> Route:
    """The route of one kind of need, by responsibilities and the catalog."""
    return routes({kind})[kind]


def routes(kinds: Iterable[str]) -> dict[str, Route]:
    """The route of each kind of need, in two queries; asked once for each while a page is made."""
    return _known.of_each(set(kinds), _routes)


def _routes(kinds: Collection[str]) -> dict[str, Route]:
    """The same from the database."""
    today = moments.today()
    known: dict[str, list[Responsibility]] = {kind: [] for kind in kinds}
    for row in Responsibility.objects.on(today).filter(need_kind__in=kinds).select_related("organization"):
        known[row.need_kind].append(row)
    able = in_good_standing(through="provider__")
    promised = Exists(Offer.objects.serving().filter(able, item=OuterRef("pk")))
    items = Item.objects.filter(edition__status__in=EditionStatus.with_trait(BINDING), need_kind__in=kinds)
    served = set(items.filter(promised).order_by().values_list("need_kind", flat=True).distinct())
    return {kind: _route(known[kind], kind in served) for kind in kinds}


def _route(known: list[Responsibility], served: bool) -> Route:
    bodies = {row.organization for row in known}
    if len(bodies) == 1:
        only = known[0]
        words = _("%(body)s负责：%(duty)s") % {"body": only.organization, "duty": only.text}
        return Route("transfer", words, "S14", only.organization)
    if bodies:
        return Route("bring_to_conference", _("几个部门都有职责，请联席会议明确"), "S15")
    if served:
        return Route("refer", _("目录中有对应服务，可以转介给社会力量"), "S16")
    return Route("bring_to_conference", _("没有明确的责任部门，也没有对应服务"), "S15")


def routes_of(pks: Sequence[int]) -> dict[int, Step]:
    """The step of the window with needs that nobody handles yet: the route of each."""
    columns = ("kind", "status", "conference_asked")
    needs = [need for need in Need.objects.filter(pk__in=pks).only(*columns) if need.waits]
    ways = routes({need.kind for need in needs})
    back = sent_back(needs)
    return {
        need.pk: _to_find_out(need) if need.pk in back else _step(need, ways[need.kind]) for need in needs
    }


def _step(need: Need, route: Route) -> Step:
    """The step of a route."""
    if route.way == "refer":
        return Step("choose_provider", reverse("need-match", args=[need.pk]), _("选机构转介"))
    row = NEED.get_transition(route.way)
    return Step.of(row, need)


def sent_back(needs: Sequence[Need]) -> set[int]:
    """The keys of those of which the last conference has asked the window to find out more."""
    asked = [need.pk for need in needs if need.conference_asked]
    decided = AgendaItem.objects.filter(need__in=asked).exclude(decision="")
    last = dict(decided.order_by("pk").values_list("need", "decision"))
    return {pk for pk, decision in last.items() if decision == Decision.LATER}


def _to_find_out(need: Need) -> Step:
    """The step of the window that is to find out more, and then to bring the need to a conference again."""
    row = NEED.get_transition("bring_to_conference")
    return Step(row.name, need.transition_address(row), _("补充走访后再提交会议"))


NEED.at_reading = routes_of


@NEED.start("add")
def add(
    *,
    by: Actor,
    matter: Matter,
    kind: str,
    text: str = "",
    urgent: bool = False,
    person: Person | None = None,
    worker_sex: str = "",
    follows: Need | None = None,
) -> Need:
    """Register one need of an accepted matter; for an urgent one first help is due in 48 hours.

    Raises ``Refused`` where nobody of the household lives, ``Invalid`` for a kind that the city does not take.
    """
    offered.require(kind, "kind")
    registration.lived_in(matter.household)
    held = Matter.objects.select_for_update(no_key=True).only("town_id").get(pk=matter.pk)
    need = Need.objects.create(
        matter=matter,
        town_id=held.town_id,
        kind=kind,
        text=text,
        urgent=urgent,
        person=person,
        worker_sex=worker_sex,
        follows=follows,
    )
    if urgent:
        clocks.begin(NEED, need, FIRST_HELP)
    return need


@NEED.transition("transfer")
def transfer(need: Need, *, by: Actor, body: Organization) -> None:
    """Transfer the need to the responsible body, within 2 working days (S14)."""
    registration.lived_in(need.matter.household)
    need.body = body


refer = NEED.act("refer", Need)


take_up = NEED.act("take_up", Need)


@NEED.transition("ask_papers")
def ask_papers(need: Need, *, by: Actor, papers: str, again_because: str = "") -> None:
    """Ask for missing documents as a body: once for each matter, whoever asks (S12)."""
    matter = Matter.objects.select_for_update().get(pk=need.matter_id)
    telling.ask(matter, by=by, papers=papers, again_because=again_because, need_id=need.pk)
    matter.save(update_fields=["papers_missing"])
    words = gettext_lazy("%(number)s：%(who)s告知需要补齐材料")
    notices.send(matter, Role.WINDOW, filled(words, number=matter.number, who=by.said))


@NEED.transition("add_papers")
def add_papers(need: Need, *, by: Actor) -> None:
    """The documents that the body asked for are complete. Raises ``NotNow`` where it has asked for none."""
    need.matter = matter = Matter.objects.select_for_update().get(pk=need.matter_id)
    if not need.lacks_papers:
        raise NotNow(_("没有等待补齐的材料。"), rule="S12")
    telling.complete(matter)
    matter.save(update_fields=["papers_missing"])


@NEED.transition("grant")
def grant(
    need: Need, *, by: Actor, result: str, amount: Decimal | None = None, override_reason: str = ""
) -> None:
    """Grant help and finish the need; the amount (CNY) is entered in the ledger of help.

    Raises ``Invalid`` where the checks speak against the help and no reason is given (S22).
    """
    need.result, need.granted = result, amount or Decimal("0")
    need.finished_at = moments.now()
    if by.organization_id is None:
        raise Invalid(_("您的身份没有所属部门。"))
    found = checks.of_help(need, None, need.granted)
    checks.require(found, need, by=by, reason=override_reason)
    clocks.stop(NEED, need, FIRST_HELP)
    helping.record_help(
        need.matter.household,
        source=Source.GOVERNMENT,
        giver_id=by.organization_id,
        what=result,
        need_kind=need.kind,
        person=need.person,
        amount=need.granted,
    )


@NEED.transition("refuse")
def refuse(need: Need, *, by: Actor, reason: str) -> None:
    """Refuse in writing, with reasons (S18)."""
    need.refusal, need.finished_at = reason, moments.now()
    clocks.stop(NEED, need, FIRST_HELP)


begin_service = NEED.act("begin_service", Need)


# After the referral was declined, timed out or was withdrawn.
return_to_window = NEED.act("return_to_window", Need)


# After the service ended before the need was met.
fall_short = NEED.act("fall_short", Need)


@NEED.transition("finish_service")
def finish_service(need: Need, *, by: Actor, result: str) -> None:
    """The provider has finished its service."""
    need.result, need.finished_at = result, moments.now()


@NEED.transition("end_with_death")
def end_with_death(need: Need, *, by: Actor) -> None:
    """The person has died; nobody is asked anything."""
    clocks.stop(NEED, need, FIRST_HELP)
