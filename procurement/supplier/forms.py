"""What a bidder sends, and what those who hold the key type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm
from foundation.forms.fields import DayField
from foundation.forms.uploads import UploadField
from procurement.bids.forms import FILES
from procurement.supplier.papers import SupportingDocumentKind


class AddPaper(ActionForm):
    """A document for the folder."""

    kind = forms.ChoiceField(label=_("材料"), choices=SupportingDocumentKind.choices)
    file = UploadField(label=_("文件"), kinds=FILES)
    valid_until = DayField(label=_("有效期至"), required=False, ahead=True)
