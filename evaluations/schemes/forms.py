"""Forms of the actions on schemes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.indicators.measures import MEASURES
from evaluations.schemes.drafting import LEVELS
from evaluations.schemes.models import Scheme
from evaluations.schemes.states import SCHEME
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField, NumberField, TitleField
from foundation.forms.structured import JSONField
from foundation.refusals import Words
from organizations.providers.models import Grade

SOURCE_CHOICES = [
    ("automatic", _("自动：从转介、合同、投诉、结算记录算出")),
    ("scored", _("评估人员按评分标准打分")),
    ("survey", _("家庭满意度回访")),
]


def points_field(label: Words, **kwargs: Any) -> NumberField:
    """A field for points or a share, as people type them."""
    kwargs.setdefault("max_digits", 6)
    kwargs.setdefault("decimal_places", 2)
    kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
    return NumberField(label=label, error_messages={"invalid": _("请填数字，例如 12 或 7.5。")}, **kwargs)


@form_for(SCHEME, "draft")
class Draft(ActionForm):
    name = TitleField(label=_("名称"), max_length=80)
    copy_of = forms.ModelChoiceField(
        label=_("照哪个方案起草"),
        queryset=Scheme.objects.none(),
        required=False,
        help_text=_("先照抄一份，再逐项修改。"),
    )
    indicators = JSONField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.chooser("copy_of").queryset = Scheme.objects.all()
        current = Scheme.objects.in_use().first()
        if current:
            self.initial.setdefault("copy_of", current.pk)

    def given(self) -> dict[str, Any]:
        return {
            "name": self.cleaned_data["name"],
            "copy_of": self.cleaned_data["copy_of"],
            "indicators": self.cleaned_data["indicators"],
        }


@form_for(SCHEME, "load")
class Load(ActionForm):
    indicators = JSONField(
        label=_("指标（JSON）"),
        widget=forms.Textarea(attrs={"rows": 16, "class": "code-input"}),
        help_text=_("给熟悉格式的人用；一般请用“增改指标”。"),
        error_messages={"invalid": _("写法不对：请照现行方案的样子修改。")},
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("indicators", self.obj.indicators)


@form_for(SCHEME, "set_indicator")
class SetIndicator(ActionForm):
    """One indicator; the query ``?code=`` fills in the one that is to be changed."""

    changes = True

    code = forms.SlugField(
        label=_("编号"), max_length=40, help_text=_("字母和数字，例如 goals；与已有的相同就是修改它。")
    )
    group = forms.CharField(label=_("一级指标"), max_length=40, help_text=_("例如：服务成效。"))
    title = forms.CharField(label=_("指标名称"), max_length=60)
    weight = points_field(_("权重（分）"), min_value=0, max_value=100)
    source = forms.ChoiceField(label=_("数据来源"), choices=SOURCE_CHOICES)
    figure = forms.ChoiceField(label=_("自动指标"), required=False)
    zero = points_field(
        _("得零分的值"), required=False, decimal_places=4, help_text=_("比例填 0 到 1。不填用指标自带的。")
    )
    full = points_field(_("得满分的值"), required=False, decimal_places=4)
    by_whom = forms.ChoiceField(
        label=_("打分的对象"),
        required=False,
        choices=[("provider", _("整家机构")), ("case", _("每个抽到的个案"))],
    )
    level_5 = forms.CharField(
        label=_("5 级（优）的样子"),
        max_length=200,
        required=False,
        help_text=_("由评估人员打分的指标才填；五级各写一句，打分时就在旁边。"),
    )
    level_4 = forms.CharField(label=_("4 级（良）"), max_length=200, required=False)
    level_3 = forms.CharField(label=_("3 级（中）"), max_length=200, required=False)
    level_2 = forms.CharField(label=_("2 级（差）"), max_length=200, required=False)
    level_1 = forms.CharField(label=_("1 级（很差）"), max_length=200, required=False)
    evidence = forms.CharField(
        label=_("要看的证据"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self) -> None:
        names = [
            (measure.key, measure.title) for measure in MEASURES.values() if measure.key != "satisfaction"
        ]
        self.options("figure").choices = [("", _("请选择")), *names]
        leaf = self.obj.leaf(str(self.initial.get("code", ""))) if self.obj is not None else None
        for name, value in (leaf or {}).items():
            if name == "rubric":
                levels = value if isinstance(value, dict) else {"5": value}
                for level, words in levels.items():
                    self.initial.setdefault(f"level_{level}", words)
            else:
                self.initial.setdefault("by_whom" if name == "by" else name, value)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("source") == "automatic" and not data.get("figure"):
            self.add_error("figure", _("请选择用哪个自动指标。"))
        return data

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        rubric = {level: data.pop(f"level_{level}") for level in LEVELS}
        data["weight"] = float(data["weight"]) if data["weight"] % 1 else int(data["weight"])
        for name in ("zero", "full"):
            data[name] = "" if data[name] is None else format(data[name].normalize(), "f")
        data["by_whom"] = data["by_whom"] or "provider"
        return {**data, "rubric": {level: words for level, words in rubric.items() if words}}


@form_for(SCHEME, "drop_indicator")
class DropIndicator(ActionForm):
    code = forms.ChoiceField(label=_("指标"))

    def prepare(self) -> None:
        if self.obj is not None:
            self.options("code").choices = [(leaf["key"], leaf["title"]) for leaf in self.obj.leaves]


@form_for(SCHEME, "set_vetoes")
class SetVetoes(ActionForm):
    titles = forms.CharField(
        label=_("一票否决项"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("一行一项。"),
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("titles", "\n".join(v["title"] for v in self.obj.vetoes))

    def given(self) -> dict[str, Any]:
        lines = [line.strip() for line in self.cleaned_data["titles"].splitlines()]
        return {"titles": [line for line in lines if line]}


@form_for(SCHEME, "set_grades")
class SetGrades(ActionForm):
    changes = True

    excellent = points_field(_("优秀，不低于（分）"))
    good = points_field(_("良好，不低于（分）"))
    passing = points_field(_("合格，不低于（分）"))

    def prepare(self) -> None:
        if self.obj is not None:
            for name in ("excellent", "good"):
                self.initial.setdefault(name, self.obj.grades[name])
            self.initial.setdefault("passing", self.obj.grades["pass"])


@form_for(SCHEME, "set_survey")
class SetSurvey(ActionForm):
    changes = True

    smallest = CountField(label=_("计分所需的最少答卷"), most=1000)
    prior = CountField(
        label=_("向全市平均靠拢的力度（相当于多少户）"),
        least=0,
        most=1000,
        help_text=_("答卷少的机构，按“（自己的户数×自己的平均 + 这个数×别家的平均）÷（两数之和）”计算。"),
    )
    enough = CountField(label=_("答卷达到多少户就不再靠拢"), most=10_000)

    def prepare(self) -> None:
        if self.obj is not None:
            for name, value in self.obj.survey.items():
                self.initial.setdefault(name, value)


@form_for(SCHEME, "set_consequence")
class SetConsequence(ActionForm):
    """What one grade brings."""

    changes = True

    grade = forms.ChoiceField(label=_("等级"), choices=[*Grade.choices, ("veto", _("一票否决"))])
    bonus = points_field(
        _("匹配加分（0 到 0.2）"), min_value=0, max_value=0.2, decimal_places=3, required=False
    )
    payment_share = points_field(_("支付比例（0 到 1）"), min_value=0, max_value=1)
    renewal = forms.BooleanField(label=_("依法可以优先续签"), required=False)
    advice = forms.BooleanField(label=_("书面建议"), required=False)
    suspend = forms.BooleanField(label=_("暂停承接新的转介"), required=False)
    rectify_days = CountField(label=_("限期整改（天）"), most=365, required=False)
    fails_to_exit = CountField(label=_("连续几次不合格提出退出"), most=10, required=False)
    exit = forms.BooleanField(label=_("直接提出退出"), required=False)

    def prepare(self) -> None:
        grade = str(self.initial.get("grade", ""))
        if self.obj is not None:
            for name, value in self.obj.consequences.get(grade, {}).items():
                self.initial.setdefault(name, value)

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["bonus"] = float(data["bonus"] or 0)
        data["payment_share"] = float(data["payment_share"])
        return data
