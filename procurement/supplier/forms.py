"""The form of a document for the folder."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm
from foundation.forms.fields import DayField
from foundation.forms.uploads import UploadField
from procurement.bids.forms import FILES
from procurement.supplier.papers import SupportingDocumentKind


class AddPaper(ActionForm):
    """Kind, file and last valid day of a document."""

    kind = forms.ChoiceField(label=_("材料"), choices=SupportingDocumentKind.choices)
    file = UploadField(label=_("文件"), kinds=FILES)
    valid_until = DayField(label=_("有效期至"), required=False, ahead=True)
