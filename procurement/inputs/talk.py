"""Questions, answers, objections."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.inputs import Input, inputs_for
from procurement.inputs.project import open_to
from procurement.lifecycle import OBJECTION, QUESTION
from procurement.models import Project


class About(Input):
    """Which purchase it is about."""

    project = forms.ModelChoiceField(label=_("采购项目"), queryset=Project.objects.none())

    def prepare(self) -> None:
        self.chooser("project").queryset = open_to(self.actor)
        self.call_choices("project", lambda each: f"{each.number} {each.title}")


@inputs_for(QUESTION, "ask")
class Ask(About):
    text = forms.CharField(
        label=_("问题"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("答复对所有供应商公开，不显示谁问的。"),
    )


@inputs_for(QUESTION, "answer")
class Answer(Input):
    answer_text = forms.CharField(label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    changes_bids = forms.BooleanField(
        label=_("影响投标文件编制"), required=False, help_text=_("距截止不足 5 天的，截止自动顺延。")
    )


@inputs_for(OBJECTION, "raise")
class Raise(About):
    grounds = forms.CharField(
        label=_("事实和理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("写明哪一点不符合规定、依据是什么。"),
    )
