"""Pages of invitations for administrators."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from foundation.journal import timeline
from foundation.messaging.senders import sender, shown_to_strangers
from foundation.parties import is_one_of
from foundation.permissions import access, access_to
from foundation.roles import GIVES_MEMBERSHIPS
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of, under
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import moment
from organizations.invitations import codes
from organizations.invitations.models import Channel, Invitation
from organizations.permissions import renewing


class Invitations(ListPage):
    """The invitations that the reader sees, newest first."""

    access = access_to(Invitation)
    template = "organizations/invitations/invitations.html"
    columns = (
        Column(gettext_lazy("姓名"), lambda row: row.full_name + under(row.get_purpose_display())),
        Column(gettext_lazy("身份"), lambda row: row.seat or "—"),
        Column(gettext_lazy("怎样送达"), lambda row: row.get_channel_display()),
        Column(gettext_lazy("链接有效至"), lambda row: moment(row.expires_at)),
        state_of(Invitation),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(Invitation, self.actor).select_related("organization", "place")
        return self.show_list(found)


class ShowInvitation(Page):
    """One invitation; its link is shown only where no message leaves the machine."""

    access = access_to(Invitation)
    template = "organizations/invitations/invitation.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Invitation, self.actor, pk=pk)
        own = found.usable and is_one_of(renewing, self.actor, found)
        shown = own and sender().shows and not shown_to_strangers()
        return self.render(
            {
                "object": found,
                "link": codes.link_of(found) if shown else "",
                "prints": own and found.channel == Channel.LETTER,
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )


class Letter(Page):
    """The letter of one invitation, to be printed and handed over."""

    access = access(GET=GIVES_MEMBERSHIPS)
    template = "organizations/invitations/letter.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Invitation, self.actor, pk=pk)
        if not (found.usable and found.channel == Channel.LETTER and is_one_of(renewing, self.actor, found)):
            raise Http404
        letter = {"object": found, "code": codes.code_of(found), "link": codes.link_of(found)}
        return self.render({"letters": [letter]})
