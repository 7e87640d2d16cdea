"""Form of the action that previews a re-matching."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from organizations.providers.models import Provider
from organizations.providers.seeking import a_provider
from referrals.rematching.states import REMATCH


@form_for(REMATCH, "preview")
class Preview(ActionForm):
    provider = a_provider(_("退出的机构"))

    def prepare(self) -> None:
        self.chooser("provider").queryset = Provider.objects.published().select_related("organization")
