"""Pages of the city."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from foundation.city import document_sheet
from foundation.city.models import City
from foundation.forms.uploads import TYPES, kind_of
from foundation.journal import timeline
from foundation.permissions import ANYONE, access, access_to
from foundation.roles import Role
from foundation.ui.files import MIME
from foundation.ui.views import Page, find_visible


class ShowCity(Page):
    """What is known of the city, and what an administrator may change."""

    access = access_to(City)
    template = "foundation/city/city.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(City, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )


class ShowLogo(Page):
    """The city's picture, under an address that changes with it."""

    access = access(GET=ANYONE)
    public_and_same = True

    def get(self, request: HttpRequest, digest: str) -> HttpResponse:
        found = City.objects.exclude(logo=None).filter(logo_digest=digest).first()
        if found is None or not found.logo:
            raise Http404
        picture = bytes(found.logo)
        answer = HttpResponse(picture, content_type=TYPES[kind_of(picture[:512])])
        answer["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


class DocumentBlank(Page):
    """A file to be filled in with the text of the document that the city carries out."""

    access = access(GET=(Role.ADMINISTRATOR,))

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(document_sheet.blank(), content_type=MIME["xlsx"])
        answer["Content-Disposition"] = 'attachment; filename="document.xlsx"'
        return answer
