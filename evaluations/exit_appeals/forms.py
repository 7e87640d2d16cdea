"""Form of the appeal against an exit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from evaluations.exit_appeals.states import EXIT_APPEAL
from evaluations.exits.forms import words_field
from foundation.forms.actions import ActionForm, form_for


@form_for(EXIT_APPEAL, "file")
class FileExitAppeal(ActionForm):
    text = words_field(_("理由"))
