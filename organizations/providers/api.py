"""API of providers."""

from django.urls import path

from foundation.api.base import resource
from organizations.providers.serializers import ProviderSerializer
from organizations.providers.strangers import JoinByProgram, SendJoiningCode

urlpatterns = [
    *resource(
        "providers",
        ProviderSerializer,
        filters=("status", "nature"),
        joins=("organization",),
        many=("serves",),
    ),
    path("providers/join-code", SendJoiningCode.as_view(), name="api-join-provider-code"),
    path("providers/join", JoinByProgram.as_view(), name="api-join-provider"),
]
