"""Forms of the actions on comments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.comments.states import COMMENT
from catalog.editions.models import Edition
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CodeField


@form_for(COMMENT, "give")
class Give(ActionForm):
    """The edition, the item (optional) and the comment."""

    edition = forms.ModelChoiceField(label=_("目录版本"), queryset=Edition.objects.none())
    item_code = CodeField(
        label=_("针对的项目"),
        max_length=8,
        required=False,
        help_text=_("填代码，例如 B01.02；不填表示针对整个目录。"),
    )
    text = forms.CharField(label=_("意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def prepare(self) -> None:
        self.chooser("edition").queryset = Edition.objects.open_to_comments()


@form_for(COMMENT, "answer")
class Answer(ActionForm):
    """The answer to a comment."""

    text = forms.CharField(label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
