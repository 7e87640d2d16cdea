"""Pages of documents: request, progress, the PDF, verification by hash."""

from __future__ import annotations

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from foundation.documents import making
from foundation.documents.models import Document
from foundation.permissions import ANYONE, SIGNED_IN, access
from foundation.refusals import NotYours, Refused
from foundation.ui.views import Page, find_visible


class MakeDocument(Page):
    """Request a document about an object that the actor may see."""

    access = access(POST=SIGNED_IN)

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        if kind not in making.KINDS:
            raise Http404
        label = request.POST.get("subject", "")
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            raise Http404 from None
        if not hasattr(model._default_manager, "visible_to"):
            raise Http404
        subject = find_visible(model, self.actor, pk=pk)
        reason = request.POST.get("reason", "")
        try:
            document = making.request(making.KINDS[kind], subject, by=self.actor, reason=reason)
        except NotYours:
            raise Http404 from None
        except Refused as refusal:
            return self.render(
                {
                    "title": making.KINDS[kind].title(subject),
                    "subject": subject,
                    "label": label,
                    "kind": kind,
                    "error": refusal.message if "reason" in request.POST else "",
                },
                template="foundation/documents/document_reason.html",
                status=422,
            )
        return redirect(document)


class ShowDocument(Page):
    """The progress of a document and the link to open it; public documents are for anybody."""

    access = access(GET=ANYONE)
    template = "foundation/documents/document.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        document = get_object_or_404(Document, code=code)
        if not making.readable(document, self.actor):
            raise Http404
        template = "foundation/documents/document_state.html" if self.request.htmx else self.template
        return self.render(
            {
                "document": document,
                "subject": making.subject_of(document),
                "waiting": document.under_way,
                "asks_why": making.asks_why(document, self.actor),
            },
            template=template,
        )


class OpenDocument(Page):
    """The PDF."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        document = get_object_or_404(Document.objects.ready(), code=code)
        try:
            content = making.read(document, self.actor)
        except NotYours:
            raise Http404 from None
        except Refused:
            return redirect(document)
        answer = HttpResponse(content, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{document.kind}-{document.pk}.pdf"'
        return answer


class VerifyDocument(Page):
    """Shows a document's hash to anybody who holds a copy, and none of its content."""

    access = access(GET=ANYONE)
    template = "foundation/documents/verify.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        document = get_object_or_404(Document.objects.ready(), code=code)
        return self.render({"document": document})
