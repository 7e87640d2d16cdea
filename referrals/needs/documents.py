"""Documents of a need: the list of missing documents and the written refusal."""

from __future__ import annotations

from typing import Any

from foundation.documents.making import DocumentKind, declare
from foundation.parties import is_one_of
from foundation.personal_data.disclosing import Telling
from foundation.roles import Actor
from referrals.matters.documents import NAME, handed_over
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.permissions import READS_PAPERS, responsible_body


def _decided(need: Need, actor: Actor) -> Telling:
    """Who may read a written refusal: also the body that wrote it, after giving a reason."""
    if responsible_body.admits(actor, need):
        return Telling.REASON
    return handed_over(need.matter, actor)


def _papers(matter: Matter) -> dict[str, Any]:
    head = matter.household.head
    return {
        "number": matter.number,
        "name": head.person.name.plain() if head else "",
        "requests": [
            {
                "papers": paper_request.papers.splitlines(),
                "again_because": paper_request.again_because,
                "asked_by": paper_request.asked_by,
                "asked_at": paper_request.asked_at,
            }
            for paper_request in matter.paper_requests.all()
        ],
        "window": matter.window.name,
        "phone": matter.window.phone,
        "address": matter.window.address,
    }


def _reads_papers(matter: Matter, actor: Actor) -> bool:
    return is_one_of(READS_PAPERS, actor, matter) and matter.paper_requests.exists()


PAPERS = declare(
    DocumentKind(
        key="papers",
        subject="referrals.Matter",
        template="documents/papers.html",
        title=lambda matter: f"一次性告知书 {matter.number}",
        context=_papers,
        may_read=_reads_papers,
        shows=(NAME,),
        discloses=handed_over,
    )
)


def _refusal(need: Need) -> dict[str, Any]:
    head = need.matter.household.head
    return {
        "number": need.matter.number,
        "name": head.person.name.plain() if head else "",
        "kind": need.get_kind_display(),
        "body": need.body.name if need.body else "",
        "body_phone": need.body.phone if need.body else "",
        "refusal": need.refusal,
        "decided_on": need.finished_at,
        "window": need.matter.window.name,
        "phone": need.matter.window.phone,
    }


def _reads_refusal(need: Need, actor: Actor) -> bool:
    return bool(need.refusal) and Need.objects.visible_to(actor).filter(pk=need.pk).exists()


REFUSAL = declare(
    DocumentKind(
        key="refusal",
        subject="referrals.Need",
        template="documents/refusal.html",
        title=lambda need: f"不予批准救助通知书 {need.matter.number}",
        context=_refusal,
        may_read=_reads_refusal,
        shows=(NAME,),
        discloses=_decided,
    )
)
