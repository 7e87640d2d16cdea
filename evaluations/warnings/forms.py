"""Forms of the actions on early-warning signals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.warnings.states import SIGNAL
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField


@form_for(SIGNAL, "plan_visit")
class PlanVisit(ActionForm):
    visit_on = DayField(label=_("走访日期"), ahead=True)


@form_for(SIGNAL, "close")
class CloseSignal(ActionForm):
    found = forms.CharField(
        label=_("走访发现和处理"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
