"""The tender notice, the record of the opening and the award notice, as PDF documents."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from foundation.documents.making import DocumentKind, declare
from foundation.journal.models import Entry
from foundation.roles import Actor
from procurement.key_holders.models import KeyHolder
from procurement.key_holders.states import KEY_HOLDER
from procurement.panel import scoring
from procurement.purchases import method_requirements
from procurement.purchases.models import Project
from procurement.supplier import papers


def _project(project: Project) -> dict[str, Any]:
    """The data that all three documents show."""
    return {
        "number": project.number,
        "title": project.title,
        "need": project.need,
        "buyer": project.buyer.name,
        "buyer_phone": project.buyer.phone,
        "buyer_address": project.buyer.address,
        "method": project.get_method_display(),
        "basis": method_requirements.rule_of(project).basis,
        "justification": project.justification,
        "edition": project.edition.title,
        "amount": project.amount,
        "start_on": project.start_on,
        "end_on": project.end_on,
        "items": [
            {
                "code": item.item.code,
                "name": item.item.name,
                "unit": item.item.unit,
                "standard": item.item.standard,
                "limit": item.limit_price,
                "quota": item.quota,
            }
            for item in project.items.select_related("item")
        ],
    }


def _notice(project: Project) -> dict[str, Any]:
    """The data of the tender notice."""
    return {
        **_project(project),
        "published_at": project.published_at,
        "bids_until": project.bids_until,
        "price_points": project.price_points,
        "criteria": project.criteria,
        "papers": papers.words(project.papers),
        "places": project.places,
        "questions": [
            {"text": question.text, "answer": question.answer_text, "at": question.answered_at}
            for question in project.questions.exclude(answer_text="")
        ],
    }


def _opening(project: Project) -> dict[str, Any]:
    """The data of the record of the opening."""
    bids = project.bids.handed_in()
    return {
        **_project(project),
        "bids_until": project.bids_until,
        "opened_at": project.opened_at,
        "keys_needed": project.keys_needed,
        "holders": [holder.person.full_name for holder in _present_holders(project)],
        "bids": [
            {
                "name": bid.provider.organization.name,
                "sealed_at": bid.sealed_at,
                "digest": bid.digest,
                "price": bid.price,
                "why": bid.why if bid.price is None else "",
            }
            for bid in bids.select_related("provider__organization")
        ],
    }


def _present_holders(project: Project) -> QuerySet[KeyHolder]:
    """The key holders who submitted their shares, by the journal, since the shares are deleted."""
    turned = Entry.objects.filter(lifecycle=KEY_HOLDER.label, move="turn")
    return project.keyholders.filter(pk__in=turned.values("object_id")).select_related("person")


def _award(project: Project) -> dict[str, Any]:
    """The data of the award notice."""
    return {
        **_project(project),
        "awarded_at": project.awarded_at,
        "experts": scoring.expert_names(project),
        "seed": project.panel_seed,
        "bids": [
            {
                "name": bid.provider.organization.name,
                "credit_code": bid.provider.organization.credit_code or "",
                "price": bid.price,
                "score": bid.score,
                "rank": bid.rank,
                "won": bid.won,
                "why": bid.why,
            }
            for bid in project.bids.decided().select_related("provider__organization").order_by("rank", "id")
        ],
    }


def _may_read(project: Project, actor: Actor) -> bool:
    """Whether the actor sees the purchase."""
    return Project.objects.visible_to(actor).filter(pk=project.pk).exists()


def _published(project: Project) -> bool:
    """Whether anybody may read the notice."""
    return Project.objects.published().filter(pk=project.pk).exists()


TENDER_NOTICE = declare(
    DocumentKind(
        key="tender-notice",
        subject="procurement.Project",
        template="documents/tender_notice.html",
        title=lambda project: f"采购公告 {project.number}",
        context=_notice,
        may_read=lambda project, actor: bool(project.published_at) and _may_read(project, actor),
        public=_published,
    )
)


OPENING_RECORD = declare(
    DocumentKind(
        key="opening-record",
        subject="procurement.Project",
        template="documents/opening_record.html",
        title=lambda project: f"开标记录 {project.number}",
        context=_opening,
        may_read=lambda project, actor: bool(project.opened_at) and _may_read(project, actor),
    )
)


AWARD_NOTICE = declare(
    DocumentKind(
        key="award-notice",
        subject="procurement.Project",
        template="documents/award_notice.html",
        title=lambda project: f"成交公告 {project.number}",
        context=_award,
        may_read=lambda project, actor: bool(project.awarded_at) and _may_read(project, actor),
        public=lambda project: bool(project.awarded_at) and _published(project),
    )
)
