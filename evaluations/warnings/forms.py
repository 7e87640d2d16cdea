"""What follows a result takes: rectification, visits after a signal, simulations."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.warnings.states import SIGNAL
from foundation.forms.actions import Input, inputs_for
from foundation.forms.fields import DayField


@inputs_for(SIGNAL, "plan_visit")
class PlanVisit(Input):
    visit_on = DayField(label=_("走访日期"), ahead=True)


@inputs_for(SIGNAL, "close")
class CloseSignal(Input):
    found = forms.CharField(
        label=_("走访发现和处理"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
