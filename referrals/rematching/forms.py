"""Form of the action that previews a re-matching."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from organizations.providers.models import Provider
from referrals.rematching.states import REMATCH


@form_for(REMATCH, "preview")
class Preview(ActionForm):
    provider = forms.ModelChoiceField(label=_("退出的机构"), queryset=Provider.objects.none())

    def prepare(self) -> None:
        self.chooser("provider").queryset = Provider.objects.published().select_related("organization")
