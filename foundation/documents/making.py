"""Making PDFs: requested, rendered by the worker, stored encrypted with their hash."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import segno
from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.advisory_locks import held_alone
from foundation.documents import certificates
from foundation.documents.fetching import closed_fetcher
from foundation.documents.models import Document
from foundation.documents.states import DocumentStatus
from foundation.isolation import apart
from foundation.journal import sentences, writing
from foundation.journal.models import Entry
from foundation.personal_data import keys, revealing
from foundation.personal_data.disclosing import BASIS, Telling, good_reason
from foundation.personal_data.fields import opened
from foundation.refusals import Invalid, NotYours
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading
from foundation.scheduling.stalled import queue_once
from foundation.transactions import whole

#: How often the worker begins a document before it counts as failed.
MOST_TRIES = 3

#: What is written into the journal here.
MAKE = sentences.act("document", gettext_lazy("%(who)s生成了文书"))
OPEN = sentences.act("open", gettext_lazy("%(who)s打开了文书"), confided=True)


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: its subject, its template and what it shows.

    ``subject`` is the label of the model it is about. ``context`` returns plain values; their
    hash tells whether a stored document is still true, or the hash of ``stamp`` where that is
    cheaper. ``may_read`` says who may request and open it, ``public`` whether anybody may. A
    ``certified`` kind bears the city's digital signature if there is a certificate.

    ``shows`` names the protected values (table.column) that it shows in plain; no other protected
    value may stand in it. Such a kind declares in ``discloses`` to whom they are shown: always (to
    whoever hands it to the person concerned), after a reason, or never. Every opening of it is
    written into the journal.
    """

    key: str
    subject: str
    template: str
    title: Callable[[Any], str]
    context: Callable[[Any], dict[str, Any]]
    may_read: Callable[[Any, Actor], bool]
    public: Callable[[Any], bool] = lambda subject: False
    stamp: Callable[[Any], dict[str, Any]] | None = None
    certified: bool = False
    shows: tuple[str, ...] = ()
    discloses: Callable[[Any, Actor], Telling] | None = None

    def __post_init__(self) -> None:
        if bool(self.shows) != (self.discloses is not None):
            raise ValueError(f"{self.key}: who is told what it shows?")

    def telling_for(self, subject: Any, actor: Actor | None) -> Telling:
        """How its protected values are disclosed to ``actor`` (None: not signed in)."""
        if self.discloses is None:
            return Telling.PLAIN
        return self.discloses(subject, actor) if actor else Telling.NEVER

    def plain(self, subject: Any) -> dict[str, Any]:
        """What it shows; raises ``ValueError`` for a protected value that ``shows`` does not name."""
        with opened() as read:
            context = self.context(subject)
        if read - set(self.shows):
            raise ValueError(f"{self.key} shows what it does not name: {read - set(self.shows)}")
        return context

    def open_to(self, subject: Any, actor: Actor | None) -> bool:
        """Whether ``actor`` (None: not signed in) may request and open it."""
        if subject._meta.label != self.subject:
            return False
        if self.telling_for(subject, actor) is Telling.NEVER:
            return False
        return self.public(subject) or (actor is not None and self.may_read(subject, actor))


KINDS: dict[str, DocumentKind] = {}


def declare(kind: DocumentKind) -> DocumentKind:
    """Register a kind of document."""
    KINDS[kind.key] = kind
    return kind


def digest_of(context: dict[str, Any]) -> str:
    """The SHA-256 of what a document shows, in hexadecimal."""
    text = json.dumps(context, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def made(kind: DocumentKind, subject: models.Model, *, by: Actor) -> Document:
    """The document of the subject as it is now, rendered at once, for callers that need its hash.

    Raises ``NotYours``, and ``Invalid`` for a kind that needs a reason.
    """
    document, _new = _find_or_create(kind, subject, by)
    _record_reason(kind, document, subject, by, "")
    return document if document.ready else render(document)


@transaction.atomic
def request(kind: DocumentKind, subject: models.Model, *, by: Actor | None, reason: str = "") -> Document:
    """The document of the subject as it is now, rendered in the background.

    The stored one is returned as long as the subject has not changed. ``by`` is None for a visitor
    who is not signed in. Raises ``NotYours``, ``Invalid`` where a reason is needed and none that
    says something is given, and ``TooOften``.
    """
    document, new = _find_or_create(kind, subject, by)
    _record_reason(kind, document, subject, by, reason)
    failed = document.failed
    if new or failed or document.left_behind():
        own = Document.objects.filter(pk=document.pk)
        own.update(status=DocumentStatus.QUEUED, progress=0, touched_at=moments.now())
        if failed:
            own.update(tries=0)
        label = subject._meta.label
        writing.write(label, subject, MAKE, by or SYSTEM, after={"document": document.title})
        _queue(document.pk)
        document.refresh_from_db(fields=["status", "progress", "touched_at", "tries"])
    return document


def _queue(document_id: int) -> None:
    """Queue the task that renders the document, unless it is queued already."""
    # By name, since the task imports this module.
    queue_once("foundation.tasks.render_document", lock=f"document:{document_id}", document_id=document_id)


def render_waiting(document_id: int) -> None:
    """Render a requested document, unless it is ready or another worker renders it.

    After ``MOST_TRIES`` it counts as failed, since it may be what ends its workers; a new request
    begins the count anew.
    """
    with held_alone("document", str(document_id)) as acquired:
        document = Document.objects.filter(pk=document_id).first()
        if not acquired or document is None or document.ready:
            return
        if document.tries >= MOST_TRIES:
            _give_up(document)
            return
        Document.objects.filter(pk=document_id).update(tries=F("tries") + 1)
        render(document)


def _give_up(document: Document) -> None:
    """Mark the document as failed."""
    document.fault = f"given up after {document.tries} tries"
    Document.objects.filter(pk=document.pk).update(fault=document.fault)
    _progress(document, DocumentStatus.FAILED, 0)


def take_up() -> int:
    """Queue again the documents that made no progress for some minutes; returns how many."""
    queued = 0
    for document in Document.objects.left_behind():
        with apart("document.take_up", document=document.pk):
            if document.tries >= MOST_TRIES:
                _give_up(document)
                continue
            Document.objects.filter(pk=document.pk).update(touched_at=moments.now())
            _queue(document.pk)
            queued += 1
    return queued


def _find_or_create(kind: DocumentKind, subject: models.Model, by: Actor | None) -> tuple[Document, bool]:
    """The document of the subject's present content, and whether it was created just now."""
    if not kind.open_to(subject, by):
        raise NotYours(_("这份文书不在您的查看范围内。"))
    return Document.objects.get_or_create(
        kind=kind.key,
        subject_label=subject._meta.label,
        subject_id=subject.pk,
        content_digest=digest_of((kind.stamp or kind.plain)(subject)),
        defaults={"title": kind.title(subject)[:120], "requested_by": by.user_id if by else None},
    )


def _record_reason(
    kind: DocumentKind, document: Document, subject: Any, by: Actor | None, reason: str
) -> None:
    """Write the reason into the journal where the actor may read the protected values after a reason only."""
    if by and kind.telling_for(subject, by) is Telling.REASON:
        said = good_reason(reason)
        revealing.write_down(subject, by, said, {"document": document.code})


@whole
def read(document: Document, by: Actor | None) -> bytes:
    """The PDF for ``by``; if the kind shows protected values, the reading is written into the journal.

    Raises ``NotYours``, and ``Invalid`` where a reason is needed and none was given within the
    minutes of the rule ``personal_data.documents``.
    """
    kind, subject = KINDS[document.kind], subject_of(document)
    if not kind.open_to(subject, by):
        raise NotYours(_("这份文书不在您的查看范围内。"))
    if kind.shows and by:
        reason = "" if kind.telling_for(subject, by) is Telling.PLAIN else _reason_given(document, by)
        writing.write(
            subject._meta.label,
            subject,
            OPEN,
            by,
            after={"document": document.title},
            reason=reason,
            basis=BASIS,
        )
    return document.content()


def asks_why(document: Document, by: Actor | None) -> bool:
    """Whether ``by`` has to give a reason before the document opens."""
    kind, subject = KINDS[document.kind], subject_of(document)
    if by is None or kind.telling_for(subject, by) is not Telling.REASON:
        return False
    return not _reasons(document, by).exists()


def _reason_given(document: Document, by: Actor) -> str:
    """The latest reason that ``by`` gave for this document; raises ``Invalid`` without one."""
    latest = _reasons(document, by).first()
    if latest is None:
        message = _("这份文书里有受保护的信息，请先写明查看理由。")
        raise Invalid(message, fields={"reason": message}, rule=BASIS)
    return latest.reason


def _reasons(document: Document, by: Actor) -> models.QuerySet[Entry]:
    """The entries of reasons that ``by`` gave for this document in the last minutes, newest first."""
    minutes = int(reading.current("personal_data.documents").value["minutes"])
    return Entry.objects.filter(
        lifecycle=document.subject_label,
        object_id=document.subject_id,
        move="reveal",
        actor_id=by.user_id,
        role=by.role,
        after__document=str(document.code),
        at__gte=moments.now() - timedelta(minutes=minutes),
    )


def subject_of(document: Document) -> models.Model:
    """The object that the document is about."""
    return apps.get_model(document.subject_label)._default_manager.get(pk=document.subject_id)


def readable(document: Document, actor: Actor | None) -> bool:
    """Whether ``actor`` (None: not signed in) may open the document."""
    return KINDS[document.kind].open_to(subject_of(document), actor)


def render(document: Document) -> Document:
    """Render the PDF and store it; called by the worker. Progress is visible meanwhile.

    A fault of rendering marks the document as failed and is raised.
    """
    kind = KINDS[document.kind]
    _progress(document, DocumentStatus.RENDERING, 10)
    try:
        with translation.override("zh-hans"):
            html = render_to_string(
                kind.template, {**kind.plain(subject_of(document)), "document": document, "qr": _qr(document)}
            )
        _progress(document, DocumentStatus.RENDERING, 30)
        content, pages = to_pdf(html, lambda: _progress(document, DocumentStatus.RENDERING, 70))
        if kind.certified:
            content = certificates.certify(content, document.title)
    except Exception as fault:
        document.fault = f"{type(fault).__name__}: {fault}"
        _unready(document).update(fault=document.fault)
        _progress(document, DocumentStatus.FAILED, 0)
        raise
    # The first to be ready wins, since its hash may have been signed already.
    _unready(document).update(
        sealed=keys.encrypt(content, "foundation_document.sealed"),
        sha256=hashlib.sha256(content).hexdigest(),
        pages=pages,
        status=DocumentStatus.READY,
        progress=100,
        ready_at=moments.now(),
        fault="",
    )
    document.refresh_from_db()
    return document


def to_pdf(html: str, laid_out: Callable[[], None] = lambda: None) -> tuple[bytes, int]:
    """A page as PDF/A-3b, and its number of pages.

    Files and addresses that ``html`` refers to are not read but left out. ``laid_out`` is called
    between layout and writing.
    """
    from weasyprint import HTML

    layout = HTML(string=html, url_fetcher=closed_fetcher(), base_url=None).render()
    laid_out()
    target = io.BytesIO()
    layout.write_pdf(target, pdf_variant="pdf/a-3b")
    return target.getvalue(), len(layout.pages)


def _qr(document: Document) -> str:
    """The QR code of the address that verifies the document, as inline SVG."""
    address = settings.PUBLIC_ADDRESS + reverse("verify", args=[document.code])
    return segno.make(address, error="m").svg_inline(scale=2, border=0)


def _progress(document: Document, status: DocumentStatus, progress: int) -> None:
    """Save status and progress (0 to 100), unless the document is ready."""
    document.status, document.progress = status, progress
    _unready(document).update(status=status, progress=progress, touched_at=moments.now())


def _unready(document: Document) -> QuerySet[Document]:
    """The document as a queryset, empty once it is ready."""
    return Document.objects.unready().filter(pk=document.pk)
