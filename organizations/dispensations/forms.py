"""Form of the action that asks for a dispensation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import form_for
from foundation.forms.fields import DayField
from organizations.dispensations.states import DISPENSATION
from organizations.people.models import User
from organizations.people.seats import SeatForm
from organizations.people.seeking import somebody


@form_for(DISPENSATION, "request")
class RequestDispensation(SeatForm):
    """Who is to hold which role beside what he holds, until when, and why."""

    person = somebody(_("给谁"))
    valid_to = DayField(label=_("到哪天为止"), help_text=_("最长一年。"))
    why = forms.CharField(
        label=_("为什么要由同一人兼任"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("批准的人和审计会看到。"),
    )
    field_order = ("person", "role")

    def prepare(self) -> None:
        super().prepare()
        if self.actor is not None:
            self.chooser("person").queryset = User.objects.visible_to(self.actor).filter(is_active=True)
