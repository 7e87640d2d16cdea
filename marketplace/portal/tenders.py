"""What anybody may read of purchases: notices, answers, awards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from foundation.access import ANYONE, access
from foundation.documents.models import Document, DocumentStatus
from foundation.pages.base import Page
from foundation.pages.chips import chip_of
from foundation.pages.paging import leaf
from foundation.pages.tables import Line, table
from foundation.wording import moment, money
from procurement import demands, documents, panel, papers
from procurement.lifecycle import BidStatus
from procurement.models import Project


class Tenders(Page):
    """Every published notice, the newest first."""

    access = access(GET=ANYONE)
    template = "portal/tenders.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = leaf(Project.objects.published().select_related("buyer"), request)
        here = reverse("public-tenders")
        shown = table(
            (_("采购项目"), _("购买主体"), _("采购方式"), _("最高限价（元）"), _("投标截止"), _("状态")),
            (
                Line(
                    f"{here}{each.number}/",
                    each.title,
                    (
                        each.buyer,
                        each.get_method_display(),
                        money(each.amount),
                        moment(each.bids_until),
                        chip_of(Project, each.status),
                    ),
                    format_html('<div class="soft small">{}</div>', each.number),
                )
                for each in page
            ),
            sums=(3,),
        )
        return self.show({"page": page, "table": shown})


def _documents(project: Project) -> list[Document]:
    """The newest of each kind that is ready."""
    kinds = (documents.TENDER_NOTICE.key, documents.AWARD_NOTICE.key)
    found = Document.objects.filter(
        kind__in=kinds, subject_label=Project._meta.label, subject_id=project.pk, status=DocumentStatus.READY
    )
    newest = {each.kind: each for each in found.order_by("created_at")}
    return [newest[kind] for kind in kinds if kind in newest]


class ShowTender(Page):
    """One notice: what is bought, by when, how it is judged; after the award, by whom and why."""

    access = access(GET=ANYONE)
    template = "portal/tender.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        published = Project.objects.published().select_related("buyer", "edition")
        project = get_object_or_404(published, number=number)
        decided = (BidStatus.AWARDED, BidStatus.LOST, BidStatus.REJECTED)
        bids = project.bids.filter(status__in=decided).select_related("provider__organization")
        return self.show(
            {
                "object": project,
                "basis": demands.rule_of(project).basis,
                "items": project.items.select_related("item"),
                "papers": papers.words(project.papers),
                "questions": project.questions.exclude(answer_text=""),
                "bids": bids.order_by("rank", "id") if project.awarded_at else (),
                "documents": _documents(project),
                "experts": panel.names_of(project) if project.awarded_at else (),
                "replacements": panel.replacements(project) if project.awarded_at else (),
            }
        )
