"""Forms of emergency access: asking for it, and looking through what was done in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.roles import LENT_IN_AN_EMERGENCY
from organizations.bodies.models import Organization
from organizations.bodies.seeking import an_organization
from organizations.emergencies import trail
from organizations.emergencies.states import EMERGENCY
from organizations.people import scopes
from organizations.places.models import Place
from organizations.places.seeking import a_place


@form_for(EMERGENCY, "review")
class Review(ActionForm):
    """Nothing but the words on it; why it was asked and what was opened and done stands above."""

    facts = "organizations/emergencies/reviewed.html"

    @property
    def trail(self) -> Any:
        """What was opened and done."""
        return trail.of(self.obj, self.by)


@form_for(EMERGENCY, "ask")
class AskInAnEmergency(ActionForm):
    """In which role one has to act, where, and why nobody who holds it can."""

    role = forms.ChoiceField(
        label=_("要用的身份"), choices=[(role.value, role.label) for role in LENT_IN_AN_EMERGENCY]
    )
    organization = an_organization(
        _("机构"), required=False, help_text=_("责任部门经办人要写部门，其他身份可以不写。")
    )
    place = a_place(
        _("地点"), required=False, help_text=_("窗口写镇街，协管员和网格员写村（社区）；其他身份不写。")
    )
    why = forms.CharField(
        label=_("什么急事，为什么等不到本来负责的人"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("批准的人和审计会看到。请不要写困难家庭的姓名和证件号。"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("role") and "place" not in self.errors:
            given["place"] = scopes.placed(given["role"], given.get("organization"), given.get("place"))
        return given

    def prepare(self) -> None:
        for name in ("organization", "place"):
            self.show_as_needed(name)
        kinds = {kind for role in LENT_IN_AN_EMERGENCY for kind in scopes.kinds_of(role)}
        self.chooser("organization").queryset = Organization.objects.in_use().filter(kind__in=kinds)
        self.chooser("place").queryset = Place.objects.in_use().select_related("parent")
