"""The API of the running figures of providers and the records behind them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evaluations.indicators import evidence, tallies
from evaluations.indicators.measures import MEASURES, figure_of
from evaluations.schemes import defaults
from foundation.api.base import Endpoint
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED
from foundation.ui.views import find_visible
from organizations.providers.models import Provider

FIGURE = inline_serializer(
    "ProviderFigure",
    {
        "measure": serializers.CharField(),
        "definition": serializers.CharField(),
        "value": serializers.FloatField(allow_null=True),
        "n": serializers.IntegerField(),
        "raw": serializers.FloatField(allow_null=True),
        "low": serializers.FloatField(allow_null=True),
        "high": serializers.FloatField(allow_null=True),
        "expected": serializers.FloatField(allow_null=True),
        "shrunk": serializers.BooleanField(),
    },
    many=True,
)


RECORD = inline_serializer(
    "CountedRecord",
    {
        "record": serializers.CharField(),
        "address": serializers.CharField(),
        "at": serializers.DateTimeField(),
        "yes": serializers.IntegerField(),
        "all": serializers.IntegerField(),
        "case_mix": serializers.CharField(),
    },
    many=True,
)


class Figures(Endpoint):
    """The automatic figures of one provider over the last 365 days; null for no data."""

    access = access(GET=JUDGES_AND_JUDGED)

    @extend_schema(operation_id="provider_figures", responses=FIGURE)
    def get(self, request: Request, pk: int) -> Response:
        provider = find_visible(Provider, self.actor, pk=pk)
        if not evidence.may_open(self.actor, provider):
            raise Http404
        kept = tallies.stored(pk, tallies.window())
        shown = []
        for key, measure in MEASURES.items():
            found = figure_of(key, kept, defaults.survey())
            row: dict[str, Any] = {
                "measure": key,
                "definition": str(measure.definition),
                "value": None,
                "n": 0,
                "raw": None,
                "low": None,
                "high": None,
                "expected": None,
                "shrunk": False,
            }
            if found is not None:
                row |= {
                    name: round(float(getattr(found, name)), 4) for name in ("value", "raw", "low", "high")
                }
                row |= {"n": found.n, "shrunk": found.shrunk}
                if found.expected is not None:
                    row["expected"] = round(float(found.expected), 4)
            shown.append(row)
        return Response(shown)


class Records(Endpoint):
    """The records behind one figure of the last 365 days, newest first (at most 200)."""

    access = access(GET=JUDGES_AND_JUDGED)

    @extend_schema(operation_id="provider_figure_records", responses=RECORD)
    def get(self, request: Request, pk: int, measure: str) -> Response:
        provider = find_visible(Provider, self.actor, pk=pk)
        if measure not in MEASURES or not evidence.may_open(self.actor, provider):
            raise Http404
        span = tallies.window()
        rows, _yes, _every = evidence.rows(measure, pk, span.first, span.last, self.actor)
        return Response(
            [
                {
                    "record": row.words,
                    "address": row.address,
                    "at": row.at,
                    "yes": row.yes,
                    "all": row.all,
                    "case_mix": row.mix,
                }
                for row in rows
            ]
        )


urlpatterns = [
    path("providers/<int:pk>/figures", Figures.as_view(), name="api-provider-figures"),
    path("providers/<int:pk>/figures/<slug:measure>", Records.as_view(), name="api-provider-records"),
]
