"""Form fields that decide between what is registered of a household and what is said now."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Words
from households.identity.verifying import Decision

#: The names of the fields that decide, one by one and for all differences.
DIFFERENCES = ("difference_name", "difference_phone", "difference_address", "differences")


def differences_field() -> forms.ChoiceField:
    """The field that decides for all differences at once."""
    return forms.ChoiceField(
        label=_("有不同时"),
        choices=[("", _("请选择")), *Decision.choices],
        required=False,
        help_text=_("先不选；有不同，提交后会列出两边，再逐项选或在这里一并选。"),
    )


def difference_field(label: Words) -> forms.ChoiceField:
    """The field that decides for one field; empty: as ``differences`` says."""
    return forms.ChoiceField(label=label, choices=[("", _("请选择")), *Decision.choices], required=False)
