"""What triage, the bodies and the conference take."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.clauses import quoted
from foundation.inputs import DayField, Input, MoneyField, inputs_for
from organizations.models import Organization
from organizations.models.organization import OrganizationKind
from referrals import checks, conference, triage
from referrals.lifecycle import MATTER, MEETING, NEED
from referrals.models import AgendaItem, Need
from referrals.models.conference import Decision, Level


@inputs_for(MATTER, "ask_papers")
@inputs_for(NEED, "ask_papers")
class AskPapers(Input):
    """One paper a line; a second time only with a reason."""

    papers = forms.CharField(
        label=_("需要补齐的全部材料"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("每行一项。只能告知一次，请写全。"),
    )
    again_because = forms.CharField(
        label=_("为什么要再次告知"), max_length=300, required=False, help_text=_("第一次告知不用填。")
    )

    def prepare(self) -> None:
        matter = getattr(self.obj, "matter", self.obj)
        if matter is not None and not matter.paper_requests.exists():
            del self.fields["again_because"]


def override_field() -> forms.CharField:
    """Why help goes on though the checks speak against it."""
    return forms.CharField(
        label=_("核实后仍需继续的理由"),
        max_length=300,
        required=False,
        help_text=_("系统提示重复、超额或重叠时填写，会留下记录。"),
    )


def bodies() -> QuerySet[Organization]:
    """The responsible bodies."""
    return Organization.objects.filter(kind=OrganizationKind.BODY)


@inputs_for(NEED, "transfer", "decide_transfer")
class Transfer(Input):
    body = forms.ModelChoiceField(label=_("责任部门"), queryset=Organization.objects.none())

    def prepare(self) -> None:
        self.chooser("body").queryset = bodies()
        if self.obj is not None:
            route = triage.propose(self.obj.kind)
            if route.body:
                self.initial.setdefault("body", route.body.pk)
                self.fields["body"].help_text = f"{route.words}（{quoted(route.basis)}）"


@inputs_for(NEED, "grant")
class Grant(Input):
    result = forms.CharField(label=_("救助内容"), max_length=300, help_text=_("例如 临时救助。"))
    amount = MoneyField(label=_("金额（元）"), required=False, help_text=_("没有金额可以不填。"))
    override_reason = override_field()

    def prepare(self) -> None:
        if self.obj is not None:
            standing = [each.words for each in checks.of_need(self.obj) if each.stands]
            if standing:
                self.fields["override_reason"].help_text = " ".join(standing)


@inputs_for(MEETING, "convene")
class Convene(Input):
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


@inputs_for(MEETING, "put_on_agenda")
class PutOnAgenda(Input):
    need = forms.ModelChoiceField(label=_("需求"), queryset=Need.objects.none())

    def prepare(self) -> None:
        waiting = [each.pk for each in conference.waiting()]
        self.chooser("need").queryset = Need.objects.filter(pk__in=waiting).select_related("matter")


@inputs_for(MEETING, "decide")
class Decide(Input):
    item = forms.ModelChoiceField(label=_("议题"), queryset=AgendaItem.objects.none())
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
        self.chooser("item").queryset = AgendaItem.objects.filter(
            meeting=self.obj, decision=""
        ).select_related("need__matter")
        self.chooser("body").queryset = bodies()


class Dismiss(Input):
    reason = forms.CharField(label=_("为什么不需要"), max_length=300)
