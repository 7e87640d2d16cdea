"""Pages of text messages that were not delivered."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.messaging import sending
from foundation.messaging.models import Message
from foundation.messaging.senders import texts_leave
from foundation.messaging.wording import about
from foundation.permissions import access, access_to
from foundation.refusals import Refused
from foundation.roles import Role
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, drawn
from foundation.ui.views import Page, find_visible
from foundation.wording import moment


class Undelivered(ListPage):
    """Text messages that no gateway took within a day: when, what for, to whom; without their text."""

    access = access_to(Message)
    template = "foundation/messaging/undelivered.html"
    linked = False

    @property
    def columns(self) -> Sequence[Column]:
        """What each text was for and how often it was tried; the last column sends it again."""
        return (
            Column(gettext_lazy("用途"), lambda row: about(row.about)),
            Column(gettext_lazy("号码"), "to"),
            Column(gettext_lazy("写入时间"), lambda row: moment(row.at)),
            Column(gettext_lazy("试发次数"), "tries"),
            Column(gettext_lazy("登记未送达"), lambda row: moment(row.undelivered_at)),
            Column("", drawn("foundation/messaging/send_again.html", "text", self.request)),
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Message.objects.visible_to(self.actor).given_up_lately_first()
        return self.show_list(found, texts_leave=texts_leave())


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
