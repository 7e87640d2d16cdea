"""The form of a certificate."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField
from foundation.forms.uploads import UploadField
from organizations.certificates.models import CertificateKind
from organizations.certificates.states import CERTIFICATE


@form_for(CERTIFICATE, "add")
class Add(ActionForm):
    """Kind, number, issuer, file and last day."""

    kind = forms.ChoiceField(label=_("种类"), choices=CertificateKind.choices)
    number = forms.CharField(label=_("证书编号"), max_length=60)
    issuer = forms.CharField(label=_("发证机关"), max_length=80)
    valid_until = DayField(label=_("有效期至"), required=False, ahead=True, help_text=_("长期有效的不填。"))
    file = UploadField(label=_("扫描件或照片"), kinds=("pdf", "jpg", "png"))
