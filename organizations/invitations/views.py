"""Pages of invitations, and those for whoever holds a link or a code, or has forgotten the password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms.actions import ActionForm
from foundation.journal import timeline
from foundation.messaging.senders import mails_leave, sender, shown_to_strangers
from foundation.permissions import ANYONE, access, access_to
from foundation.refusals import NotNow, Refused, TooOften
from foundation.roles import GIVES_MEMBERSHIPS
from foundation.ui.links import LinkPage
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, named, state_of
from foundation.ui.views import FormPage, Page, add_refusal_errors, find_visible, visible
from foundation.wording import day, moment
from organizations.invitations import codes, forgetting, inviting, joining, letters
from organizations.invitations.forms import (
    Forgotten,
    Join,
    JoinAsMyself,
    JoinUnderAnotherName,
    NewPassword,
    TypeCode,
)
from organizations.invitations.models import Channel, Invitation
from organizations.invitations.states import Purpose
from organizations.people.models import User
from organizations.signing_in import entering, passwords


class Invitations(ListPage):
    """The invitations that the reader sees, newest first."""

    access = access_to(Invitation)
    template = "organizations/invitations/invitations.html"
    columns = (
        Column(gettext_lazy("姓名"), lambda row: named(row.full_name, row.get_purpose_display())),
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
        own = inviting.may_send(found, self.actor)
        shown = own and sender().shows and not shown_to_strangers()
        if shown:
            letters.note_reading([found], self.actor)
        return self.render(
            {
                "object": found,
                "link": codes.link_of(found) if shown else "",
                "prints": own and not Channel(found.channel).leaves,
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )


class Letter(Page):
    """The letter of one invitation, to be printed and handed over."""

    access = access(GET=GIVES_MEMBERSHIPS)
    template = "organizations/invitations/letter.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = letters.to_print(Invitation.objects.filter(pk=pk), self.actor)
        if not found:
            raise Http404
        letters.note_reading(found, self.actor)
        return self.render({"letters": letters.letters_of(found)})


class OpenLink(LinkPage):
    """Join in a role, as a new account or as the one that is signed in; or set a new password."""

    access = access(GET=ANYONE, POST=ANYONE)
    template = "organizations/invitations/open.html"
    over = "organizations/invitations/over.html"
    invitation: Invitation

    def follow(self, token: str) -> None:
        self.invitation = codes.read(token)

    @property
    def joins(self) -> bool:
        """Whether the link gives a role."""
        return self.invitation.purpose == Purpose.JOIN

    @property
    def known(self) -> User | None:
        """The person of the staff who is signed in, if the link gives a role."""
        user = self.request.user
        return user if self.joins and isinstance(user, User) and user.on_the_staff else None

    def form_class(self) -> type[ActionForm]:
        if not self.joins:
            return NewPassword
        if not self.known:
            return Join
        return JoinAsMyself if joining.is_named(self.invitation, self.known) else JoinUnderAnotherName

    def form_arguments(self) -> dict[str, Any]:
        return {"obj": self.invitation}

    def get_context_data(self) -> dict[str, Any]:
        return {
            "object": self.invitation,
            "joins": self.joins,
            "known": self.known,
            "another": self.form_class() is JoinUnderAnotherName,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class()(request.POST, **self.form_arguments())
        if form.is_valid():
            try:
                return self.act(form, "")
            except NotNow as refusal:
                return self.say(str(refusal.message), status=410)
            except TooOften as refusal:
                add_refusal_errors(form, refusal)
                answer = self.answer(form, status=refusal.status)
                refusal.tell(answer)
                return answer
            except Refused as refusal:
                add_refusal_errors(form, refusal)
        return self.answer(form, status=422)

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        given = form.cleaned_data
        if not self.joins:
            person = joining.set_password(self.invitation, password=given["password"])
            passwords.begin_anew(self.request, person)
            messages.success(self.request, _("新密码已设好，请登录。以前的登录和令牌都已失效。"))
            return redirect(reverse("sign-in"))
        if self.known:
            joining.join_as(self.invitation, self.known, myself=given.get("myself", False))
            messages.success(self.request, _("已加上这个身份，可以在右上角切换。"))
            return redirect(reverse("workbench"))
        person = joining.counted_join(self.invitation, username=given["username"], password=given["password"])
        if self.invitation.begins_later:
            words = _("账号已建立。您的身份从 %(day)s 起才能用\uff0c到那天请用刚才的用户名和密码登录。")
            messages.success(self.request, words % {"day": day(self.invitation.valid_from)})
            return redirect(reverse("sign-in"))
        answer = entering.entered(self.request, person, reverse("workbench"))
        messages.success(self.request, _("欢迎加入。以后用刚才的用户名和密码登录。"))
        return answer


class EnterCode(FormPage):
    """Type the code of a letter."""

    access = access(GET=ANYONE, POST=ANYONE)
    template = "organizations/invitations/enter.html"
    keeps_draft = False

    def form_class(self) -> type[ActionForm]:
        return TypeCode

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        found = codes.read(form.cleaned_data["code"])
        return redirect(reverse("join", args=[codes.code_of(found)]))


class ForgottenPassword(FormPage):
    """Ask for a link to the registered address; the answer is the same whether there is such an account or not."""

    access = access(GET=ANYONE, POST=ANYONE)
    template = "organizations/invitations/forgotten.html"
    keeps_draft = False

    def form_class(self) -> type[ActionForm]:
        return Forgotten

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def get_context_data(self) -> dict[str, Any]:
        return {"sends_mail": mails_leave()}

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        given = form.cleaned_data
        address = self.request.META.get("REMOTE_ADDR", "")
        forgetting.ask(given["username"], given["email"], address=address)
        return self.render({"asked": True}, template=self.template)
