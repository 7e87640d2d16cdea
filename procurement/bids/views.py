"""Pages about bids: sealed on a page of the notice, readable after the opening."""

from __future__ import annotations

from typing import Any

from django.forms import HiddenInput
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from foundation.forms.actions import ActionForm
from foundation.journal import timeline
from foundation.permissions import access, access_to
from foundation.roles import Role
from foundation.ui.files import file_answer
from foundation.ui.lifecycle_pages import StartPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, table
from foundation.ui.views import Page, find_visible
from foundation.wording import money
from organizations.providers.models import Provider
from procurement.bids import bidding
from procurement.bids.forms import Seal
from procurement.bids.models import Bid
from procurement.bids.states import BID
from procurement.purchases.models import Project
from procurement.supplier import supporting_documents


class SealHere(Seal):
    """The form of a bid on the page of one notice, which is not asked for again."""

    def prepare(self) -> None:
        super().prepare()
        self.fields["project"].widget = HiddenInput()


class SealBid(StartPage):
    """The bid for one notice, at an address of its own, so that each notice has its own draft."""

    lifecycle = BID
    row = BID.get_start("seal")
    access = access(GET=(Role.COORDINATOR,), POST=(Role.COORDINATOR,))
    template = "procurement/bids/seal.html"

    def form_class(self) -> type[ActionForm]:
        return SealHere

    @property
    def project(self) -> Project:
        """The notice that the bid answers; 404 if the reader may not see it."""
        return find_visible(Project, self.actor, number=self.kwargs["number"])

    def first_values(self) -> dict[str, Any]:
        return {**super().first_values(), "project": self.project.pk}

    def get_context_data(self) -> dict[str, Any]:
        provider = Provider.objects.filter(organization_id=self.actor.organization).first()
        if provider is None:
            raise Http404
        project = self.project
        refused = bidding.not_to_bid(project, provider)
        return {
            **super().get_context_data(),
            "open_now": refused is None,
            "missing": refused.message if refused else "",
            "project": project,
            "checks": supporting_documents.checklist(project, provider),
            "back": project.get_absolute_url(),
        }


#: The columns of the lines of a bid.
LINES = (
    Column(gettext_lazy("服务项目"), "item.item.local_title"),
    Column(gettext_lazy("单价（元）"), lambda line: money(line.unit_price), "money"),
    Column(gettext_lazy("单价上限（元）"), lambda line: money(line.item.limit_price), "money"),
    Column(gettext_lazy("数量"), "item.quantity", "money"),
)


class ShowBid(Page):
    """One bid; before the opening only its digest and when it was sent."""

    access = access_to(Bid)
    template = "procurement/bids/bid.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        bid = find_visible(Bid, self.actor, pk=pk)
        lines = bid.lines.select_related("item__item")
        return self.render(
            {
                "object": bid,
                "lines": lines and table(LINES, lines),
                "files": in_order(bid.files.all(), request, "files_from"),
                "transitions": bid.transitions_for(self.actor),
                "timeline": timeline.entries_of([bid], to=self.actor),
            }
        )


class ShowBidFile(Page):
    """A file of a bid."""

    access = access_to(Bid)

    def get(self, request: HttpRequest, pk: int, paper: int) -> HttpResponse:
        bid = find_visible(Bid, self.actor, pk=pk)
        found = bid.files.filter(pk=paper).first()
        if found is None:
            raise Http404
        return file_answer(found.plain(), found.kind)
