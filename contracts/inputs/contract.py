"""What contracts and supplementary agreements take."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.kinds import Funding, Method
from catalog.models import Item
from contracts import signing
from contracts.inputs.budget import line_in_words, open_lines
from contracts.lifecycle import AMENDMENT, CONTRACT, ContractStatus
from contracts.models import BudgetLine, Contract
from foundation import moments
from foundation.inputs import CountField, DayField, Input, MoneyField, inputs_for
from organizations.lifecycle import Standing
from organizations.models import Provider


@inputs_for(CONTRACT, "add_line")
class Line(Input):
    item = forms.ModelChoiceField(label=_("服务项目"), queryset=Item.objects.none())
    unit_price = MoneyField(label=_("单价(元)"), help_text=_("不超过目录的最高限价。"))
    quota = CountField(label=_("数量"), help_text=_("按目录的计量单位。"))

    def prepare(self) -> None:
        self.fields["item"].queryset = Item.objects.in_force().filter(funding=Funding.PURCHASED)


@inputs_for(CONTRACT, "draft")
class Draft(Line):
    field_order = ["title", "provider", "budget_line", "method", "start_on", "end_on"]

    title = forms.CharField(label=_("合同名称"), max_length=120)
    provider = forms.ModelChoiceField(label=_("承接主体"), queryset=Provider.objects.none())
    budget_line = forms.ModelChoiceField(label=_("预算"), queryset=BudgetLine.objects.none())
    method = forms.ChoiceField(label=_("采购方式"), choices=Method.choices)
    start_on = DayField(label=_("开始日期"))
    end_on = DayField(label=_("结束日期"))

    def prepare(self) -> None:
        super().prepare()
        accredited = Provider.objects.filter(status=Standing.ACCREDITED)
        self.fields["provider"].queryset = accredited.select_related("organization")
        self.fields["budget_line"].queryset = open_lines()
        today = moments.today()
        self.initial.setdefault("start_on", today)
        self.initial.setdefault("end_on", date(today.year + 1, 12, 31))


@inputs_for(CONTRACT, "sign_as_buyer", "sign_as_provider")
class Sign(Input):
    confirmed = forms.BooleanField(
        label=_("我已阅读合同全文,代表本单位签署。"),
        error_messages={"required": _("请先确认已阅读合同全文。")},
    )


@inputs_for(AMENDMENT, "propose")
class Amend(Input):
    """One quantity a line of the contract, as it stands."""

    contract = forms.ModelChoiceField(label=_("合同"), queryset=Contract.objects.none())
    end_on = DayField(label=_("结束日期"), required=False, help_text=_("不改就留着。"))
    why = forms.CharField(label=_("事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self) -> None:
        self.fields["contract"].queryset = Contract.objects.filter(status=ContractStatus.IN_FORCE)
        self.fields["contract"].label_from_instance = lambda each: f"{each.number} {each.title}"
        asked = str(self["contract"].value() or "")
        contract = (
            self.fields["contract"].queryset.filter(pk=asked).first() if asked.isdigit() else None
        )
        if contract is None:
            return
        self.initial.setdefault("end_on", contract.end_on)
        for line in contract.lines.select_related("item"):
            self.fields[f"quota_{line.pk}"] = CountField(
                label=f"{line.item.code} {line.item.local_name}",
                required=False,
                initial=line.quota,
                help_text=gettext("现在 %(quota)s %(unit)s,已预留和使用 %(taken)s。")
                % {
                    "quota": line.quota,
                    "unit": line.item.local_unit,
                    "taken": line.reserved + line.used,
                },
            )
        self.order_fields(["contract", *(n for n in self.fields if n.startswith("quota_"))])

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        quotas = {
            int(name.removeprefix("quota_")): units
            for name, units in data.items()
            if name.startswith("quota_") and units is not None
        }
        kept = {name: data[name] for name in ("contract", "end_on", "why")}
        return {**kept, "quotas": quotas}


@inputs_for(AMENDMENT, "agree")
class AgreeToAmend(Sign):
    """Signing it is signing a contract."""


@inputs_for(CONTRACT, "renew")
class Renew(Input):
    contract = forms.ModelChoiceField(label=_("原合同"), queryset=Contract.objects.none())
    budget_line = forms.ModelChoiceField(label=_("预算"), queryset=BudgetLine.objects.none())
    start_on = DayField(label=_("开始日期"))
    end_on = DayField(label=_("结束日期"))

    def prepare(self) -> None:
        self.fields["contract"].queryset = Contract.objects.filter(status__in=signing.RENEWABLE)
        self.fields["contract"].label_from_instance = lambda each: f"{each.number} {each.title}"
        self.fields["budget_line"].queryset = open_lines()
        self.fields["budget_line"].label_from_instance = line_in_words
