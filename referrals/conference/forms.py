"""Forms of the actions on meetings of the joint conference."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField
from foundation.forms.seeking import SoughtField, by_number
from foundation.numbering.series import Series
from organizations.bodies.models import Organization
from referrals.conference import meetings
from referrals.conference.models import AgendaItem, Decision, Level
from referrals.conference.states import MEETING
from referrals.needs.forms import bodies
from referrals.needs.seeking import a_need


@form_for(MEETING, "convene")
class Convene(ActionForm):
    level = forms.ChoiceField(label=_("会议类别"), choices=Level.choices)
    held_on = DayField(label=_("日期"))
    venue = forms.CharField(label=_("地点"), max_length=80)
    bodies = forms.ModelMultipleChoiceField(
        label=_("参会部门"), queryset=Organization.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        self.chooser("bodies").queryset = bodies()

    def given(self) -> dict[str, object]:
        return {**super().given(), "bodies": list(self.cleaned_data["bodies"])}


@form_for(MEETING, "put_on_agenda")
class PutOnAgenda(ActionForm):
    need = a_need(_("需求"))

    def prepare(self) -> None:
        self.chooser("need").queryset = meetings.waiting()


@form_for(MEETING, "decide")
class Decide(ActionForm):
    item = SoughtField(
        label=_("议题"),
        queryset=AgendaItem.objects.none(),
        seek=by_number(Series.MATTER, lookup="need__matter__number"),
        hint=_("输入事项编号的一部分"),
    )
    discussion = forms.CharField(
        label=_("讨论情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    decision = forms.ChoiceField(label=_("议定"), choices=Decision.choices, widget=forms.RadioSelect)
    body = forms.ModelChoiceField(
        label=_("责任部门"),
        queryset=Organization.objects.none(),
        required=False,
        help_text=_("由责任部门办理时选。"),
    )

    def prepare(self) -> None:
        left = AgendaItem.objects.to_decide().filter(meeting=self.obj)
        self.chooser("item").queryset = left.select_related("need__matter")
        self.chooser("body").queryset = bodies()
