"""Forms of the actions on moves within a town and to another."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from households.register.forms import OfHousehold, a_place
from households.register.states import HOUSEHOLD
from households.relocations.states import RELOCATION
from organizations.places.models import Place
from organizations.places.seeking import a_place_in_the_city


@form_for(HOUSEHOLD, "move_house")
class MoveHouse(ActionForm):
    """The new place and address in the same town."""

    place = a_place()
    address = forms.CharField(label=_("新住址"), max_length=120)

    def prepare(self) -> None:
        if self.obj is not None:
            self.chooser("place").queryset = Place.objects.villages().filter(parent_id=self.obj.town_id)


@form_for(RELOCATION, "propose")
class ProposeRelocation(OfHousehold):
    """The new place and address in another town."""

    place = a_place_in_the_city()
    address = forms.CharField(label=_("新住址"), max_length=120)

    def prepare(self) -> None:
        super().prepare()
        if self.actor is not None:
            self.chooser("place").queryset = self.objects("place").exclude(parent_id=self.actor.place_id)
