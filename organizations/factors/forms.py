"""Forms of second factors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms.actions import ActionForm
from organizations.people.models import User
from organizations.signing_in import entering, passwords

#: How browsers and telephones fill a code in.
ONE_TIME = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}


class OwnForm(ActionForm):
    """A form about the own account: it asks for the password unless the person has just signed in."""

    keeps_draft = False

    password = forms.CharField(
        label=gettext_lazy("您的密码"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("确认是您本人。"),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if hasattr(self.request, "session") and entering.fresh(self.request):
            del self.fields["password"]

    def require_owner(self, person: User) -> None:
        """Raise ``Invalid`` at the password where it is asked for and wrong; ``TooMany`` after too many."""
        if "password" in self.fields:
            passwords.require_owner(self.request, person, self.cleaned_data["password"])

    def given(self) -> dict[str, Any]:
        found = super().given()
        found.pop("password", None)
        return found


class AddApp(OwnForm):
    """The code that the app shows, and what the app is called."""

    offer = forms.CharField(widget=forms.HiddenInput, max_length=1000)
    code = forms.CharField(
        label=gettext_lazy("验证器上现在的六位数字"), max_length=12, widget=forms.TextInput(attrs=ONE_TIME)
    )
    name = forms.CharField(
        label=gettext_lazy("起个名字"), max_length=40, help_text=gettext_lazy("例如：我的手机。")
    )
    field_order = ("offer", "code", "name")

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("name", _("我的手机"))


class AddPasskey(OwnForm):
    """What the passkey is called, and what the browser has made."""

    answer = forms.CharField(widget=forms.HiddenInput, max_length=20_000, required=False)
    name = forms.CharField(
        label=gettext_lazy("起个名字"), max_length=40, help_text=gettext_lazy("例如：办公室的电脑。")
    )


class Confirm(OwnForm):
    """Nothing but that it is the person."""


class GiveFactor(ActionForm):
    """The code of an app or on paper, or what a passkey has signed."""

    keeps_draft = False

    answer = forms.CharField(widget=forms.HiddenInput, max_length=20_000, required=False)
    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={**ONE_TIME, "inputmode": "text"}),
        help_text=gettext_lazy("验证器上的六位数字；手机不在身边时，用一个备用码。"),
    )

    def prepare(self) -> None:
        self.show_as_needed("code")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not given.get("code") and not given.get("answer") and "code" not in self.errors:
            self.add_error("code", _("请输入验证码。"))
        return given


class SignInByPasskey(ActionForm):
    """What a passkey has signed."""

    keeps_draft = False

    answer = forms.CharField(widget=forms.HiddenInput, max_length=20_000, required=False)


class Reset(ActionForm):
    """Why somebody's factors are taken away."""

    keeps_draft = False

    reason = forms.CharField(
        label=gettext_lazy("原因，以及怎样核对了本人"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如：手机丢失，本人持工作证到场核对。会写进办理记录，本人也会收到通知。"),
    )
