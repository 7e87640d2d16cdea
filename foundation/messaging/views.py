"""Pages of text messages that were not delivered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from foundation.messaging import sending
from foundation.messaging.models import Message
from foundation.messaging.wording import about
from foundation.permissions import access
from foundation.refusals import Refused
from foundation.roles import Role
from foundation.ui.pagination import paginate
from foundation.ui.views import Page, find_visible


class Undelivered(Page):
    """Text messages that no gateway took within a day: when, what for, to whom; without their text."""

    access = access(GET=(Role.CIVIL_AFFAIRS,))
    template = "foundation/messaging/undelivered.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = paginate(Message.objects.visible_to(self.actor), request)
        return self.render({"page": page, "rows": [(message, about(message.about)) for message in page]})


class SendAgain(Page):
    """Try an undelivered text message again."""

    access = access(POST=(Role.CIVIL_AFFAIRS,))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = find_visible(Message, self.actor, pk=pk)
        try:
            sending.send_again(message, by=self.actor)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("正在重发。"))
        return redirect("undelivered")
