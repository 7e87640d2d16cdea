"""Forms of the actions on referrals before the service: sending, answering, replacing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField
from foundation.roles import Role
from organizations.people.models import Membership
from organizations.people.seeking import a_colleague
from referrals.needs.forms import override_field
from referrals.offers.ask import ASKED, Ask
from referrals.offers.states import REFERRAL, DeclineReason
from referrals.requests.models import Mode


class Replace(ActionForm):
    """The provider that is asked to take over; the service goes on until it accepts."""

    offer_id = CountField(label=_("机构"), most=2**62, widget=forms.HiddenInput)
    units = CountField(label=_("计划数量"), most=1000, initial=4)
    weekly = CountField(label=_("每周用量"), most=1000, required=False, help_text=_("不填：平均分到四周。"))
    goal = forms.CharField(
        label=_("希望达到的目标"),
        max_length=300,
        help_text=_("例如 每周两次上门照料。机构接受前就能看到，请不要写姓名和病情。"),
    )
    choice_reason = forms.CharField(
        label=_("不选第一名的理由"), max_length=300, required=False, help_text=_("选第一名或急难时不用填。")
    )

    SELDOM = ("weekly", "choice_reason", "override_reason")

    def given(self) -> dict[str, Any]:
        """The ask as one value, and beside it who is asked, how and why."""
        given = super().given()
        return {"ask": Ask(**{name: given.pop(name) for name in ASKED}), **given}

    @property
    def usual(self) -> list[forms.BoundField]:
        """The fields that every referral needs."""
        return [self[name] for name in self.fields if name not in (*self.SELDOM, "offer_id")]

    @property
    def seldom(self) -> list[forms.BoundField]:
        """The fields that are rarely needed."""
        return [self[name] for name in self.SELDOM if name in self.fields]


class SendReferral(Replace):
    """The chosen candidate of a need, and how providers are asked."""

    mode = forms.ChoiceField(
        label=_("怎么发"),
        choices=Mode.choices,
        initial=Mode.CASCADE,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("最多发给名次靠前的五家；谁先接受谁服务，绝不会两家同时接到。"),
    )
    override_reason = override_field()

    field_order = ("offer_id", "mode")


@form_for(REFERRAL, "accept")
class AcceptReferral(ActionForm):
    facts = "referrals/offers/facts.html"

    worker = a_colleague(_("安排社工"), required=False, help_text=_("可以以后再定。"))

    def prepare(self) -> None:
        if self.actor is not None:
            staff = Membership.objects.on(moments.today()).filter(
                role=Role.SOCIAL_WORKER, organization_id=self.by.organization
            )
            self.chooser("worker").queryset = staff.select_related("user", "organization")
            first = staff.first()
            if first:
                self.initial.setdefault("worker", first.pk)


class AnswerByLink(ActionForm):
    """The answer of a small charity without an account."""

    takes = forms.ChoiceField(
        label=_("能承接吗"),
        choices=[("yes", _("能，我们承接")), ("no", _("这次不行"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择能不能承接。")},
    )
    reason = forms.ChoiceField(
        label=_("不能承接的原因"), choices=[("", _("请选择")), *DeclineReason.choices], required=False
    )
    who = forms.CharField(label=_("您的姓名"), max_length=40, help_text=_("留下姓名，方便窗口与您联系。"))

    def clean(self) -> dict[str, object]:
        given = super().clean()
        if given.get("takes") == "no" and not given.get("reason"):
            self.add_error("reason", _("请选择不能承接的原因。"))
        return given
