"""Open data for anybody: every contracting process by the Open Contracting Data Standard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from foundation.permissions import ANYONE, access
from foundation.templatetags.components import icon
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column
from foundation.ui.views import Page
from procurement.ocds import packages, processes

MIME = {"jsonl": "application/x-ndjson; charset=utf-8"}


JSON = "application/json; charset=utf-8"

#: Any cache may keep it for a minute.
KEPT = "public, max-age=60"


def _file(form: str) -> Callable[[int], SafeString]:
    """Cells with the link to the file of a year in that form."""
    return lambda year: format_html(
        '<a href="{}">{} ocds-{}.{}</a>',
        reverse("ocds-year", args=[year, form]),
        icon("download"),
        year,
        form,
    )


class OpenData(ListPage):
    """What data there are, for people: the files of each year."""

    access = access(GET=ANYONE)
    template = "portal/open_data.html"
    linked = False
    columns = (Column(gettext_lazy("年份"), str), *(Column(form, _file(form)) for form in packages.FORMS))

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_all(processes.years())


class OpenDataYear(Page):
    """A year's processes in one file, streamed while it is made."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest, year: int, form: str) -> StreamingHttpResponse:
        if form not in packages.FORMS or year not in processes.years():
            raise Http404
        text = packages.year(form, year, request.build_absolute_uri())
        answer = StreamingHttpResponse(
            (piece.encode() for piece in text if piece), content_type=MIME.get(form, JSON)
        )
        answer["Content-Disposition"] = f'attachment; filename="ocds-{year}.{form}"'
        answer["Cache-Control"] = KEPT
        return answer


class OpenDataProcess(Page):
    """One process: its releases, or its record."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest, ocid: str, form: str) -> HttpResponse:
        process = processes.find(ocid)
        if process is None:
            raise Http404
        makers: dict[str, Any] = {
            "record.json": packages.record_package,
            "releases.json": packages.release_package,
        }
        if form not in makers:
            raise Http404
        made = makers[form](process, request.build_absolute_uri())
        return JsonResponse(made, json_dumps_params={"ensure_ascii": False}, headers={"Cache-Control": KEPT})


class OpenDataExtension(Page):
    """The files of the bid extension, to which the data refer."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        path = packages.EXTENSION_FILES.get(name)
        if path is None:
            raise Http404
        kind = {".json": JSON, ".csv": "text/csv; charset=utf-8"}.get(path.suffix, "text/plain")
        return HttpResponse(path.read_bytes(), content_type=kind, headers={"Cache-Control": KEPT})
