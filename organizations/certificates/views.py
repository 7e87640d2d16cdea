"""Pages of certificates."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.files import file_answer
from foundation.ui.views import Page, find_visible
from organizations.certificates.models import Certificate


class ShowCertificate(Page):
    """One certificate."""

    access = access_to(Certificate)
    template = "organizations/certificates/certificate.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Certificate.objects.defer("content").select_related("provider__organization")
        found = find_visible(rows, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )


class CertificateFile(Page):
    """Its file."""

    access = access_to(Certificate)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found: Certificate = find_visible(Certificate, self.actor, pk=pk)
        return file_answer(found.plain(), found.file_kind)
