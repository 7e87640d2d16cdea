"""Pages of the supplier's dashboard: notices, drafts, folder, calendar, decided bids."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms.actions import ActionForm
from foundation.permissions import ANYONE, access
from foundation.roles import Actor, Role
from foundation.ui.chips import chip_of
from foundation.ui.files import file_answer
from foundation.ui.tables import Column, or_dash, table, under
from foundation.ui.views import FormPage, Page, find_visible
from foundation.wording import money
from organizations.people.models import Membership
from organizations.providers.models import Provider
from procurement.bids.models import Bid
from procurement.supplier import dashboard, supporting_documents
from procurement.supplier.forms import AddPaper
from procurement.supplier.models import SupportingDocument
from procurement.supplier.papers import SupportingDocumentKind

PROVIDERS = (Role.COORDINATOR,)


def provider_of(actor: Actor) -> Provider:
    """The provider of the actor's organization; raises ``Http404`` where there is none."""
    provider = Provider.objects.filter(organization_id=actor.organization).first()
    if provider is None:
        raise Http404
    return provider


def _result(decided: dashboard.Decided) -> SafeString:
    """How the bid came out, and why."""
    return format_html("<span>{}{}</span>", chip_of(Bid, decided.bid.status), under(decided.bid.why))


def _winner(decided: dashboard.Decided) -> str:
    """The winning bid of the purchase in words."""
    best = decided.best
    if best is None:
        return "—"
    price = f"{money(best.price)} " + _("元")
    score = f"{best.score} " + _("分")
    return f"{best.provider} · {price} · {score}"


#: The columns of decided bids.
DECIDED = (
    Column(gettext_lazy("采购项目"), "bid.project.title"),
    Column(gettext_lazy("我的报价（元）"), lambda row: or_dash(money(row.bid.price)), "money"),
    Column(gettext_lazy("总分"), lambda row: or_dash(row.bid.score), "money"),
    Column(gettext_lazy("结果和原因"), _result),
    Column(gettext_lazy("成交机构"), _winner),
)


class Desk(Page):
    """The dashboard: everything about bidding on one page."""

    access = access(GET=PROVIDERS)
    template = "procurement/supplier/desk.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        provider = provider_of(self.actor)
        held = Membership.objects.filter(
            user_id=self.actor.person, role=self.actor.role, organization_id=self.actor.organization
        ).select_related("user")
        token = dashboard.token_for(held[0])
        papers = SupportingDocument.objects.visible_to(self.actor)
        there = {paper.kind for paper in papers}
        history = dashboard.history(provider)
        return self.render(
            {
                "notices": dashboard.notices(self.actor, provider),
                "dues": dashboard.calendar(self.actor, provider)[:12],
                "history": history
                and table(DECIDED, history, address=lambda row: row.bid.get_absolute_url()),
                "papers": papers,
                "absent": [kind for kind in SupportingDocumentKind if kind.value not in there],
                "feed": settings.PUBLIC_ADDRESS + reverse("desk-calendar", args=[token]),
            }
        )


class DeskCalendar(Page):
    """The calendar as an iCalendar feed, for whoever has the secret address."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        actor = dashboard.actor_of(token)
        if actor is None:
            raise Http404
        dues = dashboard.calendar(actor, provider_of(actor))
        answer = HttpResponse(
            dashboard.feed(dues, settings.PUBLIC_ADDRESS), content_type="text/calendar; charset=utf-8"
        )
        answer["Content-Disposition"] = 'inline; filename="liandong.ics"'
        return answer


class AddToFolder(FormPage):
    """Adds a document to the folder."""

    access = access(GET=PROVIDERS, POST=PROVIDERS)

    def form_class(self) -> type[ActionForm]:
        return AddPaper

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": _("上传材料"),
            "button": _("上传"),
            "row": None,
            "open_now": True,
            "back": reverse("desk"),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        paper = supporting_documents.add(by=self.actor, **form.given())
        messages.success(self.request, _("已放进材料夹：%(paper)s。") % {"paper": paper})
        return redirect("desk")


class ShowPaper(Page):
    """A document of the provider's own folder."""

    access = access(GET=PROVIDERS)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        paper = find_visible(SupportingDocument, self.actor, pk=pk)
        return file_answer(paper.plain(), paper.file_kind)
