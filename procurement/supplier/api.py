"""The API of the supplier's dashboard and of the provider's folder of documents."""

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api import bodies
from foundation.api.base import Endpoint, read_form
from foundation.api.described import serializer_for
from foundation.permissions import access
from foundation.roles import Role
from organizations.providers.models import Provider
from procurement.supplier import dashboard, supporting_documents
from procurement.supplier.forms import AddPaper
from procurement.supplier.models import SupportingDocument
from procurement.supplier.serializers import DeskBody, FolderPaperSerializer


class Papers(Endpoint):
    """The provider's own folder; POST adds a document (``multipart/form-data``)."""

    access = access(GET=(Role.COORDINATOR,), POST=(Role.COORDINATOR,))
    parser_classes = (MultiPartParser, bodies.JSONParser)

    @extend_schema(responses=FolderPaperSerializer(many=True), operation_id="papers")
    def get(self, request: Request) -> Response:
        return Response(
            FolderPaperSerializer(SupportingDocument.objects.visible_to(self.actor), many=True).data
        )

    @extend_schema(
        request=serializer_for(AddPaper, None, "AddPaper"),
        responses={201: FolderPaperSerializer},
        operation_id="papers_add",
    )
    def post(self, request: Request) -> Response:
        form = read_form(AddPaper, request, actor=self.actor)
        paper = supporting_documents.add(by=self.actor, **form.given())
        return Response(FolderPaperSerializer(paper).data, status=201)


class ShowDesk(Endpoint):
    """Open notices with missing documents, best fitting first, and the calendar."""

    access = access(GET=(Role.COORDINATOR,))

    @extend_schema(responses=DeskBody, operation_id="desk")
    def get(self, request: Request) -> Response:
        provider = get_object_or_404(Provider, organization_id=self.actor.organization_id)
        body = {
            "notices": dashboard.notices(self.actor, provider),
            "dates": dashboard.calendar(self.actor, provider),
        }
        return Response(DeskBody(body).data)


urlpatterns = [
    path("desk", ShowDesk.as_view(), name="api-desk"),
    path("papers", Papers.as_view(), name="api-papers"),
]
