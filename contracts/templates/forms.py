"""Forms of the actions on contract templates."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.templates import adopting
from contracts.templates.states import TEMPLATE
from contracts.templates.text import BLOCKS, WORDS, shipped
from foundation.forms.actions import ActionForm, form_for


@form_for(TEMPLATE, "draft")
class DraftTemplate(ActionForm):
    """Title and body of a new version, filled in with the one in use."""

    template = "contracts/templates/draft_template.html"

    title = forms.CharField(label=_("标题"), max_length=60)
    body = forms.CharField(label=_("正文"), widget=forms.Textarea(attrs={"rows": 24}), max_length=30000)
    note = forms.CharField(label=_("修改说明"), max_length=300, required=False)
    words, blocks = WORDS, BLOCKS

    def prepare(self) -> None:
        current = adopting.in_use()
        self.initial.setdefault("title", current.title if current else gettext("社会救助服务合同"))
        self.initial.setdefault("body", current.body if current else shipped())
