"""The form of requesting a document with protected values."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm


class MakingReason(ActionForm):
    """Why the actor wants to read protected values in a document."""

    reason = forms.CharField(label=_("理由"), required=False, max_length=1000)
