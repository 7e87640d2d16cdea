"""Forms of the actions on rounds."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.assessments.models import Assessment, Question
from evaluations.rounds import running
from evaluations.rounds.models import Kind, Round
from evaluations.rounds.states import ROUND
from evaluations.schemes.models import Scheme
from evaluations.sheets import questions
from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField, DayField
from foundation.forms.seeking import SoughtField
from foundation.lifecycle.phases import SERVING, SUSPENDED
from organizations.people.models import User
from organizations.people.seeking import somebody
from organizations.providers.models import Provider
from organizations.providers.seeking import HINT, called, some_providers
from organizations.providers.states import Standing


@form_for(ROUND, "plan")
class Plan(ActionForm):
    title = forms.CharField(label=_("名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类别"), choices=Kind.choices, required=False)
    scheme = forms.ModelChoiceField(label=_("方案"), queryset=Scheme.objects.none())
    period_from = DayField(label=_("评估期自"))
    period_to = DayField(label=_("评估期至"))
    chair = somebody(_("评估组长"), required=False, help_text=_("主持复议，不参加评分；开始评分前必须指定。"))
    sample_size = CountField(
        label=_("每家抽取的个案"), most=30, required=False, help_text=_("从评估期内结束的个案里抽签。")
    )
    providers = some_providers(_("被评机构"), required=False)
    everybody = forms.BooleanField(
        label=_("全部准入和暂停的机构"), required=False, help_text=_("勾选后不用逐家选。")
    )

    def prepare(self) -> None:
        self.chooser("scheme").queryset = Scheme.objects.in_use()
        self.chooser("chair").queryset = User.objects.filter(pk__in=running.leaders())
        self.show_as_needed("providers")  # unless everybody is ticked; the action asks for them
        self.chooser("providers").queryset = Provider.objects.filter(
            status__in=Standing.in_phase(SERVING, SUSPENDED)
        ).select_related("organization")
        today = moments.today()
        self.initial.setdefault("title", gettext("%(year)s年度评估") % {"year": today.year})
        self.initial.setdefault("period_from", date(today.year, 1, 1))
        self.initial.setdefault("period_to", today)
        self.initial.setdefault("sample_size", 4)

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        every = self.objects("providers") if data.pop("everybody") else data["providers"]
        data["providers"] = list(every)
        data["sample_size"] = data["sample_size"] or 4
        data["kind"] = data["kind"] or Kind.YEARLY
        return data


#: How many differences of a whole round are listed.
LISTED = 30


@form_for(ROUND, "moderate")
class Moderate(ActionForm):
    """One mark on which evaluators differ, and the level that the chair decides.

    The page of the round names the mark; then those of its provider are listed, else the first of the round.
    """

    mark = forms.ChoiceField(label=_("分歧"))
    level = forms.TypedChoiceField(
        label=_("定为"), coerce=int, choices=[(n, gettext("%(n)s 级") % {"n": n}) for n in (5, 4, 3, 2, 1)]
    )
    why = forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("被评机构可以看到。"),
    )

    def prepare(self) -> None:
        if self.obj is not None:
            assessment = questions.assessment_of(str(self["mark"].value() or ""))
            differ = questions.differences(self.obj)
            listed = differ.filter(assessment=assessment) if assessment else differ[:LISTED]
            self.options("mark").choices = [(one.mark, words_of(self.obj, one)) for one in listed]


def words_of(round_: Round, difference: Question) -> str:
    """A difference in words: provider, indicator, case, levels."""
    key, _at, case = difference.key.partition("@")
    leaf = round_.scheme.leaf(key) or {"title": key}
    position = next((c.position for c in difference.assessment.cases.all() if str(c.pk) == case), None)
    where = gettext("个案 %(n)s") % {"n": position} if position else gettext("整家机构")
    levels = " / ".join(map(str, difference.levels.values()))
    return f"{difference.assessment.provider} · {leaf['title']} · {where} · {levels}"


@form_for(ROUND, "rule_veto")
class RuleVeto(ActionForm):
    assessment = SoughtField(
        label=_("机构"),
        queryset=Assessment.objects.none(),
        seek=partial(called, path="provider__"),
        hint=HINT,
    )
    veto = forms.ChoiceField(label=_("一票否决项"))
    upheld = forms.TypedChoiceField(
        label=_("认定"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("成立")), ("no", _("不成立"))],
    )
    why = forms.CharField(label=_("事实和理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def prepare(self) -> None:
        if self.obj is not None:
            found = self.obj.assessments.select_related("provider__organization", "round")
            self.chooser("assessment").queryset = found
            self.call_choices("assessment", lambda assessment: str(assessment.provider))
            self.options("veto").choices = [(v["key"], v["title"]) for v in self.obj.scheme.vetoes]
