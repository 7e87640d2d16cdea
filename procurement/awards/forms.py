"""Forms of the actions after an award."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.budgets.forms import budget_line_field, open_lines
from foundation import moments
from foundation.forms.actions import ActionForm, draw_without, form_for
from foundation.forms.fields import CountField, DayField
from foundation.forms.seeking import SoughtField
from organizations.providers.seeking import called
from procurement.awards import next_candidate
from procurement.awards.models import Way
from procurement.bids.models import Bid
from procurement.purchases.states import PROJECT, NextGround


@form_for(PROJECT, "propose_next")
class ProposeNext(ActionForm):
    """The facts for taking the next candidate; the ground is asked by the transition."""

    why = forms.CharField(
        label=_("事实"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("何时、如何拒绝或失去资格。由另一人复核；理由会公开。"),
    )

    def prepare(self) -> None:
        if self.obj is not None:
            draw_without(self, next_candidate.grounds_refused(self.obj, NextGround.values))


@form_for(PROJECT, "call_off")
class CallOffInput(ActionForm):
    """The shortlisted provider, how it was chosen, the budget line, days and units."""

    bid = SoughtField(
        label=_("入围机构"),
        queryset=Bid.objects.none(),
        seek=partial(called, path="provider__"),
        hint=_("输入机构名称的一部分"),
    )
    way = forms.ChoiceField(
        label=_("方式"),
        choices=[(way.value, way.label) for way in (Way.CHOICE, Way.ROTATION)],
        help_text=_("二次竞价另建一个“询价”项目，选这个框架协议。"),
    )
    why = forms.CharField(label=_("理由"), max_length=300, required=False)
    budget_line = budget_line_field(_("预算"))
    start_on = DayField(label=_("开始日期"))
    end_on = DayField(label=_("结束日期"))

    def prepare(self) -> None:
        self.chooser("budget_line").queryset = open_lines()
        if self.obj is None:
            return
        self.chooser("bid").queryset = self.obj.bids.won().select_related("provider__organization")
        self.call_choices(
            "bid", lambda bid: gettext("%(name)s · 第 %(rank)s 名") % {"name": bid.provider, "rank": bid.rank}
        )
        self.initial.setdefault("end_on", self.obj.end_on)
        self.initial.setdefault("start_on", max(self.obj.start_on, moments.today()))
        for item in self.obj.items.select_related("item"):
            self.fields[f"quota_{item.pk}"] = CountField(
                label=f"{item.item.code} {item.item.local_name}",
                required=False,
                help_text=gettext("框架协议共 %(quota)s %(unit)s。")
                % {"quota": item.quota, "unit": item.item.local_unit},
            )

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        quotas = {
            int(name.removeprefix("quota_")): units
            for name, units in data.items()
            if name.startswith("quota_") and units
        }
        kept = {name: value for name, value in data.items() if not name.startswith("quota_")}
        return {**kept, "quotas": quotas}
