"""The form of revealing a protected value."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm


class RevealReason(ActionForm):
    """The reason; the action checks how long it must be."""

    reason = forms.CharField(label=_("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
