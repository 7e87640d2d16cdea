"""Pages of signing in and out, and of changing the password."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from foundation.forms.base import PlainForm
from foundation.forms.typed import folded
from foundation.permissions import ANYONE, SIGNED_IN, access
from foundation.ui.views import Guarded
from marketplace.errors import faults
from organizations.people.models import User
from organizations.signing_in import devices, passwords, tries
from organizations.signing_in.middleware import begin


class NameAndPassword(PlainForm, AuthenticationForm):
    """The form of signing in; the user name is folded, so that all its spellings share their tries."""

    request: HttpRequest

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

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(cast(User, request.user), *args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """The old password; raises ``TooMany`` after too many tries."""
        old: str = self.cleaned_data["old_password"]
        if not passwords.is_password_of(self.request, self.user, old):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old


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

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        begin(self.request, form.get_user())
        devices.remember(self.request, answer, form.get_user())
        return answer


class SignOut(Guarded, auth_views.LogoutView):  # type: ignore[misc]  # the stubs promise less
    """Sign out, to the public pages."""

    access = access(POST=ANYONE)
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
        answer = super().form_valid(form)
        devices.remember(self.request, answer, form.user)
        words = _("密码已修改。其他设备上的登录和程序用的令牌都已失效，须重新登录。")
        messages.success(self.request, words)
        return answer

    def get_success_url(self) -> str:
        return reverse("workbench")
