"""Forms of the actions on complaints."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from referrals.complaints.models import About
from referrals.complaints.states import COMPLAINT
from referrals.needs.models import Need
from referrals.needs.seeking import a_need

#: What was complained of, and every answer so far.
TOLD = "referrals/complaints/told.html"


@form_for(COMPLAINT, "file")
class FileComplaint(ActionForm):
    about = forms.ChoiceField(label=_("您要投诉谁"), choices=About.choices, widget=forms.RadioSelect)
    need = a_need(_("关于哪件事"), required=False)
    text = forms.CharField(
        label=_("发生了什么"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("被投诉的人看不到是谁投诉。答复您的是他的上一级。"),
    )

    def prepare(self) -> None:
        if self.actor is not None:
            self.chooser("need").queryset = Need.objects.visible_to(self.actor).select_related("matter")


@form_for(COMPLAINT, "answer")
class AnswerComplaint(ActionForm):
    facts = TOLD
    reply = forms.CharField(
        label=_("答复"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("家庭会看到，请写明查了什么、怎么处理。"),
    )


@form_for(COMPLAINT, "raise_higher", "close")
class JudgeReply(ActionForm):
    """Whether the household is content, with the answers in view."""

    facts = TOLD
