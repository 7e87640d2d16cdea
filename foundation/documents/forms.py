"""What reading a personal value whole takes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm


class MakingReason(ActionForm):
    """The reason of whoever reads in a document what is told after a reason alone."""

    reason = forms.CharField(label=_("理由"), required=False, max_length=1000)
