"""Form of the action that asks for a dispensation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import form_for
from foundation.forms.fields import DayField
from organizations.dispensations.states import DISPENSATION
from organizations.people.seats import SeatOfSomebody


@form_for(DISPENSATION, "request")
class RequestDispensation(SeatOfSomebody):
    """Who is to hold which role beside what he holds, until when, and why."""

    asks_leave = True

    valid_to = DayField(label=_("到哪天为止"), help_text=_("最长一年。"))
    why = forms.CharField(
        label=_("为什么要由同一人兼任"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("批准的人和审计会看到。"),
    )
