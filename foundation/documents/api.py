"""API of documents: request one, its progress, its PDF."""

from __future__ import annotations

from django.db import models
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint, read_form
from foundation.api.described import serializer_for
from foundation.api.named import model_named
from foundation.documents import making
from foundation.documents.forms import MakingReason
from foundation.documents.models import Document
from foundation.documents.serializers import DocumentSerializer
from foundation.permissions import SIGNED_IN, access
from foundation.refusals import NotYours
from foundation.roles import Actor
from foundation.ui.views import find_visible


def _reason_in(request: Request) -> str:
    """The reason in the body; "" for an empty body, whatever its content type."""
    try:
        return read_form(MakingReason, request).cleaned_data["reason"]
    except exceptions.UnsupportedMediaType:
        return ""


class MakeDocument(Endpoint):
    """Request a document, which is made in the background.

    One that shows protected values wants a ``reason``, except from whoever hands it to the person
    concerned.
    """

    access = access(POST=SIGNED_IN)

    @extend_schema(
        request=serializer_for(MakingReason, None, "Make"),
        responses={202: DocumentSerializer},
        operation_id="document_make",
    )
    def post(self, request: Request, kind: str, label: str, pk: int) -> Response:
        if kind not in making.KINDS:
            raise Http404
        subject: models.Model = find_visible(model_named(label, "pk"), self.actor, pk=pk)
        try:
            document = making.request(making.KINDS[kind], subject, by=self.actor, reason=_reason_in(request))
        except NotYours:
            raise Http404 from None
        return Response(DocumentSerializer(document).data, status=202)


def _readable(actor: Actor, code: str) -> Document:
    """The document of this code; raises ``Http404`` if the actor may not read it."""
    document = get_object_or_404(Document, code=code)
    if not making.readable(document, actor) or not actor.is_told_of(document.subject_label):
        raise Http404
    return document


class ShowDocument(Endpoint):
    """The progress of a document."""

    access = access(GET=SIGNED_IN)

    @extend_schema(responses=DocumentSerializer, operation_id="document")
    def get(self, request: Request, code: str) -> Response:
        return Response(DocumentSerializer(_readable(self.actor, code)).data)


class OpenDocument(Endpoint):
    """The PDF."""

    access = access(GET=SIGNED_IN)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY}, operation_id="document_file")
    def get(self, request: Request, code: str) -> HttpResponseBase:
        document = _readable(self.actor, code)
        if not document.ready:
            raise Http404
        return HttpResponse(making.read(document, self.actor), content_type="application/pdf")


urlpatterns = [
    path("documents/<slug:kind>/<str:label>/<int:pk>", MakeDocument.as_view(), name="api-document-make"),
    path("documents/<str:code>", ShowDocument.as_view(), name="api-document"),
    path("documents/<str:code>/file.pdf", OpenDocument.as_view(), name="api-document-file"),
]
