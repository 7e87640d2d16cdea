"""Forms of telephones and mail addresses: one's own, and those of somebody whom an administrator helps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm
from foundation.forms.fields import MobileField
from organizations.factors.forms import OwnForm


class RegisteredMobile(MobileField):
    """A mobile number; ``masked`` is how the registered one is shown, and stands for it."""

    default_error_messages = {"invalid": _("短信只能发到手机，请填写 11 位手机号。")}
    masked = ""

    def clean(self, value: Any) -> str:
        if self.masked and str(value or "").strip() == self.masked:
            return self.masked
        return super().clean(value)


class ContactForm(ActionForm):
    """The telephone and the mail address of an account, its ``obj``; what is left empty is taken away."""

    changes = True
    keeps_draft = False

    phone = RegisteredMobile(
        label=_("手机"),
        required=False,
        help_text=_("登记的号码只显示头尾；不改就不动它，清空就是不再登记。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=_("邮箱"),
        required=False,
        max_length=120,
        help_text=_("忘记密码时，重设的链接发到这里。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def prepare(self) -> None:
        super().prepare()
        field = self.fields["phone"]
        if self.obj is not None and isinstance(field, RegisteredMobile):
            field.masked = str(self.obj.phone) if self.obj.phone else ""
            self.initial.setdefault("phone", field.masked)
            self.initial.setdefault("email", self.obj.email)

    def given(self) -> dict[str, Any]:
        """What is given, with None for the telephone that stays as it is."""
        found = super().given()
        field = self.fields["phone"]
        if isinstance(field, RegisteredMobile) and field.masked and found["phone"] == field.masked:
            found["phone"] = None
        return found


class OwnContact(ContactForm, OwnForm):
    """One's own, with the password unless the person has just signed in."""

    field_order = ("phone", "email", "password")


class OwnContactByProgram(ContactForm):
    """One's own, with the password, as the API asks for it."""

    password = forms.CharField(label=_("您的密码"), max_length=128, strip=False)

    def given(self) -> dict[str, Any]:
        found = super().given()
        found.pop("password", None)
        return found


class ContactOfSomebody(ContactForm):
    """Those of somebody else, and how it was made sure that it is this person who asks."""

    reason = forms.CharField(
        label=_("原因，以及怎样核对了本人"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：换了号码，本人持工作证到场核对。会写进办理记录，本人也会收到通知。"),
    )
