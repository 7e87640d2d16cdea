"""Forms of the actions on rectifications."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.rectifications.states import RECTIFICATION
from foundation.forms.actions import ActionForm, form_for


@form_for(RECTIFICATION, "report")
class ReportMended(ActionForm):
    report = forms.CharField(
        label=_("整改了什么"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("对照要求逐条写，复查时逐条看。"),
    )
