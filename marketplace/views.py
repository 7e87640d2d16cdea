"""Sign-in, workbench, search, and the switches of the frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from catalog.models import Item
from foundation import typed
from foundation.access import ANYONE, SIGNED_IN, access
from foundation.clauses import quoted
from foundation.forms import PlainForm
from foundation.journal import timeline
from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES
from foundation.pages.base import Guarded, Page
from foundation.pages.lists import ListPage
from foundation.pages.numbered import numbered
from foundation.pages.tables import Column
from foundation.roles import Role
from foundation.typed import folded
from foundation.wording import moment
from households.models import Household
from marketplace import faults, workbench
from organizations import devices, signing_in, tries
from organizations.middleware import SESSION_KEY, begin
from organizations.models import Provider, User
from referrals import heard
from referrals.models import Matter, Referral

#: A search asks for at least this many characters.
SHORTEST = 2


class NameAndPassword(PlainForm, AuthenticationForm):
    """The name in its plain form, so that no spelling of it has tries of its own."""

    request: HttpRequest

    def clean_username(self) -> str:
        """As the API reads it."""
        return folded(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """Who it is; raises ``TooMany`` where nobody may try any more."""
        given = self.cleaned_data
        if given.get("username") and given.get("password"):
            self.user_cache = signing_in.person_of(self.request, given["username"], given["password"])
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return given


class NewPassword(PlainForm, PasswordChangeForm):
    """The old password is guessed no more often than at the sign-in."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(cast(User, request.user), *args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """As typed; raises ``TooMany`` where nobody may try any more."""
        old: str = self.cleaned_data["old_password"]
        if not signing_in.is_password_of(self.request, self.user, old):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old


class SignIn(Guarded, auth_views.LoginView):
    """Name and password; too many wrong ones lock the door for 15 minutes."""

    authentication_form = NameAndPassword

    access = access(GET=ANYONE, POST=ANYONE)
    http_method_names = ["get", "post", "head", "options"]
    template_name = "marketplace/sign_in.html"
    redirect_authenticated_user = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except tries.TooMany as refusal:
            return faults.locked_out(request, refusal.retry_after)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        begin(self.request, form.get_user())
        devices.remember(self.request, answer, form.get_user())
        return answer


class SignOut(Guarded, auth_views.LogoutView):  # type: ignore[misc]  # the stubs promise less
    """Out, back to the public pages."""

    access = access(POST=ANYONE)
    http_method_names = ["post", "options"]


class ChangePassword(Guarded, auth_views.PasswordChangeView):
    """One's own password."""

    access = access(GET=SIGNED_IN, POST=SIGNED_IN)
    http_method_names = ["get", "post", "head", "options"]
    template_name = "marketplace/password.html"
    form_class = NewPassword

    def get_form_kwargs(self) -> dict[str, Any]:
        given = super().get_form_kwargs()
        del given["user"]
        return given | {"request": self.request}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except tries.TooMany as refusal:
            return faults.locked_out(request, refusal.retry_after)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        answer = super().form_valid(form)
        devices.remember(self.request, answer, form.user)
        words = _("密码已修改。其他设备上的登录和程序用的令牌都已失效，须重新登录。")
        messages.success(self.request, words)
        return answer

    def get_success_url(self) -> str:
        return reverse("workbench")


class ShowWorkbench(Page):
    """What waits for me."""

    access = access(GET=SIGNED_IN)
    template = "marketplace/workbench.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        troubles = workbench.troubles() if self.actor.role == Role.CIVIL_AFFAIRS else None
        bench = workbench.open_for(self.actor)
        heard_of = heard.waiting(self.actor)
        return self.show({"bench": bench, "heard": heard_of, "troubles": troubles})


class Search(Page):
    """One box: matters, referrals and households by number, providers, items."""

    access = access(GET=SIGNED_IN)
    template = "marketplace/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = typed.folded(request.GET.get("q", ""))
        found: dict[str, Any] = {"asked": asked}
        if len(asked) >= SHORTEST:
            me = self.actor
            found |= {
                "matters": numbered(Matter.objects.visible_to(me), asked, "SL")[:10],
                "referrals": numbered(
                    Referral.objects.visible_to(me).select_related("offer__item"), asked, "ZJ"
                )[:10],
                "households": numbered(Household.objects.visible_to(me), asked, "JT")[:10],
                "providers": Provider.objects.visible_to(me).named(asked).select_related("organization")[:10],
                "items": Item.objects.in_force().answering(asked).defer("search")[:10],
            }
        found["any"] = any(found.get(name) for name in found if name not in ("asked",))
        return self.show(found)


def _two(above: str, below: str) -> SafeString:
    """Words, and smaller ones beneath."""
    return format_html('<div>{}<div class="soft small">{}</div></div>', above, below)


class Journal(ListPage):
    """Everything that was done, for the audit."""

    access = access(GET=(Role.AUDITOR, Role.CIVIL_AFFAIRS))
    template = "marketplace/journal.html"

    @property
    def columns(self) -> Sequence[Column]:
        """Reasons are shown as this reader may read them."""
        return (
            Column(_("时间"), lambda row: format_html('<span class="nowrap">{}</span>', moment(row.at))),
            Column(_("对象"), lambda row: _two(row.object_name, timeline.words_of(row)[0])),
            Column(_("动作"), lambda row: timeline.words_of(row)[1]),
            Column(
                _("办理人"),
                lambda row: _two(row.actor_shown or row.get_role_display(), row.organization_name),
            ),
            Column(_("理由"), lambda row: Truncator(timeline.reason_of(row, self.actor)).chars(60)),
            Column(_("依据"), lambda row: quoted(row.basis)),
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        entries = Entry.objects.visible_to(self.actor)
        kind, act = (folded(request.GET.get(name, "")) for name in ("kind", "act"))
        if kind:
            entries = entries.filter(lifecycle=kind)
        if act:
            entries = entries.filter(move=act)
        kinds = [(label, each.title) for label, each in LIFECYCLES.items()]
        return self.show_list(entries, kinds=kinds, kind=kind, act=act)

    def address_of(self, row: Entry) -> str:
        """Entries have no pages."""
        return ""


def _back(request: HttpRequest) -> HttpResponse:
    """To where the switch was used, if that is an address of ours."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        try:
            resolve(asked.split("?")[0])
        except (Resolver404, NoReverseMatch):
            return redirect("catalog")
        return redirect(asked)
    return redirect("catalog")


class SwitchRole(Page):
    """Act in another of one's roles; also where the one that was chosen has ended."""

    access = access(POST=ANYONE)

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("membership", "")
        if chosen not in {str(each.pk) for each in self.request.memberships}:
            raise Http404
        request.session[SESSION_KEY] = int(chosen)
        return redirect("workbench")


class SwitchLanguage(Page):
    """Chinese or English."""

    access = access(POST=ANYONE)

    def post(self, request: HttpRequest) -> HttpResponse:
        language = "en" if request.POST.get("language") == "en" else "zh-hans"
        translation.activate(language)
        answer = _back(request)
        answer.set_cookie(
            "django_language",
            language,
            max_age=365 * 86400,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return answer


class SwitchElder(Page):
    """Large type and fewer choices (适老化)."""

    access = access(POST=ANYONE)

    def post(self, request: HttpRequest) -> HttpResponse:
        request.session["elder"] = not request.session.get("elder", False)
        return _back(request)
