"""Public pages of purchases: notices, answers, awards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from foundation.documents.models import Document
from foundation.permissions import ANYONE, access
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, state_of, table, under
from foundation.ui.views import Page
from foundation.wording import moment, money
from procurement.panel import scoring
from procurement.purchases import method_requirements
from procurement.purchases.documents import AWARD_NOTICE, TENDER_NOTICE
from procurement.purchases.models import Project, ProjectItem
from procurement.purchases.views import ITEM, LIMIT_PRICE, PRICE, PROVIDER, QUANTITY, RESULT, SCORE
from procurement.supplier import papers


class Tenders(ListPage):
    """Every published notice, newest first."""

    access = access(GET=ANYONE)
    template = "portal/tenders.html"
    beneath = "public-tenders"
    columns = (
        Column(gettext_lazy("采购项目"), "title"),
        Column(gettext_lazy("购买主体"), "buyer"),
        Column(gettext_lazy("采购方式"), lambda row: row.get_method_display()),
        Column(gettext_lazy("最高限价（元）"), lambda row: money(row.amount), "money"),
        Column(gettext_lazy("投标截止"), lambda row: moment(row.bids_until)),
        state_of(Project),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(Project.objects.published().select_related("buyer"))

    def mark(self, row: Project) -> SafeString:
        """The number of the purchase."""
        return under(row.number)


def _documents(project: Project) -> list[Document]:
    """The newest ready document of each public kind."""
    kinds = (TENDER_NOTICE.key, AWARD_NOTICE.key)
    found = Document.objects.ready().filter(
        kind__in=kinds, subject_label=Project._meta.label, subject_id=project.pk
    )
    newest = {document.kind: document for document in found.order_by("created_at")}
    return [newest[kind] for kind in kinds if kind in newest]


def _item_page(row: ProjectItem) -> str:
    """The public page of an item, in the edition of the purchase."""
    return row.item.get_absolute_url()


class ShowTender(Page):
    """One notice: what is bought, by when, how bids are scored; after the award, who won and why."""

    access = access(GET=ANYONE)
    template = "portal/tender.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        published = Project.objects.published().select_related("buyer", "edition")
        project = get_object_or_404(published, number=number)
        bids = project.bids.decided().select_related("provider__organization")
        shown = in_order(bids.order_by("rank", "id"), request, "bids_from") if project.awarded_at else ()
        return self.render(
            {
                "object": project,
                "basis": method_requirements.rule_of(project).basis,
                "items": table(
                    (ITEM, LIMIT_PRICE, QUANTITY), project.items.select_related("item"), address=_item_page
                ),
                "papers": papers.words(project.papers),
                "questions": in_order(project.questions.exclude(answer_text=""), request, "questions_from"),
                "bids": shown and table((PROVIDER, PRICE, SCORE, RESULT), list(shown)),
                "page_of_bids": shown,
                "documents": _documents(project),
                "experts": scoring.expert_names(project) if project.awarded_at else (),
                "replacements": scoring.replacements(project, project.panelseats.select_related("person"))
                if project.awarded_at
                else (),
            }
        )
