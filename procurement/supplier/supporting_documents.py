"""A provider's folder: documents are uploaded once, and every bid includes those it requires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.journal import sentences, writing
from foundation.refusals import Invalid, NotYours
from foundation.roles import Actor, Role
from foundation.transactions import whole
from organizations.providers.models import Provider
from procurement.purchases.models import Project
from procurement.supplier import papers
from procurement.supplier.models import SupportingDocument
from procurement.supplier.papers import SupportingDocumentKind


@dataclass(frozen=True)
class Enclosed:
    """A file to be included in a bid."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Check:
    """One document that a notice requires, and the one in the folder; ``None`` if it is missing."""

    kind: SupportingDocumentKind
    paper: SupportingDocument | None

    @property
    def words(self) -> str:
        """The label of the required document."""
        return str(self.kind.label)


#: What is written into the journal here.
ADD_PAPER = sentences.act("add_paper", gettext_lazy("%(who)s上传了材料"))


@whole
def add(*, by: Actor, kind: str, file: Any, valid_until: date | None = None) -> SupportingDocument:
    """Add a document to the provider's folder, encrypted.

    Raises ``NotYours`` for anybody but a provider's coordinator, ``Invalid`` for an expired document.
    """
    if by.role != Role.COORDINATOR:
        raise NotYours(_("只有承接主体的协调员可以上传。"))
    if valid_until and valid_until < moments.today():
        message = _("这份材料已经过期。")
        raise Invalid(message, fields={"valid_until": message})
    paper = SupportingDocument.objects.create(
        provider=Provider.objects.get(organization_id=by.organization),
        kind=kind,
        file_kind=file.kind,
        content=SupportingDocument.seal(file.read()),
        valid_until=valid_until,
    )
    writing.write(
        "procurement.SupportingDocument",
        paper,
        ADD_PAPER,
        by,
        after={"kind": kind, "valid_until": str(valid_until)},
    )
    return paper


def checklist(project: Project, provider: Provider) -> list[Check]:
    """The documents that a notice requires, each with the newest valid one of the folder."""
    newest: dict[str, SupportingDocument] = {}
    for document in SupportingDocument.objects.valid().filter(provider=provider).order_by("id"):
        newest[document.kind] = document
    return [Check(SupportingDocumentKind(kind), newest.get(kind)) for kind in project.papers]


def enclosed_for(project: Project, provider: Provider) -> list[Enclosed]:
    """The files to include in a bid; raises ``Invalid`` naming all that are missing, at once (S12)."""
    found = checklist(project, provider)
    lacking = [check.kind.value for check in found if check.paper is None]
    if lacking:
        message = _("材料夹里缺少：%(papers)s。请先上传。") % {"papers": papers.words(lacking)}
        raise Invalid(message, fields={"files": message}, rule="S12")
    return [
        Enclosed(check.words, check.paper.file_kind, check.paper.plain()) for check in found if check.paper
    ]
