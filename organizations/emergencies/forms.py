"""Form of the action that asks for emergency access."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.roles import LENT_IN_AN_EMERGENCY
from organizations.bodies.models import Organization
from organizations.bodies.seeking import an_organization
from organizations.emergencies.states import EMERGENCY
from organizations.people import scopes
from organizations.places.models import Place
from organizations.places.seeking import a_place


@form_for(EMERGENCY, "ask")
class AskInAnEmergency(ActionForm):
    """In which role one has to act, where, and why nobody who holds it can."""

    role = forms.ChoiceField(
        label=_("要用的身份"), choices=[(role.value, role.label) for role in LENT_IN_AN_EMERGENCY]
    )
    organization = an_organization(_("机构"), required=False, help_text=_("责任部门经办人要写部门。"))
    place = a_place(_("地点"), required=False, help_text=_("窗口写镇街，协管员和网格员写村（社区）。"))
    why = forms.CharField(
        label=_("什么急事，为什么等不到本来负责的人"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("批准的人和审计会看到。请不要写困难家庭的姓名和证件号。"),
    )

    def prepare(self) -> None:
        kinds = {kind for role in LENT_IN_AN_EMERGENCY for kind in scopes.kinds_of(role)}
        self.chooser("organization").queryset = Organization.objects.in_use().filter(kind__in=kinds)
        self.chooser("place").queryset = Place.objects.in_use().select_related("parent")
