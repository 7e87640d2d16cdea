"""Pages of one's own sign-in: second factors, recovery codes, and what is open; and the reset by an administrator."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.forms.actions import ActionForm
from foundation.permissions import SIGNED_IN, access
from foundation.refusals import NotYours
from foundation.roles import GIVES_MEMBERSHIPS, STAFF
from foundation.ui.views import FormPage, Page, find_visible
from organizations.factors import keeping, passkeys, proving, recovery, totp
from organizations.factors.forms import AddApp, AddPasskey, Confirm, OwnForm, Reset
from organizations.factors.models import Factor
from organizations.people.models import User
from organizations.signing_in import entering, opened, own
from organizations.signing_in.middleware import WANTED


class ShowSecurity(Page):
    """How one signs in: factors, recovery codes, and where one is signed in now."""

    access = access(GET=SIGNED_IN)
    without_factor = True
    template = "organizations/factors/security.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        person = cast(User, request.user)
        return self.render(
            {
                "factors": Factor.objects.filter(user=person),
                "codes_left": recovery.left_of(person),
                "passkeys": passkeys.possible(request),
                "connections": person.connections.all(),
                "opened": opened.listed(request, person),
                "held_back": self.request.held_back,
                "staff": person.on_the_staff,
            }
        )


class OwnPage(FormPage):
    """A form about the factors of the person who asks."""

    access = access(GET=STAFF, POST=STAFF)
    without_factor = True
    keeps_draft = False

    @property
    def person(self) -> User:
        """Who asks."""
        return cast(User, self.request.user)

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "request": self.request}

    def find_object(self) -> None:
        """There is none: the page is about whoever asks."""

    def get_context_data(self) -> dict[str, Any]:
        return {"held_back": self.request.held_back}

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        if self.request.held_back and proving.asked_of(self.person):
            raise NotYours(_("请退出，用第二步验证登录以后再改。"))
        about_oneself = cast(OwnForm, form)
        about_oneself.require_owner(self.person)
        return self.change(about_oneself)

    def change(self, form: OwnForm) -> HttpResponse:
        """Do it, and answer."""
        raise TypeError(f"{type(self).__name__} does nothing")

    def added(self, codes: list[str]) -> HttpResponse:
        """After a factor was added: the recovery codes, if these are the first."""
        if codes:  # of the first one, which has ended everything else that was open
            opened.go_on(self.request, self.person)
        entering.prove(self.request)
        if codes:
            return show_codes(self, codes, first=True)
        messages.success(self.request, _("已添加。下次登录就可以用。"))
        return redirect("security")


def show_codes(page: Page, codes: list[str], *, first: bool) -> HttpResponse:
    """The page that shows recovery codes, for this once."""
    onward = page.request.session.pop(WANTED, "") or reverse("workbench")
    context = {"codes": codes, "first": first, "person": page.request.user, "onward": onward}
    return page.render(context, template="organizations/factors/codes.html")


class AddAnApp(OwnPage):
    """Scan the QR code, or type the key, and give the code that the app shows."""

    template = "organizations/factors/app.html"

    def form_class(self) -> type[ActionForm]:
        return AddApp

    def first_values(self) -> dict[str, Any]:
        return {"offer": keeping.offer(self.person)}

    def answer(self, form: ActionForm, status: int = 200) -> HttpResponse:
        sealed = str(form["offer"].value() or "")
        try:
            secret = keeping.offered(self.person, sealed)
        except keeping.Invalid:
            return redirect("factor-new-app")
        address = totp.address_of(secret, self.person.username, _("联动"))
        self.drawn = {"picture": totp.drawn(address), "typed_key": totp.typed_key(secret), "address": address}
        return super().answer(form, status)

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | self.drawn

    def change(self, form: OwnForm) -> HttpResponse:
        given = form.given()
        codes = keeping.add_app(
            self.person, by=self.actor, name=given["name"], sealed=given["offer"], code=given["code"]
        )
        return self.added(codes)


class AddAPasskey(OwnPage):
    """Let the browser make a passkey, and name it."""

    template = "organizations/factors/passkey.html"

    def form_class(self) -> type[ActionForm]:
        if not passkeys.possible(self.request):
            raise Http404
        return AddPasskey

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"asked": passkeys.ask_to_register(self.request, self.person)}

    def change(self, form: OwnForm) -> HttpResponse:
        given = form.given()
        credential, public_key = passkeys.read_new(self.request, given["answer"])
        codes = keeping.add_passkey(
            self.person, by=self.actor, name=given["name"], credential=credential, public_key=public_key
        )
        return self.added(codes)


class RemoveFactor(OwnPage):
    """Remove one of one's own factors."""

    without_factor = False
    template = "organizations/factors/confirm.html"

    def form_class(self) -> type[ActionForm]:
        return Confirm

    @property
    def factor(self) -> Factor:
        """The own factor of the address; raises ``Http404``."""
        found = Factor.objects.filter(user=self.person, pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {
            "title": _("删除“%(name)s”") % {"name": self.factor},
            "says": _("删除以后，就不能再用它登录。"),
            "button": _("删除"),
        }

    def change(self, form: OwnForm) -> HttpResponse:
        keeping.remove(self.factor, by=self.actor)
        messages.success(self.request, _("已删除。"))
        return redirect("security")


class RenewCodes(OwnPage):
    """New recovery codes, shown once."""

    without_factor = False
    template = "organizations/factors/confirm.html"

    def form_class(self) -> type[ActionForm]:
        return Confirm

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {
            "title": _("换一批备用码"),
            "says": _("新的备用码只显示一次，以前的立刻作废。"),
            "button": _("换一批"),
        }

    def change(self, form: OwnForm) -> HttpResponse:
        return show_codes(self, keeping.renew_codes(self.person, by=self.actor), first=False)


class EndOpened(Page):
    """End one of one's own sessions or tokens."""

    access = access(POST=SIGNED_IN)
    without_factor = True

    def post(self, request: HttpRequest, identifier: str) -> HttpResponse:
        if not own.end_one(cast(User, request.user), identifier, by=self.request.actor):
            raise Http404
        messages.success(request, _("已结束。"))
        return redirect("security")


class StaySignedIn(Page):
    """Somebody who was warned that the sign-in ends unused goes on."""

    access = access(POST=SIGNED_IN)
    without_factor = True

    def post(self, request: HttpRequest) -> HttpResponse:
        opened.use(request)
        return HttpResponse(status=204)


class EndOthers(Page):
    """End everything that one has open but this session."""

    access = access(POST=SIGNED_IN)
    without_factor = True

    def post(self, request: HttpRequest) -> HttpResponse:
        person = cast(User, request.user)
        own.end_all(person, by=self.request.actor)
        opened.go_on(request, person)
        messages.success(request, _("除了这里，其他登录和令牌都已结束。"))
        return redirect("security")


class ResetFactors(FormPage):
    """Take the factors of somebody away who has lost them; the reason is written down, and the person is told."""

    access = access(GET=GIVES_MEMBERSHIPS, POST=GIVES_MEMBERSHIPS)
    template = "organizations/factors/confirm.html"
    keeps_draft = False

    def form_class(self) -> type[ActionForm]:
        return Reset

    @property
    def person(self) -> User:
        """The person of the address; raises ``Http404`` for one whom the administrator does not see."""
        found: User = find_visible(User, self.actor, pk=self.kwargs["pk"])
        return found

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": _("清除%(name)s的第二步验证") % {"name": self.person.full_name},
            "says": _("先当面或打登记的电话核对本人。清除以后，其所有登录都会结束，用密码登录时要重新设置。"),
            "button": _("清除"),
            "back": self.person.get_absolute_url(),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        keeping.reset(self.person, by=self.actor, **form.given())
        messages.success(self.request, _("已清除，本人会收到通知。"))
        return redirect(self.person)
