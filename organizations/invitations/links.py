"""Pages for whoever holds a link or a code, and for whoever has forgotten the password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.forms.actions import ActionForm
from foundation.messaging.senders import takes_mail
from foundation.permissions import ANYONE, access
from foundation.refusals import NotNow, Refused
from foundation.ui.links import LinkPage
from foundation.ui.views import FormPage, add_refusal_errors
from organizations.invitations import codes, forgetting, joining
from organizations.invitations.forms import Forgotten, Join, JoinAsMyself, NewPassword, TypeCode
from organizations.invitations.models import Invitation
from organizations.invitations.states import Purpose
from organizations.people.models import User
from organizations.signing_in import devices, entering


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
        return user if self.joins and isinstance(user, User) and not user.private else None

    def form_class(self) -> type[ActionForm]:
        if not self.joins:
            return NewPassword
        return JoinAsMyself if self.known else Join

    def get_context_data(self) -> dict[str, Any]:
        return {"object": self.invitation, "joins": self.joins, "known": self.known}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class()(request.POST)
        if form.is_valid():
            try:
                return self.act(form, "")
            except NotNow as refusal:
                return self.say(str(refusal.message), status=410)
            except Refused as refusal:
                add_refusal_errors(form, refusal)
        return self.answer(form, status=422)

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        given = form.cleaned_data
        if not self.joins:
            joining.set_password(self.invitation, password=given["password"])
            messages.success(self.request, _("新密码已设好，请登录。以前的登录和令牌都已失效。"))
            return redirect(reverse("sign-in"))
        if self.known:
            person = joining.join_as(self.invitation, self.known)
            messages.success(self.request, _("已加上这个身份，可以在页面上方切换。"))
            return redirect(reverse("workbench"))
        person = joining.join(self.invitation, username=given["username"], password=given["password"])
        entering.enter(self.request, person)
        messages.success(self.request, _("欢迎加入。以后用刚才的用户名和密码登录。"))
        answer = redirect(reverse("workbench"))
        devices.remember(self.request, answer, person)
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
        return {"takes_mail": takes_mail()}

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        given = form.cleaned_data
        address = self.request.META.get("REMOTE_ADDR", "")
        forgetting.ask(given["username"], given["email"], address=address)
        return self.render({"asked": True}, template=self.template)
