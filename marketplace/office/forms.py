"""The form of the first administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.invitations.forms import Join
from organizations.people.models import User


class FirstAdministrator(Join):
    """The account that lets everybody else in."""

    full_name = forms.CharField(label=_("姓名"), max_length=40)
    field_order = ["full_name", "username", "password", "again"]

    def clean_username(self) -> str:
        """The user name, which nobody else has."""
        username = super().clean_username()
        if User.objects.named(username).exists():
            raise forms.ValidationError(_("这个用户名已有人用，请换一个。"))
        return username

    def given(self) -> dict[str, Any]:
        found = super().given()
        del found["again"]
        return found
