"""What acts on contracts take."""

from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.kinds import Funding, Method
from catalog.models import Item
from contracts import signing
from contracts.lifecycle import (
    AMENDMENT,
    BUDGET_CHANGE,
    CLAW_BACK,
    CONTRACT,
    INVOICE,
    RUNNING,
    ContractStatus,
    InvoiceStatus,
)
from contracts.models import BudgetLine, Contract, Invoice, Sample
from contracts.models.budget_change import ChangeKind
from contracts.models.invoice import CheckedBy, Finding
from foundation import moments
from foundation.inputs import CountField, DayField, Input, MoneyField, inputs_for
from foundation.wording import day
from organizations.lifecycle import Standing
from organizations.models import Organization, Provider
from organizations.models.organization import OrganizationKind


def open_lines() -> models.QuerySet[BudgetLine]:
    """Budget lines whose year has not been closed."""
    return BudgetLine.objects.filter(closed_on=None).select_related("body")


def a_line(label: Promise) -> forms.ModelChoiceField:
    """A field that asks for an open budget line."""
    return forms.ModelChoiceField(label=label, queryset=BudgetLine.objects.none())


class Document(Input):
    """A sum, and the document that it rests on."""

    amount = MoneyField(label=_("金额(元)"))
    document_number = forms.CharField(
        label=_("文号"), max_length=60, help_text=_("例如 澄财社〔2026〕12号。")
    )
    why = forms.CharField(label=_("说明"), max_length=300, required=False)

    def prepare(self) -> None:
        for name in ("line", "to_line"):
            if name in self.fields:
                self.fields[name].queryset = open_lines()
                self.fields[name].label_from_instance = _line_in_words


def _line_in_words(line: BudgetLine) -> str:
    return gettext("%(line)s · %(body)s · 可用 %(free)s 元") % {
        "line": line,
        "body": line.body,
        "free": f"{line.available:,.2f}",
    }


@inputs_for(BUDGET_CHANGE, "grant")
class Grant(Document):
    field_order = ["year", "source", "body"]

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    source = forms.CharField(
        label=_("资金来源"), max_length=60, help_text=_("写法与往年相同,年终才能结转到同一来源。")
    )
    body = forms.ModelChoiceField(label=_("责任部门"), queryset=Organization.objects.none())

    def prepare(self) -> None:
        self.fields["body"].queryset = Organization.objects.filter(
            kind=OrganizationKind.BODY
        ).order_by("name")
        self.initial.setdefault("year", moments.today().year)


@inputs_for(BUDGET_CHANGE, "adjust")
class Adjust(Document):
    field_order = ["line", "kind"]

    line = a_line(_("预算"))
    kind = forms.ChoiceField(
        label=_("追加还是调减"),
        choices=[(each.value, each.label) for each in (ChangeKind.ADD, ChangeKind.CUT)],
    )


@inputs_for(BUDGET_CHANGE, "shift")
class Shift(Document):
    field_order = ["line", "to_line"]

    line = a_line(_("调出预算"))
    to_line = a_line(_("调入预算"))


@inputs_for(BUDGET_CHANGE, "close")
class CloseYear(Input):
    line = a_line(_("预算"))
    why = forms.CharField(label=_("说明"), max_length=300, required=False)

    def prepare(self) -> None:
        self.fields["line"].queryset = open_lines().filter(year__lte=moments.today().year)


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


@inputs_for(INVOICE, "draw_up")
class DrawUp(Input):
    contract = forms.ModelChoiceField(label=_("合同"), queryset=Contract.objects.none())

    def prepare(self) -> None:
        if self.actor is not None:
            self.fields["contract"].queryset = Contract.objects.visible_to(self.actor).filter(
                status__in=[
                    *RUNNING,
                    ContractStatus.COMPLETED,
                    ContractStatus.TERMINATED,
                ]
            )


@inputs_for(INVOICE, "check")
class Check(Input):
    sample = forms.ModelChoiceField(label=_("抽到的服务"), queryset=Sample.objects.none())
    finding = forms.ChoiceField(label=_("结果"), choices=[("", _("请选择")), *Finding.choices])
    found = CountField(
        label=_("核实的数量"), least=0, help_text=_("属实的填申报的数量,不属实的填 0。")
    )
    how = forms.ChoiceField(label=_("方式"), choices=[("", _("请选择")), *CheckedBy.choices])
    note = forms.CharField(
        label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.fields["sample"].queryset = self.obj.samples.filter(finding="").select_related(
                "delivery__line__item"
            )
            self.fields["sample"].label_from_instance = _sample_in_words
            self._begin_with_the_first()

    def _begin_with_the_first(self) -> None:
        """The first that is not checked, with what was claimed: only the finding is asked."""
        waiting = self.fields["sample"].queryset
        asked = str(self.initial.get("sample", ""))
        first = (waiting.filter(pk=asked).first() if asked.isdigit() else None) or waiting.first()
        if first is not None:
            self.initial["sample"] = first.pk
            self.initial.setdefault("found", first.delivery.units)


def _sample_in_words(sample: Sample) -> str:
    delivery = sample.delivery
    return (
        f"{day(delivery.delivered_on)} · {delivery.holder} · {delivery.line.item.local_name} · "
        f"{delivery.units} {delivery.line.item.local_unit}"
    )


@inputs_for(CLAW_BACK, "demand")
class Demand(Input):
    invoice = forms.ModelChoiceField(label=_("结算单"), queryset=Invoice.objects.none())
    amount = MoneyField(label=_("金额(元)"))
    why = forms.CharField(
        label=_("事由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("机构会看到。"),
    )

    def prepare(self) -> None:
        self.fields["invoice"].queryset = Invoice.objects.filter(status=InvoiceStatus.PAID)


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
        self.fields["budget_line"].label_from_instance = _line_in_words
