"""Forms of the actions on contracts."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.items.kinds import Funding, Method
from catalog.items.models import Item
from catalog.items.seeking import an_item
from contracts.amendments.documents import AMENDMENT_TEXT
from contracts.amendments.models import Amendment
from contracts.budgets.forms import budget_line_field, open_lines
from contracts.contracts import direct, renewing
from contracts.contracts.documents import CONTRACT_TEXT
from contracts.contracts.models import Billing, Contract
from contracts.contracts.seeking import a_contract
from contracts.contracts.states import CONTRACT
from contracts.penalties.fields import PenaltiesField
from contracts.signatures.models import Signature
from foundation import moments
from foundation.documents.models import Document
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField, DayField, MoneyField
from organizations.providers.models import Provider
from organizations.providers.seeking import a_provider


class Line(ActionForm):
    """A line of a contract: item, price of a unit (CNY) and quantity."""

    item = an_item()
    unit_price = MoneyField(label=_("单价（元）"), help_text=_("不超过目录的最高限价。"))
    quota = CountField(label=_("数量"), help_text=_("按目录的计量单位。"))

    def prepare(self) -> None:
        found = Item.objects.in_force().filter(funding=Funding.PURCHASED, methods__overlap=direct.methods())
        self.chooser("item").queryset = found


@form_for(CONTRACT, "add_line")
class AddLine(Line):
    """Another line, with places and days of its own if agreed."""

    places = CountField(
        label=_("名额"), required=False, help_text=_("机构要能同时服务的人数；不约定就空着。")
    )
    from_day = DayField(label=_("自"), required=False, help_text=_("不填就按合同期限。"))
    to_day = DayField(label=_("至"), required=False)


@form_for(CONTRACT, "draft")
class Draft(Line):
    """A contract without a purchase, with its first line."""

    field_order = ["title", "provider", "budget_line", "method", "start_on", "end_on"]

    title = forms.CharField(label=_("合同名称"), max_length=120)
    provider = a_provider(_("承接主体"))
    budget_line = budget_line_field(_("预算"))
    method = forms.ChoiceField(
        label=_("采购方式"),
        help_text=_("招标、磋商、询价、框架协议等由采购项目的成交结果生成合同，不在这里起草。"),
    )
    start_on = DayField(label=_("开始日期"))
    end_on = DayField(label=_("结束日期"))

    def prepare(self) -> None:
        super().prepare()
        accredited = Provider.objects.in_good_standing()
        self.chooser("provider").queryset = accredited.select_related("organization")
        self.options("method").choices = [(method, Method(method).label) for method in direct.methods()]
        self.chooser("budget_line").queryset = open_lines()
        today = moments.today()
        self.initial.setdefault("start_on", today)
        self.initial.setdefault("end_on", date(today.year + 1, 12, 31))


@form_for(CONTRACT, "sign_as_buyer", "sign_as_provider")
class Sign(ActionForm):
    """The signer's typed name, and the SHA-256 of the text that was shown."""

    facts = "contracts/contracts/to_sign.html"

    typed = forms.CharField(
        label=_("输入您的姓名以签署"),
        max_length=40,
        help_text=_("我已阅读全文，代表本单位签署。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sha256 = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())

    def signed(self) -> Signature | None:
        """The other side's signature, with the hash of the text that it signed; ``None`` before."""
        if self.obj is None:
            return None
        amendment = isinstance(self.obj, Amendment)
        found = self.obj.signatures.all() if amendment else self.obj.signatures.filter(amendment=None)
        return found.first()

    @property
    def text_kind(self) -> str:
        """The kind of document that is to be read before anybody has signed."""
        return AMENDMENT_TEXT.key if isinstance(self.obj, Amendment) else CONTRACT_TEXT.key

    def text(self) -> Document | None:
        """The text to read, once it has been made; else ``None``."""
        earlier = self.signed()
        return Document.objects.filter(sha256=earlier.sha256).first() if earlier else None

    def prepare(self) -> None:
        earlier = self.signed()
        self.initial.setdefault("sha256", earlier.sha256 if earlier else "")

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if getattr(self.row, "name", "") in ("sign_as_buyer", "sign"):
            data.pop("sha256")
        return data


@form_for(CONTRACT, "set_terms")
class SetTerms(ActionForm):
    """Billing period, hold-back, penalties and further standards."""

    changes = True

    billing = forms.ChoiceField(label=_("结算周期"), choices=Billing.choices)
    hold_back_percent = CountField(
        label=_("尾款比例（%）"),
        least=0,
        most=100,
        help_text=_("每次支付留下的部分，期满后按评估等级返还。没有就填 0。"),
    )
    penalties = PenaltiesField(
        label=_("扣款约定"), required=False, help_text=_("每行一项：情形，每次扣款金额。")
    )
    standards_note = forms.CharField(
        label=_("补充的服务标准"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("目录的服务标准自动写入，这里只写额外的。"),
    )

    def prepare(self) -> None:
        if self.obj is None:
            return
        for name in ("billing", "hold_back_percent", "standards_note"):
            self.initial.setdefault(name, getattr(self.obj, name))
        self.initial.setdefault("penalties", PenaltiesField.written(self.obj.penalties))


@form_for(CONTRACT, "renew")
class Renew(ActionForm):
    """The contract to renew, its new days and the budget line."""

    contract = a_contract(_("原合同"))
    budget_line = budget_line_field(_("预算"))
    start_on = DayField(label=_("开始日期"))
    end_on = DayField(label=_("结束日期"))

    def prepare(self) -> None:
        self.chooser("contract").queryset = Contract.objects.filter(status__in=renewing.RENEWABLE)
        self.chooser("budget_line").queryset = open_lines()
