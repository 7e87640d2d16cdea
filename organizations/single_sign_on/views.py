"""Pages of the single sign-on: signing in by it, and connecting and disconnecting one's own account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from foundation import moments
from foundation.forms.actions import ActionForm
from foundation.permissions import ANYONE, access
from foundation.refusals import Refused
from foundation.roles import GIVES_MEMBERSHIPS
from foundation.ui.views import Page, find_visible
from organizations.factors import proving
from organizations.factors.forms import Confirm, OwnForm
from organizations.factors.views import OwnPage
from organizations.people.models import User
from organizations.signing_in import entering
from organizations.single_sign_on import connecting, provider
from organizations.single_sign_on.models import Connection
from organizations.single_sign_on.provider import Asked, Told

#: What the provider is asked for.
SIGN_IN, CONNECT = "sign-in", "connect"

#: Where a session keeps who confirmed that the own account be connected, and when.
CONFIRMED = "connecting"


class Begin(Page):
    """Go to the provider, to sign in or, once that was confirmed, to connect the own account."""

    access = access(GET=ANYONE)
    without_factor = True
    template = "organizations/single_sign_on/refused.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not provider.offered():
            raise Http404
        asked = request.GET.get("next", "")
        ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
        purpose = CONNECT if request.GET.get("purpose") == CONNECT else SIGN_IN
        try:
            address = provider.begin(request, Asked(purpose, asked if ours else reverse("workbench")))
        except Refused as refusal:
            return self.render({"words": refusal.message}, status=503)
        return redirect(address)


class Back(Page):
    """Come back from the provider."""

    access = access(GET=ANYONE)
    without_factor = True
    template = "organizations/single_sign_on/refused.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not provider.offered():
            raise Http404
        try:
            asked, told = provider.finish(request)
            return self._connected(told) if asked.purpose == CONNECT else self._signed_in(asked, told)
        except Refused as refusal:
            return self.render({"words": refusal.message}, status=refusal.status)

    def _signed_in(self, asked: Asked, told: Told) -> HttpResponse:
        person = connecting.known(told)
        if person is None:
            return self.render({"unknown": True}, status=403)
        if not told.proved and proving.asked_of(person):
            entering.wait(self.request, person, asked.address)
            return redirect("sign-in-factor")
        return entering.entered(self.request, person, asked.address, proved=told.proved)

    def _connected(self, told: Told) -> HttpResponse:
        kept = self.request.session.pop(CONFIRMED, {})
        person = self.request.user
        late = moments.now().timestamp() - kept.get("at", 0) > provider.MINUTES * 60
        if self.request.actor is None or not isinstance(person, User) or late or kept["person"] != person.pk:
            return self.render({"words": _("请先登录，再从“登录与安全”开始连接。")}, status=409)
        connecting.connect(person, told, by=self.actor)
        messages.success(self.request, _("已连接。以后可以用它登录。"))
        return redirect("security")


class Connect(OwnPage):
    """Confirm that the own account be connected; then a link leads to the provider."""

    template = "organizations/single_sign_on/connect.html"

    def form_class(self) -> type[ActionForm]:
        if not provider.offered():
            raise Http404
        return Confirm

    def change(self, form: OwnForm) -> HttpResponse:
        self.request.session[CONFIRMED] = {"person": self.person.pk, "at": moments.now().timestamp()}
        return self.render({"confirmed": True, "form": form, **self.get_context_data()})


class Disconnect(OwnPage):
    """Let the own connection open nothing any more."""

    template = "organizations/factors/confirm.html"

    def form_class(self) -> type[ActionForm]:
        return Confirm

    @property
    def connection(self) -> Connection:
        """The own connection of the address; raises ``Http404``."""
        found = Connection.objects.filter(user=self.person, pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {
            "title": _("断开统一身份认证"),
            "says": _("断开以后，只能用用户名和密码登录。"),
            "button": _("断开"),
        }

    def change(self, form: OwnForm) -> HttpResponse:
        connecting.disconnect(self.connection, by=self.actor)
        messages.success(self.request, _("已断开。"))
        return redirect("security")


class DisconnectSomebody(Page):
    """Let a connection of somebody open nothing any more, which another may have made."""

    access = access(POST=GIVES_MEMBERSHIPS)

    def post(self, request: HttpRequest, pk: int, connection: int) -> HttpResponse:
        person = find_visible(User, self.actor, pk=pk)
        connecting.disconnect(get_object_or_404(person.connections, pk=connection), by=self.actor)
        messages.success(request, _("已断开，本人会收到通知。"))
        return redirect(person)
