"""The form of the first administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm
from foundation.forms.fields import FoldedField
from organizations.people.models import User


class FirstAdministrator(ActionForm):
    """The account that lets everybody else in."""

    keeps_draft = False

    full_name = forms.CharField(label=_("姓名"), max_length=40)
    username = FoldedField(
        label=_("用户名"), max_length=150, help_text=_("登录时用，例如姓名的拼音；以后不能改。")
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 个字符，不要只用数字，也不要和姓名、用户名相近。"),
    )
    again = forms.CharField(
        label=_("再输一遍"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_username(self) -> str:
        """The user name, which nobody else has."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError(_("这个用户名已有人用，请换一个。"))
        return username

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("两次输入的密码不一样。"))
        if given.get("password") and given.get("username"):
            user = User(username=given["username"], full_name=given.get("full_name", ""))
            try:
                user.clean_fields(exclude=["password"])
                validate_password(given["password"], user)
            except forms.ValidationError as fault:
                if hasattr(fault, "error_dict"):
                    for name, faults in fault.error_dict.items():
                        self.add_error(name if name in self.fields else None, faults)
                else:
                    self.add_error("password", fault)
        return given

    def given(self) -> dict[str, Any]:
        found = super().given()
        del found["again"]
        return found
