"""The form of a yearly check."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField
from organizations.yearly_checks.models import YearlyResult
from organizations.yearly_checks.states import YEARLY_CHECK


@form_for(YEARLY_CHECK, "state")
class State(ActionForm):
    """The year and its result."""

    year = CountField(label=_("年度"), least=2000, most=2100)
    result = forms.ChoiceField(label=_("结果"), choices=YearlyResult.choices, widget=forms.RadioSelect)
