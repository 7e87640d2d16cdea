"""Forms of the actions on a service: plan, visits, review, outcome."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, DeclarationField, form_for
from foundation.forms.fields import CodeField, CountField, DayField, HourField
from foundation.wording import moment
from referrals.offers.states import REFERRAL
from referrals.service import confirming
from referrals.service.models import RANGES, Attainment, Goal, Scale, Venue

#: How many goals a plan has at most.
MOST_GOALS = 5


class LinesField(forms.CharField):
    """Short texts, one a line; the API takes a list of them."""

    takes_lists = True

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(max_length=2000, **kwargs)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list of lines instead of a text
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [str(line).strip()[:300] for line in lines if str(line).strip()]

    def run_validators(self, value: list[str]) -> None:
        """Allow at most ``most`` lines."""
        if len(value) > self.most:
            raise forms.ValidationError(_("最多 %(most)s 行。"), params={"most": self.most})


class _Planned(ActionForm):
    """The fields of a plan, whether it is the first or a changed one."""

    plan_text = forms.CharField(
        label=_("服务计划"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("什么时候、做什么、由谁做。"),
    )
    goals = LinesField(
        label=_("目标"),
        most=MOST_GOALS,
        required=False,
        help_text=_("每行一个，最多五个；结束时逐个评定达成程度。"),
    )


@form_for(REFERRAL, "plan")
class Plan(_Planned):
    scale = forms.ChoiceField(label=_("量表"), choices=[("", _("不用量表")), *Scale.choices], required=False)
    before = CountField(label=_("服务前的分值"), least=0, most=100, required=False)

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("goals", self.obj.goal)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("scale") and given.get("before") is None:
            self.add_error("before", _("请填写服务前的分值。"))
        return given


@form_for(REFERRAL, "change_plan")
class ChangePlan(_Planned):
    changes = True

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("plan_text", self.obj.plan_text)
            lines = [goal.text for goal in self.obj.goals.all()]
            self.initial.setdefault("goals", "\n".join(lines))


@form_for(REFERRAL, "review")
class Review(ActionForm):
    words = forms.CharField(
        label=_("回顾情况"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("和家庭一起看计划走到哪一步，要不要改。"),
    )


class SignatureField(forms.CharField):
    """A drawn signature; like a declaration it is not stored in a draft."""

    declares = True


@form_for(REFERRAL, "record_visit", "record_late_visit")
class RecordVisit(ActionForm):
    """Three taps and a sentence on a phone; rarely used fields come last."""

    template = "referrals/service/record_visit.html"
    offline = "each"
    MORE = ("began_at", "ended_at", "venue", "words", "private_note")
    CONFIRMING = ("code", "confirmed")

    on = DayField(label=_("服务日期"), ahead=False)
    units = CountField(label=_("数量"), most=100, initial=1)
    note = forms.CharField(
        label=_("服务记录"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一句话即可，本机构的本案人员和民政能看到。"),
    )
    code = CodeField(
        label=_("家庭的确认码"),
        max_length=12,
        required=False,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "data-once": _(
                    "等待提交的另一条记录用了这个码，一个码只确认一次服务。"
                    "请留空并请家庭签字，或有网络时再要一个码。"
                ),
            }
        ),
        help_text=_("家庭手机上最新一条短信里的 6 位数字，每次服务一个。"),
    )
    signature = SignatureField(
        label=_("家庭签字"), max_length=70_000, required=False, widget=forms.HiddenInput
    )
    confirmed = DeclarationField(label=_("家庭已当面口头确认"), required=False)
    began_at = HourField(label=_("开始时间"), required=False, widget=forms.TimeInput(format="%H:%M"))
    ended_at = HourField(label=_("结束时间"), required=False, widget=forms.TimeInput(format="%H:%M"))
    venue = forms.ChoiceField(label=_("地点"), choices=Venue.choices, required=False)
    words = forms.CharField(label=_("给家庭和窗口看的话"), max_length=500, required=False)
    private_note = forms.CharField(
        label=_("个人笔记"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只有您自己能看到。"),
    )

    def prepare(self) -> None:
        died_on = self.obj and self.obj.died_on
        self.initial.setdefault("on", died_on or moments.today())
        if died_on:
            self.fields["on"].help_text = _("去世当日或之前。")
        if self.obj is not None:
            left = self.obj.units - self.obj.used
            self.fields["units"].help_text = _("单位：%(unit)s，还剩 %(left)s。") % {
                "unit": self.obj.offer.item.local_unit,
                "left": left,
            }

    def given(self) -> dict[str, Any]:
        found = super().given()
        return {**found, "venue": found["venue"] or Venue.HOME}

    @property
    def code_sent(self) -> str:
        """When the code for this visit was sent, in words."""
        live = confirming.live_code(self.obj)
        if live is None:
            return str(_("现在没有可用的确认码。"))
        return str(_("最近一条 %(when)s 发出。")) % {"when": moment(live.sent_at)}

    @property
    def first(self) -> list[forms.BoundField]:
        """The fields of every visit."""
        elsewhere = (*self.MORE, "signature", *(() if self.can_be_confirmed else self.CONFIRMING))
        return [self[name] for name in self.fields if name not in elsewhere]

    @property
    def can_be_confirmed(self) -> bool:
        """Whether the household may be asked to confirm the visit; nobody is after a death."""
        return not self.obj.died_on

    @property
    def more(self) -> list[forms.BoundField]:
        """The optional fields."""
        return [self[name] for name in self.MORE]

    @property
    def more_wrong(self) -> bool:
        """Whether an optional field has errors, so that the page shows all of them."""
        return any(field.errors for field in self.more)


@form_for(REFERRAL, "complete")
class Complete(ActionForm):
    outcome = forms.CharField(label=_("服务结果"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    goal_level = forms.TypedChoiceField(
        label=_("目标达成"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        choices=[(level + 3, Attainment(level).label) for level in (2, 1, 0, -1, -2)],
        help_text=_("目标达成量表（GAS）五级。"),
    )
    after = CountField(label=_("服务后的分值"), least=0, most=100, required=False)

    def prepare(self) -> None:
        if self.obj is None:
            return
        self.goals: list[Goal] = list(self.obj.goals.all())
        measured = getattr(self.obj, "measurement", None)
        if measured is None:
            del self.fields["after"]
        else:
            least, most = RANGES[Scale(measured.scale)]
            self.fields["after"].help_text = _("%(scale)s，服务前 %(before)s，范围 %(least)s–%(most)s。") % {
                "scale": measured.get_scale_display(),
                "before": measured.before,
                "least": least,
                "most": most,
            }
        if self.goals:
            del self.fields["goal_level"]
        for goal in self.goals:
            self.fields[f"goal_{goal.position}"] = forms.TypedChoiceField(
                label=goal.text,
                coerce=int,
                widget=forms.RadioSelect,
                choices=[(level, Attainment(level).label) for level in (2, 1, 0, -1, -2)],
                error_messages={"required": _("请评定这个目标的达成程度。")},
            )

    def given(self) -> dict[str, Any]:
        found = super().given()
        reached = {goal.position: found.pop(f"goal_{goal.position}") for goal in getattr(self, "goals", [])}
        return {**found, "reached": reached}
