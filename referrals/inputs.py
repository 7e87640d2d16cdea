"""What acts on matters, needs and referrals take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.inputs import (
    CountField,
    DayField,
    IdNumberField,
    Input,
    MoneyField,
    PhoneField,
    inputs_for,
)
from foundation.roles import Role
from households.inputs import Recognition
from households.models.household import Category
from organizations.models import Membership, Organization, Place
from organizations.models.organization import OrganizationKind
from organizations.need_kinds import NeedKind
from referrals import triage
from referrals.lifecycle import MATTER, NEED, REFERRAL

NEEDS = [choice for choice in NeedKind.choices if choice[0] != NeedKind.ADMINISTRATIVE]


def story_field(**kwargs: Any) -> forms.CharField:
    """The household's situation in its own words."""
    return forms.CharField(
        label=_("情况说明"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("记下来人说的困难,不必重复已填的内容。"),
        **kwargs,
    )


@inputs_for(MATTER, "accept_application")
class AcceptApplication(Input):
    """A known household is asked for its needs only; a new one for its situation too."""

    template = "referrals/intake.html"
    NEEDED_OF_NEW = ("name", "place", "category", "size")
    ABOUT_NEW = (*NEEDED_OF_NEW, "monthly_income", "phone", "address")

    id_number = IdNumberField(
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "hx-post": reverse_lazy("look-up-household"),
                "hx-trigger": "input changed delay:400ms",
                "hx-target": "#known",
                "hx-swap": "outerHTML",
                "hx-include": "closest form",
            }
        )
    )
    name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    place = forms.ModelChoiceField(
        label=_("村(社区)"), queryset=Place.objects.none(), required=False
    )
    category = forms.ChoiceField(
        label=_("救助类别"), choices=[("", _("请选择")), *Category.choices], required=False
    )
    size = CountField(label=_("家庭人口"), most=30, required=False)
    monthly_income = MoneyField(
        label=_("月人均收入(元)"), least=0, required=False, help_text=_("说不清可以不填。")
    )
    phone = PhoneField(required=False)
    address = forms.CharField(label=_("住址"), max_length=120, required=False)
    needs = forms.MultipleChoiceField(
        label=_("需要什么帮助"),
        choices=NEEDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一项需求。")},
    )
    story = story_field(required=False)
    urgent = forms.BooleanField(
        label=_("急难:需要立即处理"), required=False, help_text=_("先行救助,材料后补。")
    )
    consent = forms.BooleanField(
        label=_("本人同意把姓名、电话、住址提供给接受转介的机构"),
        required=False,
        help_text=_("单独同意,可随时撤回;不同意不影响政府救助。"),
    )

    def prepare(self) -> None:
        if self.actor is not None:
            self.fields["place"].queryset = Place.objects.filter(parent_id=self.actor.place_id)
        for name in self.NEEDED_OF_NEW:
            self.fields[name].needed = True  # of a new household only; the verb asks for it

    @cached_property
    def recognition(self) -> Recognition:
        """Who applies, as far as the number typed so far tells."""
        return Recognition.of(str(self["id_number"].value() or ""), self.actor)

    @property
    def about_new(self) -> list[forms.BoundField]:
        """The fields that only a household unknown to the city fills."""
        return [self[name] for name in self.ABOUT_NEW]

    @property
    def about_all(self) -> list[forms.BoundField]:
        """The fields that every applicant fills, after the number."""
        return [self[name] for name in self.fields if name not in (*self.ABOUT_NEW, "id_number")]


@inputs_for(MATTER, "report")
class Report(Input):
    id_number = IdNumberField()
    name = forms.CharField(label=_("姓名"), max_length=40)
    category = forms.ChoiceField(label=_("救助类别"), choices=Category.choices)
    size = CountField(label=_("家庭人口"), most=30)
    phone = PhoneField(required=False)
    address = forms.CharField(label=_("住址"), max_length=120, required=False)
    story = story_field()
    urgent = forms.BooleanField(label=_("急难:需要立即处理"), required=False)


@inputs_for(MATTER, "accept")
class AcceptReport(Input):
    needs = forms.MultipleChoiceField(
        label=_("需要什么帮助"),
        choices=NEEDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一项需求。")},
    )


@inputs_for(MATTER, "ask_papers")
class AskPapers(Input):
    papers = forms.CharField(
        label=_("需要补齐的全部材料"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("每行一项。只能告知一次,请写全。"),
    )


class AddNeed(Input):
    kind = forms.ChoiceField(label=_("需求"), choices=NEEDS)
    text = forms.CharField(label=_("具体情况"), max_length=300, required=False)
    urgent = forms.BooleanField(label=_("急难"), required=False)


@inputs_for(NEED, "transfer", "decide_transfer")
class Transfer(Input):
    body = forms.ModelChoiceField(label=_("责任部门"), queryset=Organization.objects.none())

    def prepare(self) -> None:
        self.fields["body"].queryset = Organization.objects.filter(kind=OrganizationKind.BODY)
        if self.obj is not None:
            route = triage.propose(self.obj.kind)
            if route.body:
                self.initial.setdefault("body", route.body.pk)
                self.fields["body"].help_text = f"{route.words}({route.basis})"


@inputs_for(NEED, "grant")
class Grant(Input):
    result = forms.CharField(label=_("救助内容"), max_length=300, help_text=_("例如 临时救助。"))
    amount = MoneyField(label=_("金额(元)"), required=False, help_text=_("没有金额可以不填。"))


@inputs_for(NEED, "feed_back")
class FeedBack(Input):
    words = forms.CharField(
        label=_("告诉家庭的话"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("家庭和窗口都会看到,请简短、和气。"),
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("words", self.obj.result or self.obj.refusal)


@inputs_for(NEED, "rate")
class Rate(Input):
    score = forms.TypedChoiceField(
        label=_("您满意吗"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (5, _("很满意")),
            (4, _("满意")),
            (3, _("一般")),
            (2, _("不满意")),
            (1, _("很不满意")),
        ],
    )
    words = forms.CharField(label=_("想说的话"), max_length=300, required=False)


class SendReferral(Input):
    """The choice among the candidates of a need."""

    offer_id = forms.IntegerField(label=_("机构"), widget=forms.HiddenInput)
    units = CountField(label=_("计划数量"), most=1000, initial=4)
    goal = forms.CharField(
        label=_("希望达到的目标"),
        max_length=300,
        help_text=_("例如 每周两次上门照料。机构接受前就能看到,请不要写姓名和病情。"),
    )
    choice_reason = forms.CharField(
        label=_("不选第一名的理由"),
        max_length=300,
        required=False,
        help_text=_("选第一名或急难时不用填。"),
    )


@inputs_for(REFERRAL, "accept")
class AcceptReferral(Input):
    facts = "referrals/facts.html"

    worker = forms.ModelChoiceField(
        label=_("安排社工"),
        queryset=Membership.objects.none(),
        required=False,
        help_text=_("可以以后再定。"),
    )

    def prepare(self) -> None:
        if self.actor is not None:
            staff = Membership.objects.on(moments.today()).filter(
                role=Role.SOCIAL_WORKER, organization_id=self.actor.organization_id
            )
            self.fields["worker"].queryset = staff.select_related("user", "organization")
            self.fields["worker"].label_from_instance = lambda each: each.user.full_name
            first = staff.first()
            if first:
                self.initial.setdefault("worker", first.pk)


@inputs_for(REFERRAL, "plan")
class Plan(Input):
    plan_text = forms.CharField(
        label=_("服务计划"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("什么时候、做什么、怎样算达到目标。"),
    )


@inputs_for(REFERRAL, "record_visit")
class RecordVisit(Input):
    on = DayField(label=_("服务日期"))
    units = CountField(label=_("数量"), most=100, initial=1)
    note = forms.CharField(
        label=_("服务记录"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一句话即可,只有本案人员能看到。"),
    )
    confirmed = forms.BooleanField(label=_("家庭已当面确认"), required=False)

    def prepare(self) -> None:
        self.initial.setdefault("on", moments.today())
        if self.obj is not None:
            left = self.obj.units - self.obj.used
            self.fields["units"].help_text = _("单位:%(unit)s,还剩 %(left)s。") % {
                "unit": self.obj.offer.item.local_unit,
                "left": left,
            }


@inputs_for(REFERRAL, "complete")
class Complete(Input):
    outcome = forms.CharField(
        label=_("服务结果"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    goal_level = forms.TypedChoiceField(
        label=_("目标达成"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (5, _("远超预期")),
            (4, _("超过预期")),
            (3, _("达到预期")),
            (2, _("低于预期")),
            (1, _("远低于预期")),
        ],
        help_text=_("目标达成量表(GAS)五级。"),
    )


@inputs_for(REFERRAL, "feed_back")
class FeedBackService(Input):
    words = forms.CharField(
        label=_("告诉家庭和窗口的话"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("words", self.obj.outcome)
