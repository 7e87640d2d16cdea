"""Pages of matters, and the look-up of a household while the form is filled in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import replace_url

from foundation.deadlines.models import Clock, Running
from foundation.journal import timeline
from foundation.lifecycle.phases import ENDED
from foundation.parties import reads
from foundation.permissions import access, access_to
from foundation.refusals import Refused
from foundation.roles import Actor, Role
from foundation.ui.chips import chip
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible, keep_typed, key_of, unsent_beside, visible
from foundation.wording import day, listed
from households.help_received import helping
from households.register.models import Household
from organizations.bodies.models import Organization, OrganizationKind
from organizations.responsibilities import offered
from referrals.handovers.models import Handover
from referrals.handovers.states import HandoverStatus
from referrals.matters import heard
from referrals.matters.documents import ACCEPTANCE_SLIP
from referrals.matters.forms import AcceptApplication
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus
from referrals.needs import checks, triage
from referrals.needs.documents import PAPERS
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.permissions import window

#: Only the columns that the list shows, since lists are read far more often than cases.
ROWS = Matter.objects.annotate(
    kinds=ArraySubquery(Need.objects.filter(matter=OuterRef("pk")).order_by("pk").values("kind"))
).values_list(
    "pk",
    "number",
    "status",
    "urgent",
    "created_at",
    "household__number",
    "household__place__name",
    "kinds",
    named=True,
)


class LookUpHousehold(Page):
    """What the city knows of an identity number, while the form is filled in (htmx).

    The number of another household starts the form anew, under a new key: what was filled in before is kept
    as an unsent form of the first household.
    """

    access = access(POST=(Role.WINDOW,))
    template = "referrals/matters/known_household.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = {name: request.POST[name] for name in request.POST}
        form = AcceptApplication(initial=typed, actor=self.actor)
        if not form.is_anothers:
            return self.render({"form": form})
        words = self._put_away(request)
        number, key = typed.get("id_number", ""), uuid.uuid4().hex
        anew = AcceptApplication(initial={"id_number": number}, actor=self.actor)
        path = reverse("matter-new-accept_application")
        unsent = unsent_beside(anew, key, self.actor, path)
        answer = self.render({"form": anew, "anew": words, "key": key, "unsent": unsent, "page_path": path})
        return replace_url(answer, path)

    def _put_away(self, request: HttpRequest) -> str:
        """Keep what was filled in for the household before; a sentence on what became of it."""
        typed = AcceptApplication.as_kept(dict(request.POST.lists()))
        path, key = reverse("matter-new-accept_application"), key_of(request)
        kept = None
        try:
            if key:
                blank = AcceptApplication(actor=self.actor)
                kept = keep_typed(blank, typed, key, self.actor, path)
        except Refused as refusal:
            return str(refusal.message)
        if kept is None:
            return _("已换成另一户，表单从头开始。")
        return _("已换成另一户，表单从头开始；前一户没交的内容已保存，可在“未交的表单”里继续。")


REPORTED = (
    Column(gettext_lazy("受理号"), "number"),
    Column(gettext_lazy("登记时间"), lambda row: day(row.created_at)),
    state_of(Matter),
)


CASES = (
    Column(gettext_lazy("受理号"), "number"),
    Column(gettext_lazy("家庭"), lambda row: f"{row.household__number} · {row.household__place__name}"),
    Column(gettext_lazy("需求"), lambda row: listed(offered.called(kind) for kind in row.kinds)),
    Column(gettext_lazy("登记时间"), lambda row: day(row.created_at)),
    state_of(Matter),
)


class Matters(ListPage):
    """The matters that the reader may see, newest first."""

    access = access_to(Matter)
    template = "referrals/matters/matters.html"
    rows = ROWS

    @property
    def columns(self) -> Sequence[Column]:
        """The columns; who may not open a household sees only that its report arrived, and the state."""
        return CASES if self.may_open("household", "number") else REPORTED

    choices = MappingProxyType({"status": MatterStatus.choices})
    beneath = "matters"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(Matter, self.actor))

    def mark(self, row: Any) -> Any:
        """Whether it is urgent."""
        return chip(_("急难"), "late", "triangle-alert") if row.urgent else ""


#: What the page of a matter says beside it.
SHOWN_WITH = ("town", "household__place")


#: The needs that are shown at once, and the newest referrals of each.
NEEDS, REFERRALS = 20, 5


class ShowMatter(Page):
    """One matter: its needs, one history, and the actions of this reader.

    Whoever reported it from outside sees only that it arrived.
    """

    access = access_to(Matter)
    template = "referrals/matters/matter.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        matters = Matter.objects.select_related(*SHOWN_WITH)
        fetched = matters.prefetch_related(*Matter.lifecycle.branches)
        matter = find_visible(fetched, self.actor, number=number)
        if not reads(self.actor, matter, "needs"):
            its_window = _reported_to(matter)
            context = {
                "object": matter,
                "window": its_window,
                "town": its_window.place,
                "answered": in_order(matter.answered, request, "answered_from")
                if reads(self.actor, matter, "told")
                else [],
            }
            return self.render(context, template="referrals/matters/reported.html")
        seen = Need.objects.visible_to(self.actor).filter(matter=matter)
        page = in_order(seen.select_related("body", "person", "follows"), request, "needs_from", most=NEEDS)
        needs = page.rows
        for need in needs:
            need.matter = matter  # its household and town are known already
        knows = _knows_the_household(matter, self.actor)
        referrals = list(
            Referral.objects.visible_to(self.actor)
            .filter(need__in=needs)
            .annotate(place=Window(RowNumber(), partition_by=F("need_id"), order_by=F("pk").desc()))
            .filter(place__lte=REFERRALS)
            .select_related("offer__item", "provider__organization")
        )
        handovers = list(Handover.objects.visible_to(self.actor).filter(matter=matter))
        unfinished = HandoverStatus.unfinished()
        is_window = window.admits(self.actor, matter)
        running = Clock.objects.running_by_object([matter, *needs, *referrals])
        rows = self._rows(needs, referrals, running, is_window)
        return self.render(
            {
                "object": matter,
                "shows_harm": matter.harm and reads(self.actor, matter, "harm"),
                "heard": heard.of(matter, self.actor),
                "head": matter.household.head,
                "knows": knows,
                "rows": rows,
                "page_of_needs": page,
                "parts_open": any(row["transitions"] for row in rows),
                "transitions": matter.transitions_for(self.actor),
                "timeline": timeline.entries_of([matter, *needs, *referrals, *handovers], to=self.actor),
                "paper_requests": in_order(matter.paper_requests.all(), request, "papers_from", most=NEEDS),
                "told_papers": PAPERS.open_to(matter, self.actor),
                "handover": next((each for each in handovers if each.status in unfinished), None),
                "shows_requests": is_window,
                "may_add_need": is_window and matter.accepted,
                "may_hand_over": is_window and not matter.over,
                "slip": ACCEPTANCE_SLIP.open_to(matter, self.actor),
                "help": helping.shown_to(self.actor, matter.household)[:10] if knows else [],
            }
        )

    def _rows(
        self, needs: list[Need], referrals: list[Referral], running: Running, is_window: bool
    ) -> list[dict[str, Any]]:
        """The needs with their actions, clocks and referrals; for the window also where each could go."""
        ways = triage.routes({need.kind for need in needs}) if is_window else {}
        open_now = Need.lifecycle.open_to(needs, self.actor)
        against = checks.of_needs([need for need in needs if need.waits]) if is_window else {}
        return [
            {
                "need": need,
                "transitions": open_now[need.pk],
                "clocks": running[Need._meta.label, need.pk],
                "referrals": [
                    (referral, running[Referral._meta.label, referral.pk])
                    for referral in referrals
                    if referral.need_id == need.pk
                ],
                "findings": against.get(need.pk, []),
                "route": ways.get(need.kind) if need.waits else None,
            }
            for need in needs
        ]


def _reported_to(matter: Matter) -> Organization:
    """The window that a report came to, wherever the matter is now: whoever reported it does not learn where
    the household belongs.
    """
    first = (
        matter.handovers.filter(status__in=HandoverStatus.in_phase(ENDED))
        .exclude(from_town=F("to_town"))
        .last()
    )
    if first is None:
        return matter.window
    return Organization.objects.filter(kind=OrganizationKind.WINDOW, place_id=first.from_town_id).latest("pk")


def _knows_the_household(matter: Matter, actor: Actor) -> bool:
    """Whether the reader may see what is known of the household today. A window that has nothing more to do
    for a household which has moved reads only what it did then.
    """
    if not matter.over:
        return True
    return Household.objects.visible_to(actor).filter(pk=matter.household_id).exists()
