"""The form of a heading; that of an item is in ``item_form``."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.items.models import Heading
from foundation.forms.actions import ActionForm
from foundation.forms.fields import CodeField


class NameHeading(ActionForm):
    """Code and names of a group or class; the code of an existing one stays."""

    code = CodeField(
        label=_("代码"), max_length=3, help_text=_("大类一个字母（B），小类再加两位数字（B01）。")
    )
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)

    def prepare(self) -> None:
        if isinstance(self.obj, Heading):
            self.fields["code"].disabled = True
            for name in ("code", "name", "name_en"):
                self.initial.setdefault(name, getattr(self.obj, name))
