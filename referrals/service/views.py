"""Pages of a service: signatures and visit codes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from foundation.permissions import access
from foundation.refusals import Refused
from foundation.roles import AT_A_SERVICE
from foundation.ui.views import Page, find_visible
from referrals.offers.models import Referral
from referrals.service import confirming


class ShowSignature(Page):
    """The signature under a visit, for the people of the case; it shows a name in plain."""

    access = access(GET=AT_A_SERVICE)

    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        referral = find_visible(Referral, self.actor, number=number)
        visit = get_object_or_404(referral.visits, pk=pk, signature__isnull=False)
        return HttpResponse(visit.signed(), content_type="image/png")


class SendVisitCode(Page):
    """Send a new code to the household's phone, for a worker who is at the door."""

    access = access(POST=AT_A_SERVICE)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        referral = find_visible(Referral, self.actor, number=number)
        status, words = 200, _("确认码已发到家庭的手机，以最新一条为准。")
        try:
            confirming.send_code(referral, by=self.actor)
        except Refused as refusal:
            status, words = 409, str(refusal.message)
        if self.request.htmx:
            return HttpResponse(words, status=status, content_type="text/plain")
        (messages.success if status == 200 else messages.error)(request, words)
        return redirect(referral)
