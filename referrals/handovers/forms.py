"""Form of the action that proposes a hand-over."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.roles import Role
from organizations.people.models import Membership
from organizations.people.seeking import colleague_told_apart
from organizations.places.models import Place
from referrals.handovers.states import HANDOVER
from referrals.matters.models import Matter


@form_for(HANDOVER, "propose")
class ProposeHandover(ActionForm):
    matter = forms.ModelChoiceField(
        label=_("事项"), queryset=Matter.objects.none(), to_field_name="number", widget=forms.HiddenInput
    )
    colleague = forms.ModelChoiceField(
        label=_("接手的同事"), queryset=Membership.objects.none(), required=False
    )
    town = forms.ModelChoiceField(
        label=_("接手的镇街窗口"),
        queryset=Place.objects.towns(),
        required=False,
        help_text=_("家庭迁走、或应由别的窗口负责时选。"),
    )
    why = forms.CharField(label=_("理由"), max_length=300)

    def prepare(self) -> None:
        if self.actor is None:
            return
        self.chooser("matter").queryset = Matter.objects.visible_to(self.actor)
        held = Membership.objects.on(moments.today()).filter(role=Role.WINDOW, place_id=self.by.place)
        others = held.exclude(user_id=self.by.person).select_related("user")
        self.chooser("colleague").queryset = others
        self.call_choices("colleague", colleague_told_apart)
        self.chooser("town").queryset = self.objects("town").exclude(pk=self.by.place)
