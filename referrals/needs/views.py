"""Pages of needs and of missing help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clauses.quoting import linked, quoted_and_linked
from foundation.deadlines.models import Clock
from foundation.forms.actions import ActionForm
from foundation.journal import timeline
from foundation.lifecycle.acting import once
from foundation.parties import is_one_of, reads
from foundation.permissions import access, access_to
from foundation.personal_data.disclosing import Telling
from foundation.roles import IN_CHARGE, SEES_ROUTING, Role
from foundation.ui.chips import chip
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order, paginate
from foundation.ui.tables import Column, drawn, lines_of, under
from foundation.ui.views import FormPage, Page, find_visible
from foundation.wording import listed
from households.register.models import Household
from organizations.responsibilities import offered
from organizations.responsibilities.need_kinds import NeedKind
from referrals.matters.models import Matter
from referrals.needs import checks, documents, missing, routing, triage
from referrals.needs.forms import AddNeed, Dismiss
from referrals.needs.missing import Gap
from referrals.needs.models import Need
from referrals.needs.routing import Routing
from referrals.offers.models import Referral
from referrals.permissions import READS_FINDINGS

#: What the page of a need says beside it.
SHOWN_WITH = ("body", "matter__household__place", "matter__town", "matter__window")


class ShowNeed(Page):
    """One need, for the body or conference that handles it."""

    access = access_to(Need)
    template = "referrals/needs/need.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        need = find_visible(Need.objects.select_related(*SHOWN_WITH), self.actor, pk=pk)
        seen = Referral.objects.visible_to(self.actor).filter(need=need)
        page = in_order(
            seen.select_related("offer__item", "provider__organization"), request, "referrals_from"
        )
        referrals = page.rows
        running = Clock.objects.running_on(referrals)
        handles = is_one_of(READS_FINDINGS, self.actor, need)
        findings = checks.shown_to(self.actor, need) if handles else []
        return self.render(
            {
                "object": need,
                "transitions": need.transitions_for(self.actor),
                "findings": findings,
                "shows_standing_against": bool(findings)
                and need.discloses("what_stands_against", self.actor) is Telling.REASON,
                "timeline": timeline.entries_of([need, *referrals], to=self.actor),
                "referrals": [(referral, running[referral.pk]) for referral in referrals],
                "page_of_referrals": page,
                "sees_matter": Matter.objects.visible_to(self.actor).filter(pk=need.matter_id).exists(),
                "letter": documents.REFUSAL.open_to(need, self.actor),
                "ratings": need.satisfactions.all(),
                "links_meetings": self.may_open("meeting", "number"),
                "meetings": in_order(
                    need.agenda_items.select_related("meeting", "body"), request, "meetings_from"
                )
                if reads(self.actor, need, "agenda_items")
                else [],
            }
        )


class AddNeedPage(FormPage):
    """A further need of an accepted matter."""

    access = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))

    @cached_property
    def matter(self) -> Matter:
        """The matter, of the own town."""
        return find_visible(Matter, self.actor, number=self.kwargs["number"])

    def form_class(self) -> type[ActionForm]:
        return AddNeed

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "obj": self.matter}

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": _("登记需求"),
            "button": _("登记"),
            "object": self.matter,
            "back": self.matter.get_absolute_url(),
            "open_now": self.matter.accepted,
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        once(key, triage.add)(by=self.actor, matter=self.matter, **form.given())
        messages.success(self.request, _("已登记需求。"))
        return redirect(self.matter)


def _reason(gap: Gap) -> SafeString:
    """Why help seems to be missing, and the clause that demands it."""
    reason = '<span>{} <span class="text-muted text-small">{}</span></span>'
    return format_html(reason, gap.words, quoted_and_linked("S22"))


class MissingHelp(ListPage):
    """Households for which help seems to be missing, each with the reason."""

    access = access(GET=IN_CHARGE)
    template = "referrals/needs/missing.html"

    @property
    def columns(self) -> Sequence[Column]:
        """The window also gets buttons to act on each gap."""
        may_dismiss = self.may_open("missing-help-dismiss", "number", "kind")
        return (
            Column(gettext_lazy("家庭"), "household"),
            Column(gettext_lazy("可能需要"), "label"),
            Column(gettext_lazy("为什么"), _reason),
            Column(
                gettext_lazy("操作"),
                drawn("referrals/needs/missing_actions.html", "gap") if may_dismiss else lambda gap: "",
                on_phone="",
            ),
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = paginate(missing.found(self.actor), request)
        waiting = in_order(missing.waiting(self.actor).order_by("created_at"), request, "waiting_from")
        return self.render(
            {
                "page": found,
                "table": self.table(missing.in_words(found)),
                "waiting": waiting,
                "waiting_table": self.table(missing.waiting_in_words(waiting)),
                "looked_at": missing.looked_at(),
            }
        )

    def address_of(self, row: Gap) -> str:
        """The page of the household."""
        return row.household.get_absolute_url()

    def mark(self, row: Gap) -> SafeString:
        """The place and category of the household, under its number."""
        return under(f"{row.household.place} · {row.household.get_category_display()}")


def _in_charge(opens: bool) -> Callable[[Routing], SafeString]:
    """The bodies in charge of a kind, each with the basis; linked where the reader may open responsibilities."""

    def cell(row: Routing) -> SafeString:
        lines = [
            format_html(
                "{} {}",
                format_html('<a href="{}">{}</a>', one.get_absolute_url(), one.organization)
                if opens
                else one.organization,
                format_html('<span class="text-muted text-small">{}</span>', linked(one.basis)),
            )
            for one in row.responsibilities
        ]
        return lines_of(lines) if lines else SafeString("—")

    return cell


def _answered_by(row: Routing) -> SafeString:
    """The services that answer a kind, each with its page, and whether nobody offers it yet."""
    unserved = format_html(' <span class="text-muted text-small">{}</span>', _("（还没有机构承接）"))
    lines = (
        (one.item.get_absolute_url(), one.item.code, one.item.local_name, "" if one.served else unserved)
        for one in row.services
    )
    found = [format_html('<a href="{}">{} {}</a>{}', *line) for line in lines]
    return lines_of(found) if found else SafeString("—")


class ShowRouting(ListPage):
    """Where each kind of need goes that the city takes, and for which nobody is in charge."""

    access = access(GET=SEES_ROUTING)
    template = "referrals/needs/routing.html"
    linked = False

    @property
    def columns(self) -> Sequence[Column]:
        """The kind, who is in charge, what the catalog has, and where it goes."""
        return (
            Column(gettext_lazy("需求类别"), "name"),
            Column(gettext_lazy("责任部门和依据"), _in_charge(self.may_open("duty", 0))),
            Column(gettext_lazy("目录中的服务"), _answered_by),
            Column(gettext_lazy("去向"), "where_to"),
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = routing.routings()
        nobody = [row for row in found if row.nobody]
        return self.show_all(found, nobody=nobody, names=listed(row.name for row in nobody))

    def mark(self, row: Routing) -> SafeString | str:
        """That nobody is in charge."""
        return format_html("<div>{}</div>", chip(_("没有人负责"), "late")) if row.nobody else ""


class DismissGap(FormPage):
    """Say why a household does not need the help that seems to be missing."""

    access = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))

    @cached_property
    def household(self) -> Household:
        """The household, of the own town."""
        return find_visible(Household, self.actor, number=self.kwargs["number"])

    def form_class(self) -> type[ActionForm]:
        if self.kwargs["kind"] not in NeedKind.values:
            raise Http404
        return Dismiss

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": _("不需要：%(kind)s") % {"kind": offered.called(self.kwargs["kind"])},
            "button": _("记下"),
            "object": self.household,
            "back": reverse("missing-help"),
            "open_now": True,
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        missing.dismiss(self.household, by=self.actor, kind=self.kwargs["kind"], **form.given())
        messages.success(self.request, _("已记下，不再提示这一项。"))
        return redirect("missing-help")
