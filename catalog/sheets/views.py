"""The page of an import."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse

from catalog.sheets import importing
from catalog.sheets.models import Import
from catalog.sheets.states import ImportStatus
from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.views import Page, find_visible


class ShowImport(Page):
    """What each row of an uploaded file would do, with the form to import it."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "catalog/sheets/import.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        waiting = find_visible(Import, self.actor, pk=pk)
        open_now = waiting.status == ImportStatus.PREVIEWED
        return self.render(
            {
                "object": waiting,
                "preview": importing.preview(waiting) if open_now else None,
                "transitions": {row.name: row for row in waiting.transitions_for(self.actor)},
                "timeline": timeline.entries_of([waiting]),
                "key": uuid.uuid4().hex,
            }
        )
