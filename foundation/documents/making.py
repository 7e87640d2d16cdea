"""One way to make a PDF: asked for, rendered by the worker, kept with its hash."""

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

from foundation import moments
from foundation.advisory_locks import held_alone
from foundation.documents import certificates
from foundation.documents.models import Document, DocumentStatus
from foundation.isolation import apart
from foundation.journal import writing
from foundation.journal.models import Entry
from foundation.personal_data import keys, revealing
from foundation.personal_data.disclosing import BASIS, Telling, good_reason
from foundation.personal_data.fields import opened
from foundation.refusals import Invalid, NotYours
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading
from foundation.scheduling.stalled import queue_once
from foundation.transactions import whole

#: How often a document is begun before it counts as failed.
MOST_TRIES = 3


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: what it is about, its template and what it shows of its subject.

    ``subject`` is the label of the model that it is about: of anything else there is none.
    ``context`` returns plain values; their hash tells whether the document is still
    true, or that of ``stamp`` where something cheaper does. ``may_read`` says who may
    ask for it and open it, ``public`` whether anybody may. A ``certified`` kind bears the
    city's digital signature where there is a certificate.

    ``shows`` names the protected values that it shows in plain (table.column); nothing else
    protected may stand in it. Such a kind says in ``discloses`` who is told them: whoever
    hands it to the person concerned in plain, others after a reason, or never. Every opening
    of it is written down.
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

    def told_to(self, subject: Any, actor: Actor | None) -> Telling:
        """How its protected values are told to ``actor`` (None: nobody signed in)."""
        if self.discloses is None:
            return Telling.PLAIN
        return self.discloses(subject, actor) if actor else Telling.NEVER

    def plain(self, subject: Any) -> dict[str, Any]:
        """What it shows. Raises ``ValueError`` for a protected value that it does not name."""
        with opened() as read:
            context = self.context(subject)
        if read - set(self.shows):
            raise ValueError(f"{self.key} shows what it does not name: {read - set(self.shows)}")
        return context

    def open_to(self, subject: Any, actor: Actor | None) -> bool:
        """Whether ``actor`` (None: nobody signed in) may ask for it and open it."""
        if subject._meta.label != self.subject:
            return False
        if self.told_to(subject, actor) is Telling.NEVER:
            return False
        return self.public(subject) or (actor is not None and self.may_read(subject, actor))


KINDS: dict[str, DocumentKind] = {}


def declare(kind: DocumentKind) -> DocumentKind:
    """Make a kind of document known."""
    KINDS[kind.key] = kind
    return kind


def digest_of(context: dict[str, Any]) -> str:
    """The hash of what a document shows."""
    text = json.dumps(context, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def made(kind: DocumentKind, subject: models.Model, *, by: Actor) -> Document:
    """The document as the subject is now, made at once: its hash is needed before one goes on.

    Raises ``NotYours``, and ``Invalid`` for a kind that is told after a reason alone.
    """
    document, _new = _asked_for(kind, subject, by)
    _with_reason(kind, document, subject, by, "")
    return document if document.status == DocumentStatus.READY else render(document)


@transaction.atomic
def request(kind: DocumentKind, subject: models.Model, *, by: Actor | None, reason: str = "") -> Document:
    """The document of this kind as the subject is now; made in the background.

    Asking again gives the kept one until the subject changes. ``by`` is None for the
    public. Raises ``NotYours``, ``Invalid`` where a reason is needed and none that says
    something is given, ``TooOften``.
    """
    document, new = _asked_for(kind, subject, by)
    _with_reason(kind, document, subject, by, reason)
    failed = document.status == DocumentStatus.FAILED
    if new or failed or document.left_behind():
        own = Document.objects.filter(pk=document.pk)
        own.update(status=DocumentStatus.QUEUED, progress=0, touched_at=moments.now())
        if failed:
            own.update(tries=0)
        label = subject._meta.label
        writing.write(label, subject, "document", by or SYSTEM, after={"document": document.title})
        _queue(document.pk)
        document.refresh_from_db(fields=["status", "progress", "touched_at", "tries"])
    return document


def _queue(document_id: int) -> None:
    # By name: the job calls this module, not the other way round.
    queue_once("foundation.tasks.render_document", lock=f"document:{document_id}", document_id=document_id)


def render_waiting(document_id: int) -> None:
    """Render a requested document, unless it is ready or another worker is at it.

    A document that has ended its worker three times is failed; asking again begins anew.
    """
    with held_alone("document", str(document_id)) as mine:
        document = Document.objects.filter(pk=document_id).first()
        if not mine or document is None or document.status == DocumentStatus.READY:
            return
        if document.tries >= MOST_TRIES:
            _give_up(document)
            return
        Document.objects.filter(pk=document_id).update(tries=F("tries") + 1)
        render(document)


def _give_up(document: Document) -> None:
    document.fault = f"given up after {document.tries} tries"
    Document.objects.filter(pk=document.pk).update(fault=document.fault)
    _progress(document, DocumentStatus.FAILED, 0)


def take_up() -> int:
    """Queue anew what has stood still on its way for some minutes; returns how many."""
    found = 0
    for document in Document.objects.left_behind():
        with apart("document.take_up", document=document.pk):
            if document.tries >= MOST_TRIES:
                _give_up(document)
                continue
            Document.objects.filter(pk=document.pk).update(touched_at=moments.now())
            _queue(document.pk)
            found += 1
    return found


def _asked_for(kind: DocumentKind, subject: models.Model, by: Actor | None) -> tuple[Document, bool]:
    """The document of the subject's present content, and whether it was asked for just now."""
    if not kind.open_to(subject, by):
        raise NotYours(_("这份文书不在您的查看范围内。"))
    return Document.objects.get_or_create(
        kind=kind.key,
        subject_label=subject._meta.label,
        subject_id=subject.pk,
        content_digest=digest_of((kind.stamp or kind.plain)(subject)),
        defaults={"title": kind.title(subject)[:120], "requested_by": by.user_id if by else None},
    )


def _with_reason(kind: DocumentKind, document: Document, subject: Any, by: Actor | None, reason: str) -> None:
    """Write down why it is read, by whoever is told its values after a reason alone."""
    if by and kind.told_to(subject, by) is Telling.REASON:
        said = good_reason(reason)
        revealing.write_down(subject, by, said, {"document": document.code})


@whole
def read(document: Document, by: Actor | None) -> bytes:
    """The PDF for ``by``; of a kind that shows protected values each reading is written down.

    Raises ``NotYours``, and ``Invalid`` where a reason is needed and none was given in the
    last minutes (rule ``personal_data.documents``).
    """
    kind, subject = KINDS[document.kind], subject_of(document)
    if not kind.open_to(subject, by):
        raise NotYours(_("这份文书不在您的查看范围内。"))
    if kind.shows and by:
        reason = "" if kind.told_to(subject, by) is Telling.PLAIN else _given(document, by)
        writing.write(
            subject._meta.label,
            subject,
            "open",
            by,
            after={"document": document.title},
            reason=reason,
            basis=BASIS,
        )
    return document.content()


def asks_why(document: Document, by: Actor | None) -> bool:
    """Whether ``by`` has to give a reason before the document opens."""
    kind, subject = KINDS[document.kind], subject_of(document)
    if by is None or kind.told_to(subject, by) is not Telling.REASON:
        return False
    return not _reasons(document, by).exists()


def _given(document: Document, by: Actor) -> str:
    latest = _reasons(document, by).first()
    if latest is None:
        message = _("这份文书里有受保护的信息，请先写明查看理由。")
        raise Invalid(message, fields={"reason": message}, rule=BASIS)
    return latest.reason


def _reasons(document: Document, by: Actor) -> models.QuerySet[Entry]:
    """The reasons that ``by`` has given for this document in the last minutes, newest first."""
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
    """Whether ``actor`` (None: nobody signed in) may open the document."""
    return KINDS[document.kind].open_to(subject_of(document), actor)


def render(document: Document) -> Document:
    """Make the PDF; called by the worker. Progress is visible while it works."""
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
    # Whoever is ready first has made it: its hash may be signed already.
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
    """A PDF/A of a page and its number of pages. Nothing outside ``html`` is read:
    what refers to a file or an address is left out.
    """
    from weasyprint import HTML

    from foundation.documents.fetching import ClosedFetcher

    laid = HTML(string=html, url_fetcher=ClosedFetcher(), base_url=None).render()
    laid_out()
    target = io.BytesIO()
    laid.write_pdf(target, pdf_variant="pdf/a-3b")
    return target.getvalue(), len(laid.pages)


def _qr(document: Document) -> str:
    address = settings.PUBLIC_ADDRESS + reverse("verify", args=[document.code])
    return segno.make(address, error="m").svg_inline(scale=2, border=0)


def _progress(document: Document, status: DocumentStatus, progress: int) -> None:
    document.status, document.progress = status, progress
    _unready(document).update(status=status, progress=progress, touched_at=moments.now())


def _unready(document: Document) -> QuerySet[Document]:
    return Document.objects.filter(pk=document.pk).exclude(status=DocumentStatus.READY)
