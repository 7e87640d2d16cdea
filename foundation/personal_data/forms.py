"""What reading a personal value whole takes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm


class RevealReason(ActionForm):
    """The reason; how long it must be, the action says."""

    reason = forms.CharField(label=_("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
