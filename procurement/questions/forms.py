"""Forms of the actions on questions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from procurement.objections.forms import About
from procurement.questions.states import QUESTION


@form_for(QUESTION, "ask")
class Ask(About):
    """The purchase and the question."""

    text = forms.CharField(
        label=_("问题"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("答复对所有供应商公开，不显示谁问的。"),
    )


@form_for(QUESTION, "answer")
class Answer(ActionForm):
    """The answer, and whether it changes bids."""

    answer_text = forms.CharField(label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    changes_bids = forms.BooleanField(
        label=_("影响投标文件编制"), required=False, help_text=_("距截止不足 5 天的，截止自动顺延。")
    )
