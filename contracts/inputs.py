"""What acts on contracts take."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.kinds import Funding, Method
from catalog.models import Item
from contracts.lifecycle import CONTRACT, INVOICE, ContractStatus
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
        self.fields["budget_line"].queryset = BudgetLine.objects.all()
        today = moments.today()
        self.initial.setdefault("start_on", today)
        self.initial.setdefault("end_on", date(today.year + 1, 12, 31))


@inputs_for(CONTRACT, "sign_as_buyer", "sign_as_provider")
class Sign(Input):
    confirmed = forms.BooleanField(
        label=_("我已阅读合同全文,代表本单位签署。"),
        error_messages={"required": _("请先确认已阅读合同全文。")},
    )


@inputs_for(INVOICE, "draw_up")
class DrawUp(Input):
    contract = forms.ModelChoiceField(label=_("合同"), queryset=Contract.objects.none())

    def prepare(self) -> None:
        if self.actor is not None:
            self.fields["contract"].queryset = Contract.objects.visible_to(self.actor).filter(
                status__in=[
                    ContractStatus.IN_FORCE,
                    ContractStatus.COMPLETED,
                    ContractStatus.TERMINATED,
                ]
            )
