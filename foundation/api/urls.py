"""The API of the ground floor: rules, deadlines, notices, journal, reveal, documents."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import moments
from foundation.access import SIGNED_IN, access
from foundation.api.base import (
    Endpoint,
    ListEndpoint,
    LivedSerializer,
    asking,
    read_form,
    resource,
    serializer_for,
)
from foundation.deadlines import clocks
from foundation.deadlines.inputs import Pause
from foundation.deadlines.models import Clock, Overdue
from foundation.documents import making
from foundation.documents.models import Document, DocumentStatus
from foundation.journal import timeline
from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES
from foundation.messaging import sending
from foundation.messaging.models import Message
from foundation.models import Notice, RuleVersion
from foundation.pages.base import find_visible
from foundation.personal_data.disclosing import remark
from foundation.personal_data.inputs import MakingReason, RevealReason
from foundation.personal_data.revealing import reveal
from foundation.refusals import NotYours
from foundation.roles import Actor, Role
from foundation.rules import reading

OVERSIGHT = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))


def _model(label: str, needed: str) -> Any:
    """The model of a label such as ``referrals.Matter``; ``Http404`` without ``needed``."""
    try:
        model: Any = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if not hasattr(model, needed) or not hasattr(model._default_manager, "visible_to"):
        raise Http404
    return model


class RuleVersionSerializer(LivedSerializer):
    class Meta:
        model = RuleVersion
        fields = ("key", "version", "value", "note", "in_force_from")


class RuleSerializer(serializers.Serializer):
    key = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    basis = serializers.CharField()
    value = serializers.JSONField()
    said = serializers.CharField()


class RulesInForce(Endpoint):
    """Every rule that the city may set, as it applies now; version 0 is the default."""

    access = OVERSIGHT

    @extend_schema(responses=RuleSerializer(many=True), operation_id="rules_in_force")
    def get(self, request: Request) -> Response:
        return Response(RuleSerializer(reading.everything(), many=True).data)


class ClockSerializer(serializers.ModelSerializer):
    pause_reason = serializers.SerializerMethodField()

    class Meta:
        model = Clock
        fields = (
            "id",
            "lifecycle",
            "object_id",
            "state",
            "rule_key",
            "rule_version",
            "basis",
            "started_at",
            "due_at",
            "provisional",
            "paused_at",
            "pause_cause",
            "pause_reason",
        )

    def get_pause_reason(self, clock: Clock) -> str:
        """Why it stands still, as whoever asks may read it."""
        return remark(clocks.subject(clock), clock.pause_reason, self.context["reader"])


class ClocksOf(Endpoint):
    """The deadlines that run on one object."""

    access = access(GET=SIGNED_IN)

    @extend_schema(responses=ClockSerializer(many=True), operation_id="clocks_of")
    def get(self, request: Request, label: str, pk: int) -> Response:
        obj = find_visible(_model(label, "lifecycle"), self.actor, pk=pk)
        return Response(
            ClockSerializer(clocks.running([obj])[obj.pk], many=True, context={"reader": self.actor}).data
        )


def _clock(actor: Actor, pk: int) -> Clock:
    clock = get_object_or_404(Clock, pk=pk, stopped_at=None)
    find_visible(LIFECYCLES[clock.lifecycle].model, actor, pk=clock.object_id)
    return clock


class OverdueSerializer(serializers.ModelSerializer):
    class Meta:
        model = Overdue
        fields = (
            "id",
            "lifecycle",
            "object_id",
            "object_name",
            "awaited",
            "rule_key",
            "rule_version",
            "basis",
            "due_at",
            "at",
        )


class OverdueRegister(ListEndpoint):
    """Every missed deadline, as it was registered; nobody can change a line."""

    access = OVERSIGHT
    serializer_class = OverdueSerializer
    model = Overdue
    filterset_fields = ("lifecycle", "rule_key")


class PauseClock(Endpoint):
    """Let the deadline of somebody else stand still, for a listed cause and with a reason."""

    access = access(POST=clocks.COUNTING)

    @extend_schema(
        request=serializer_for(Pause, None, "Pause"), responses=ClockSerializer, operation_id="clock_pause"
    )
    def post(self, request: Request, pk: int) -> Response:
        form = read_form(Pause, request, actor=self.actor)
        clock = clocks.pause(_clock(self.actor, pk), by=self.actor, **form.given())
        told = ClockSerializer(clock, context={"reader": self.actor}).data
        return Response({**told, "pause_reason": clock.pause_reason})


class ResumeClock(Endpoint):
    """Let a paused deadline run on."""

    access = access(POST=clocks.COUNTING)

    @extend_schema(request=None, responses=ClockSerializer, operation_id="clock_resume")
    def post(self, request: Request, pk: int) -> Response:
        clock = clocks.resume(_clock(self.actor, pk), by=self.actor)
        return Response(ClockSerializer(clock, context={"reader": self.actor}).data)


class UndeliveredSerializer(serializers.ModelSerializer):
    to = serializers.CharField(help_text="masked")

    class Meta:
        model = Message
        fields = ("id", "to", "about", "at", "tries", "until", "undelivered_at")


class Undelivered(ListEndpoint):
    """Texts that no gateway has taken for a day; never their words."""

    access = access(GET=(Role.CIVIL_AFFAIRS,))
    serializer_class = UndeliveredSerializer
    model = Message
    filterset_fields = ("about",)


class SendAgain(Endpoint):
    """Try an undelivered text again for a day."""

    access = access(POST=(Role.CIVIL_AFFAIRS,))

    @extend_schema(request=None, responses=UndeliveredSerializer, operation_id="message_send_again")
    def post(self, request: Request, pk: int) -> Response:
        message = find_visible(Message, self.actor, pk=pk)
        return Response(UndeliveredSerializer(sending.send_again(message, by=self.actor)).data)


class NoticeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Notice
        fields = ("id", "at", "text", "link", "read_at")


class Notices(ListEndpoint):
    """Notices to this role here, newest first."""

    serializer_class = NoticeSerializer
    model = Notice


class ReadNotices(Endpoint):
    """Mark every notice as read."""

    access = access(POST=SIGNED_IN)

    @extend_schema(
        request=None, responses={204: OpenApiResponse(description="")}, operation_id="notices_read"
    )
    def post(self, request: Request) -> Response:
        Notice.objects.visible_to(self.actor).filter(read_at=None).update(read_at=moments.now())
        return Response(status=204)


class EntrySerializer(serializers.ModelSerializer):
    reason = serializers.SerializerMethodField()
    actor_name = serializers.CharField(source="actor_shown", read_only=True)
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields = (
            "id",
            "at",
            "lifecycle",
            "object_id",
            "object_name",
            "move",
            "before",
            "after",
            "actor_name",
            "role",
            "organization_name",
            "reason",
            "basis",
            "request_id",
        )

    def get_before(self, entry: Entry) -> dict[str, Any]:
        """What was there before, of what changed; texts about people apart."""
        return timeline.picture_of(entry, entry.told(entry.before))

    def get_after(self, entry: Entry) -> dict[str, Any]:
        """What is there now, of what changed; texts about people apart."""
        return timeline.picture_of(entry, entry.told(entry.after))

    def get_reason(self, entry: Entry) -> str:
        """Why it was done, as whoever asks may read it."""
        return timeline.reason_of(entry, asking(self.context["request"]))


class Journal(ListEndpoint):
    """Everything that was done."""

    access = OVERSIGHT
    serializer_class = EntrySerializer
    model = Entry
    filterset_fields = ("lifecycle", "object_id", "move")


class RevealedBody(serializers.Serializer):
    value = serializers.CharField()


class Reveal(Endpoint):
    """A protected value, for a reason that is written into the journal."""

    access = access(POST=SIGNED_IN)

    @extend_schema(
        request=serializer_for(RevealReason, None, "Reveal"), responses=RevealedBody, operation_id="reveal"
    )
    def post(self, request: Request, label: str, pk: int, field: str) -> Response:
        obj = find_visible(_model(label, "may_reveal"), self.actor, pk=pk)
        form = read_form(RevealReason, request)
        value = reveal(obj, field, by=self.actor, **form.given())
        return Response({"value": value}, headers={"Cache-Control": "private, no-store"})


class DocumentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Document
        fields = ("code", "kind", "title", "status", "progress", "pages", "sha256", "created_at", "ready_at")


def _reason_in(request: Request) -> str:
    """The reason of a body that may be left out, whatever it is then called."""
    try:
        return read_form(MakingReason, request).cleaned_data["reason"]
    except exceptions.UnsupportedMediaType:
        return ""


class MakeDocument(Endpoint):
    """Ask for a document; it is made in the background. One that shows protected values wants
    a ``reason`` from whoever does not hand it to the person concerned.
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
        subject: models.Model = find_visible(_model(label, "pk"), self.actor, pk=pk)
        try:
            document = making.request(making.KINDS[kind], subject, by=self.actor, reason=_reason_in(request))
        except NotYours:
            raise Http404 from None
        return Response(DocumentSerializer(document).data, status=202)


def _readable(actor: Actor, code: str) -> Document:
    document = get_object_or_404(Document, code=code)
    if not making.readable(document, actor):
        raise Http404
    return document


class ShowDocument(Endpoint):
    """The progress of a document."""

    access = access(GET=SIGNED_IN)

    @extend_schema(responses=DocumentSerializer, operation_id="document")
    def get(self, request: Request, code: str) -> Response:
        return Response(DocumentSerializer(_readable(self.actor, code)).data)


class OpenDocument(Endpoint):
    """The PDF itself."""

    access = access(GET=SIGNED_IN)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY}, operation_id="document_file")
    def get(self, request: Request, code: str) -> HttpResponseBase:
        document = _readable(self.actor, code)
        if document.status != DocumentStatus.READY:
            raise Http404
        return HttpResponse(
            making.read(document, self.actor),
            content_type="application/pdf",
            headers={"Cache-Control": "private, no-store"},
        )


urlpatterns = [
    path("rules/in-force", RulesInForce.as_view(), name="api-rules-in-force"),
    *resource("rules", RuleVersionSerializer, filters=("key", "status"), declared=OVERSIGHT),
    path("clocks/<str:label>/<int:pk>", ClocksOf.as_view(), name="api-clocks"),
    path("clocks/<int:pk>/pause", PauseClock.as_view(), name="api-clock-pause"),
    path("clocks/<int:pk>/resume", ResumeClock.as_view(), name="api-clock-resume"),
    path("overdue", OverdueRegister.as_view(), name="api-overdue"),
    path("messages/undelivered", Undelivered.as_view(), name="api-undelivered"),
    path("messages/<int:pk>/send-again", SendAgain.as_view(), name="api-send-again"),
    path("notices", Notices.as_view(), name="api-notices"),
    path("notices/read", ReadNotices.as_view(), name="api-notices-read"),
    path("journal", Journal.as_view(), name="api-journal"),
    path("reveal/<str:label>/<int:pk>/<slug:field>", Reveal.as_view(), name="api-reveal"),
    path("documents/<slug:kind>/<str:label>/<int:pk>", MakeDocument.as_view(), name="api-document-make"),
    path("documents/<str:code>", ShowDocument.as_view(), name="api-document"),
    path("documents/<str:code>/file.pdf", OpenDocument.as_view(), name="api-document-file"),
]
