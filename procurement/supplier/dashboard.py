"""The supplier's dashboard: fitting notices, drafts and bids, the calendar, decided bids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from django.core import signing
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from catalog.items.models import Item
from catalog.offers.models import Offer
from contracts.contracts.models import Contract
from contracts.contracts.states import CONTRACT, ContractStatus
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.drafts.keeping import Unsent, unsent
from foundation.lifecycle.phases import ASKED, SERVING
from foundation.refusals import Refused
from foundation.roles import Actor, Role
from foundation.wording import last_day
from organizations.people.models import Membership
from organizations.providers.models import Provider
from procurement.bids import bidding
from procurement.bids.models import Bid
from procurement.phases import OPEN_TO_OBJECTION, OUT_FOR_BIDS
from procurement.purchases.models import Project
from procurement.purchases.states import PROJECT, ProjectStatus
from procurement.supplier.models import SupportingDocument
from procurement.supplier.papers import SupportingDocumentKind

#: The salt of the signed calendar tokens.
FEED = "procurement.supplier.dashboard.calendar"


def open_notices(actor: Actor) -> models.QuerySet[Project]:
    """Notices that the provider may answer now: invitations first, then fitting ones.

    A notice fits when the provider has an accepted offer for one of its items.
    """
    own = Offer.objects.taking_referrals().filter(provider__organization_id=actor.organization)
    offered = own.values("item__code")
    fitting = Item.objects.filter(purchases__project=OuterRef("pk"), code__in=offered)
    invited = Provider.objects.filter(invitations=OuterRef("pk"), organization_id=actor.organization)
    return (
        Project.objects.visible_to(actor)
        .filter(status__in=ProjectStatus.in_phase(OUT_FOR_BIDS), bids_until__gt=moments.now())
        .annotate(fits=Exists(fitting), is_invited=Exists(invited))
        .order_by("-is_invited", "-fits", "bids_until")
    )


@dataclass(frozen=True)
class Notice:
    """An open notice on the dashboard, with missing documents, draft and bid, and why the provider cannot bid."""

    project: Project
    lacking: list[str]
    draft: Unsent | None
    bid: Bid | None
    refused: Refused | None

    @property
    def draft_at(self) -> datetime | None:
        """When the draft of the bid was last saved; ``None`` without one."""
        return self.draft.saved_at if self.draft else None

    @property
    def address(self) -> str:
        """The page on which the bid is written or continued."""
        address = reverse("bid-for", args=[self.project.number])
        return f"{address}?draft={self.draft.key}" if self.draft else address


def notices(actor: Actor, provider: Provider) -> list[Notice]:
    """Up to 50 open notices, each with missing documents, draft and bid."""
    projects = list(open_notices(actor).prefetch_related("invited")[:50])
    paths = {reverse("bid-for", args=[project.number]): project.pk for project in projects}
    # Oldest first, so that the newest draft of a notice wins.
    drafts = {
        paths[draft.path]: draft
        for draft in reversed(unsent(actor.user_id or 0, seat=actor.seat))
        if draft.path in paths
    }
    bids = {
        bid.project_id: bid for bid in Bid.objects.handed_in().filter(provider=provider, project__in=projects)
    }
    there = set(SupportingDocument.objects.valid().filter(provider=provider).values_list("kind", flat=True))
    return [
        Notice(
            project,
            [str(SupportingDocumentKind(kind).label) for kind in project.papers if kind not in there],
            drafts.get(project.pk),
            bids.get(project.pk),
            bidding.may_not_bid(project, provider),
        )
        for project in projects
    ]


class Decided(NamedTuple):
    """A decided bid, and the one that won the purchase."""

    bid: Bid
    best: Bid | None


def history(provider: Provider) -> list[Decided]:
    """Up to 100 decided bids of a provider, each with the winning bid, newest first."""
    bids = list(
        Bid.objects.decided().filter(provider=provider).select_related("project").order_by("-id")[:100]
    )
    best: dict[int, Bid] = {}
    won = Bid.objects.won().filter(project__in=[bid.project_id for bid in bids])
    for winner in won.select_related("provider__organization").order_by("-rank"):
        best[winner.project_id] = winner
    return [Decided(bid, best.get(bid.project_id)) for bid in bids]


# --- the calendar -----------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """A date of the calendar; ``at`` is a moment, or a date for a whole day."""

    key: str
    at: datetime | date
    words: str
    address: str


def calendar(actor: Actor, provider: Provider) -> list[Due]:
    """The provider's dates, nearest first: deadlines, objections, contracts, documents."""
    found = [*_notices_due(actor), *_contracts_due(provider), *_papers_due(provider)]
    return sorted(found, key=lambda due: (_day(due.at), due.key))


def _day(at: datetime | date) -> date:
    """The day of a date or moment in the city."""
    return at.astimezone(moments.SHANGHAI).date() if isinstance(at, datetime) else at


def _end(due: datetime) -> datetime | date:
    """The last day of a period that ends at midnight; otherwise the moment itself."""
    whole = due.astimezone(moments.SHANGHAI).time() == time()
    return last_day(due) if whole else due


def _notices_due(actor: Actor) -> Iterator[Due]:
    """Deadlines of fitting notices, and ends of the time for objections."""
    mine = Q(is_invited=True) | Q(fits=True)
    for open_notice in open_notices(actor).filter(mine):
        words = _("投标截止：%(title)s") % {"title": open_notice.title}
        if open_notice.bids_until is not None:
            yield Due(
                f"bids-{open_notice.number}", open_notice.bids_until, words, open_notice.get_absolute_url()
            )
    took_part = Q(bids__provider__organization_id=actor.organization)
    own = Project.objects.open_to_objection().filter(took_part).distinct()
    clocks = Clock.objects.filter(
        lifecycle=PROJECT.label,
        object_id__in=own.values("pk"),
        state__in=ProjectStatus.in_phase(OPEN_TO_OBJECTION),
        stopped_at=None,
    )
    ends = {clock.object_id: clock.due_at for clock in clocks}
    for project in own:
        if project.pk in ends:
            words = _("质疑期满：%(title)s") % {"title": project.title}
            yield Due(
                f"objection-{project.number}", _end(ends[project.pk]), words, project.get_absolute_url()
            )


def _contracts_due(provider: Provider) -> Iterator[Due]:
    """Contracts to sign, and the last days of contracts."""
    contracts = Contract.objects.filter(provider=provider)
    waiting = {
        contract.pk: contract for contract in contracts.filter(status__in=ContractStatus.in_phase(ASKED))
    }
    for clock in Clock.objects.filter(lifecycle=CONTRACT.label, object_id__in=waiting, stopped_at=None):
        contract = waiting[clock.object_id]
        words = _("签署合同：%(title)s") % {"title": contract.title}
        yield Due(f"sign-{contract.number}", _end(clock.due_at), words, contract.get_absolute_url())
    for contract in contracts.filter(status__in=ContractStatus.in_phase(SERVING)):
        words = _("合同期满：%(title)s") % {"title": contract.title}
        yield Due(f"ends-{contract.number}", contract.end_on, words, contract.get_absolute_url())


def _papers_due(provider: Provider) -> Iterator[Due]:
    """The last days of documents."""
    for paper in SupportingDocument.objects.valid().filter(provider=provider).exclude(valid_until=None):
        words = _("材料到期：%(paper)s") % {"paper": paper}
        if paper.valid_until is not None:
            yield Due(f"paper-{paper.pk}", paper.valid_until, words, reverse("desk"))


def feed(dues: list[Due], origin: str) -> bytes:
    """The calendar as iCalendar (RFC 5545); ``origin`` is put before each address."""
    made = Calendar()
    made.add("prodid", "-//Liandong//supplier desk//ZH")
    made.add("version", "2.0")
    made.add("x-wr-calname", _("联动：投标和合同日程"))
    for due in dues:
        event = Event()
        event.add("uid", f"{due.key}@liandong")
        event.add("dtstamp", moments.now())
        event.add("dtstart", due.at)
        event.add("summary", due.words)
        event.add("url", origin + due.address)
        made.add_component(event)
    return made.to_ical()


def token_for(membership: Membership) -> str:
    """The token of a membership's calendar address; void after a change of password."""
    return signing.dumps([membership.pk, membership.user.get_session_auth_hash()[:16]], salt=FEED)


def actor_of(token: str) -> Actor | None:
    """The actor of a calendar token; ``None`` for a wrong or void one."""
    try:
        pk, mark = signing.loads(token, salt=FEED)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    held = Membership.objects.on(moments.today()).filter(pk=pk, role=Role.COORDINATOR)
    membership = held.select_related("user", "organization", "place").first()
    if membership is None or not membership.user.is_active:
        return None
    return membership.actor() if membership.user.get_session_auth_hash()[:16] == mark else None
