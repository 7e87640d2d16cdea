"""What acts on evaluations take."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations import scoring
from evaluations.lifecycle import ROUND, SCHEME, SHEET, SchemeStatus
from evaluations.models import Scheme
from foundation import moments
from foundation.inputs import DayField, Input, inputs_for
from organizations.lifecycle import Standing
from organizations.models import Provider

LEVELS = [(5, _("优")), (4, _("良")), (3, _("中")), (2, _("差")), (1, _("很差"))]


@inputs_for(SCHEME, "draft")
class Draft(Input):
    name = forms.CharField(label=_("名称"), max_length=80)
    indicators = forms.JSONField(
        label=_("指标"),
        widget=forms.Textarea(attrs={"rows": 12, "class": "code"}),
        help_text=_("照现行方案的样子修改,权重合计 100。"),
        error_messages={"invalid": _("写法不对:请照现行方案的样子修改。")},
    )

    def prepare(self) -> None:
        current = Scheme.objects.filter(status=SchemeStatus.IN_USE).first()
        if current:
            self.initial.setdefault("indicators", current.indicators)


@inputs_for(ROUND, "plan")
class Plan(Input):
    title = forms.CharField(label=_("名称"), max_length=80)
    scheme = forms.ModelChoiceField(label=_("方案"), queryset=Scheme.objects.none())
    period_from = DayField(label=_("评估期自"))
    period_to = DayField(label=_("评估期至"))
    providers = forms.ModelMultipleChoiceField(
        label=_("被评机构"), queryset=Provider.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        self.fields["scheme"].queryset = Scheme.objects.filter(status=SchemeStatus.IN_USE)
        self.fields["providers"].queryset = Provider.objects.filter(
            status__in=[Standing.ACCREDITED, Standing.SUSPENDED]
        ).select_related("organization")
        today = moments.today()
        self.initial.setdefault("title", _("%(year)s年度评估") % {"year": today.year})
        self.initial.setdefault("period_from", date(today.year, 1, 1))
        self.initial.setdefault("period_to", today)

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "providers": list(self.cleaned_data["providers"])}


@inputs_for(SHEET, "submit")
class Submit(Input):
    """One level and one note for each scored indicator of the sheet."""

    def prepare(self) -> None:
        if self.obj is None:
            return
        for each in scoring.scored(self.obj):
            self.fields[f"level_{each['key']}"] = forms.TypedChoiceField(
                label=gettext("%(title)s(%(weight)g 分)") % each,
                coerce=int,
                choices=LEVELS,
                widget=forms.RadioSelect,
                error_messages={"required": _("请选择等级。")},
                help_text=each.get("rubric", ""),
            )
            self.fields[f"note_{each['key']}"] = forms.CharField(
                label=_("说明"),
                max_length=500,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def given(self) -> dict[str, Any]:
        return {
            "scores": {
                each["key"]: {
                    "level": self.cleaned_data[f"level_{each['key']}"],
                    "note": self.cleaned_data[f"note_{each['key']}"],
                }
                for each in scoring.scored(self.obj)
            }
        }
