"""Pages of signing in and out, and of changing the password."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from foundation.forms.actions import ActionForm
from foundation.forms.base import PlainForm
from foundation.forms.typed import folded
from foundation.permissions import ANYONE, SIGNED_IN, ActorRequest, access
from foundation.refusals import NotNow
from foundation.ui.links import LinkPage
from foundation.ui.views import FormPage, Guarded
from marketplace.errors import faults
from organizations.factors import passkeys, proving
from organizations.factors.forms import GiveFactor
from organizations.factors.forms import SignInByPasskey as PasskeyForm
from organizations.factors.models import Factor, FactorKind
from organizations.invitations.forms import STRONG, a_password
from organizations.people.models import User
from organizations.signing_in import devices, ended, entering, opened, own, passwords, tries, unfamiliar


class NameAndPassword(PlainForm, AuthenticationForm):
    """The form of signing in; the user name is folded, so that all its spellings share their tries."""

    request: HttpRequest
    error_messages = {
        "invalid_login": gettext_lazy(
            "用户名或密码不对。请看看大小写对不对，再试一次；忘了密码请点下面的“忘记密码”。"
        ),
        "inactive": gettext_lazy("这个账号已停用，请联系管理员。"),
    }

    def clean_username(self) -> str:
        """The name folded, as in the API."""
        return folded(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """Check the password; raises ``TooMany`` after too many tries."""
        given = self.cleaned_data
        if given.get("username") and given.get("password"):
            self.user_cache = passwords.person_of(self.request, given["username"], given["password"])
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return given


class NewPassword(PlainForm, PasswordChangeForm):
    """The form of changing the password; tries of the old one are limited as at sign-in."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_mismatch": gettext_lazy("两次输入的密码不一样。"),
        "password_incorrect": gettext_lazy("现在的密码不对。"),
    }
    old_password = a_password(gettext_lazy("现在的密码"), autocomplete="current-password")
    new_password1 = a_password(gettext_lazy("新密码"), help_text=STRONG)
    new_password2 = a_password(gettext_lazy("再输一遍"))

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(cast(User, request.user), *args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """The old password; raises ``TooMany`` after too many tries."""
        old: str = self.cleaned_data["old_password"]
        if not passwords.is_password_of(self.request, self.user, old):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old

    def validate_password_for_user(self, user: Any, *args: Any, **kwargs: Any) -> None:
        """Tell of a weak password where it was typed first, also when the second differs."""
        super().validate_password_for_user(user, "new_password1")


class LimitedTries(FormView):
    """A form with a password: 429 after too many wrong ones."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except tries.TooMany as refusal:
            return faults.locked_out(request, refusal)


class SignIn(Guarded, LimitedTries, auth_views.LoginView):
    """Sign in by name and password; 429 after too many wrong passwords."""

    authentication_form = NameAndPassword

    access = access(GET=ANYONE, POST=ANYONE)
    http_method_names = ["get", "post", "head", "options"]
    template_name = "marketplace/sign_in/sign_in.html"
    redirect_authenticated_user = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ways = {"passkeys": passkeys.possible(self.request)}
        return super().get_context_data(ended=ended.in_words(self.request), **ways, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        person = form.get_user()
        if proving.asked_of(person):
            entering.wait(self.request, person, self.get_success_url())
            return redirect("sign-in-factor")
        return entering.entered(self.request, person, self.get_success_url())


class GiveSecondFactor(FormPage):
    """After the right password: the code of an app, one on paper, or a passkey."""

    access = access(GET=ANYONE, POST=ANYONE)
    without_factor = True
    template = "marketplace/sign_in/factor.html"
    keeps_draft = False

    @cached_property
    def waiting(self) -> entering.Waiting | None:
        """Whose factor is waited for."""
        return entering.waiting(self.request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "POST") and self.waiting is None:
            return self.render({}, template="marketplace/sign_in/waited_too_long.html", status=409)
        return super().dispatch(request, *args, **kwargs)

    def form_class(self) -> type[ActionForm]:
        return GiveFactor

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def get_context_data(self) -> dict[str, Any]:
        person = cast(entering.Waiting, self.waiting).person
        own = Factor.objects.filter(user=person, kind=FactorKind.PASSKEY)
        offers = passkeys.possible(self.request) and own.exists()
        return {"asked": passkeys.ask_to_sign(self.request, person) if offers else ""}

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        waiting, given = cast(entering.Waiting, self.waiting), form.cleaned_data
        if given["answer"]:
            proving.check_signed(self.request, given["answer"], waiting.person)
        else:
            proving.check(self.request, waiting.person, given["code"])
        return entering.entered(self.request, waiting.person, waiting.address, proved=True)


class SignInByPasskey(FormPage):
    """Sign in by a passkey alone, which asks for a finger, a face or a PIN and so is two factors at once."""

    access = access(GET=ANYONE, POST=ANYONE)
    without_factor = True
    template = "marketplace/sign_in/passkey.html"
    keeps_draft = False

    def form_class(self) -> type[ActionForm]:
        if not passkeys.possible(self.request):
            raise Http404
        return PasskeyForm

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def get_context_data(self) -> dict[str, Any]:
        return {"asked": passkeys.ask_to_sign(self.request)}

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        person = proving.check_signed(self.request, form.cleaned_data["answer"])
        asked = self.request.GET.get("next", "")
        ours = url_has_allowed_host_and_scheme(asked, {self.request.get_host()}, self.request.is_secure())
        return entering.entered(self.request, person, asked if ours else reverse("workbench"), proved=True)


class SignOut(Guarded, auth_views.LogoutView):  # type: ignore[misc]  # the stubs promise less
    """Sign out, to the public pages."""

    access = access(POST=ANYONE)
    without_factor = True
    http_method_names = ["post", "options"]


class ChangePassword(Guarded, LimitedTries, auth_views.PasswordChangeView):
    """Change one's own password."""

    access = access(GET=SIGNED_IN, POST=SIGNED_IN)
    http_method_names = ["get", "post", "head", "options"]
    template_name = "marketplace/sign_in/password.html"
    form_class = NewPassword

    def get_form_kwargs(self) -> dict[str, Any]:
        given = super().get_form_kwargs()
        del given["user"]
        return given | {"request": self.request}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        by = cast(ActorRequest, self.request).actor
        own.change_own_password(form.user, by=by, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, form.user)
        opened.follow(self.request)
        answer = redirect(self.get_success_url())
        devices.remember(self.request, answer, form.user)
        words = _("密码已修改。其他设备上的登录和程序用的令牌都已失效，须重新登录。")
        messages.success(self.request, words)
        return answer

    def get_success_url(self) -> str:
        return reverse("workbench")


class NoFields(ActionForm):
    """Nothing to fill."""

    keeps_draft = False


class NotMe(LinkPage):
    """The link in the message about a sign-in: whoever follows it says that it was another."""

    access = access(GET=ANYONE, POST=ANYONE)
    without_factor = True
    template = "marketplace/sign_in/not_me.html"
    over = "marketplace/sign_in/not_me_over.html"

    def follow(self, token: str) -> None:
        unfamiliar.read(token)

    def form_class(self) -> type[ActionForm]:
        return NoFields

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        try:
            unfamiliar.refuse(self.kwargs["token"])
        except NotNow as refusal:
            return self.say(str(refusal.message), status=410)
        return self.say(
            _("所有登录都已结束，密码已停用，管理员会收到通知。怎样设新密码，见登录页的“忘记密码”。")
        )
