"""API of the journal."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import path

from foundation.api.base import ListEndpoint
from foundation.journal import timeline
from foundation.journal.models import Entry
from foundation.journal.serializers import EntrySerializer
from foundation.permissions import OVERSIGHT


class Journal(ListEndpoint):
    """The journal's entries, newest first."""

    access = OVERSIGHT
    serializer_class = EntrySerializer
    model = Entry
    filterset_fields = ("lifecycle", "object_id", "move")

    def as_shown(self, rows: Sequence[Entry]) -> Sequence[Entry]:
        timeline.read_behind(rows)
        return rows


urlpatterns = [path("journal", Journal.as_view(), name="api-journal")]
