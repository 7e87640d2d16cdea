"""Forms of the actions on corrections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import form_for
from foundation.forms.fields import IdNumberField
from households.corrections.states import CORRECTION
from households.identity import lookups
from households.register.forms import OfHousehold, a_person
from households.register.models import Person


@form_for(CORRECTION, "propose")
class ProposeCorrection(OfHousehold):
    """The member, the right number, and the document that shows it."""

    person = a_person(_("成员"))
    id_number = IdNumberField(label=_("正确的证件号"))
    why = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("例如 核对了身份证原件。由另一人复核。")
    )

    def prepare(self) -> None:
        super().prepare()
        self.chooser("person").queryset = Person.objects.filter(
            homes__household=self.asked, homes__valid_to=None, homes__counts=True
        )

    def given(self) -> dict[str, Any]:
        """The action's arguments; the number is looked up first, which counts and is written down."""
        given = super().given()
        lookups.look_up(given["id_number"], by=self.by, reason=given["why"])
        return given
