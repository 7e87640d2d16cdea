"""Which holds where something else is kept of a household than is said now."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Words
from households.identity.verifying import Decision

#: What says which holds, by field and for all that differs.
DIFFERENCES = ("difference_name", "difference_phone", "difference_address", "differences")


def differences_field() -> forms.ChoiceField:
    """Which holds where something else is kept than is said now, for all that differs."""
    return forms.ChoiceField(
        label=_("有不同时"),
        choices=[("", _("请选择")), *Decision.choices],
        required=False,
        help_text=_("先不选；有不同，提交后会列出两边，再逐项选或在这里一并选。"),
    )


def difference_field(label: Words) -> forms.ChoiceField:
    """Which holds in one field; empty: as ``differences`` says."""
    return forms.ChoiceField(label=label, choices=[("", _("请选择")), *Decision.choices], required=False)
