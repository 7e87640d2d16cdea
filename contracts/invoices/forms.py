"""Forms of the actions on invoices and on claims for money overpaid."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.contracts.models import Contract
from contracts.contracts.seeking import a_contract
from contracts.contracts.states import BILLABLE, ContractStatus
from contracts.invoices.models import CheckedBy, Finding, Invoice, Sample
from contracts.invoices.states import CLAW_BACK, INVOICE, InvoiceStatus
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField, MoneyField
from foundation.forms.seeking import SoughtField, by_number
from foundation.forms.typed import whole_number
from foundation.lifecycle.phases import ENDED
from foundation.numbering.series import Series
from foundation.wording import day


@form_for(INVOICE, "draw_up", "draw_up_final")
class DrawUp(ActionForm):
    """The contract to invoice."""

    contract = a_contract(_("合同"))

    def prepare(self) -> None:
        if self.actor is not None:
            self.chooser("contract").queryset = Contract.objects.visible_to(self.actor).filter(
                status__in=ContractStatus.in_phase(BILLABLE)
            )


@form_for(INVOICE, "check")
class Check(ActionForm):
    """What the check of one sampled visit found."""

    sample = forms.ModelChoiceField(label=_("抽到的服务"), queryset=Sample.objects.none())
    finding = forms.ChoiceField(label=_("结果"), choices=[("", _("请选择")), *Finding.choices])
    found = CountField(label=_("核实的数量"), least=0, help_text=_("属实的填申报的数量，不属实的填 0。"))
    how = forms.ChoiceField(label=_("方式"), choices=[("", _("请选择")), *CheckedBy.choices])
    note = forms.CharField(
        label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.chooser("sample").queryset = self.obj.samples.filter(finding="").select_related(
                "delivery__line__item"
            )
            self.call_choices("sample", _sample_in_words)
            self._begin_with_the_first()

    def _begin_with_the_first(self) -> None:
        """Preselect the first unchecked visit and its claimed units, so that only the finding is asked."""
        waiting = self.objects("sample")
        asked = whole_number(self.initial.get("sample", ""))
        first = waiting.filter(pk=asked).first() or waiting.first()
        if first is not None:
            self.initial["sample"] = first.pk
            self.initial.setdefault("found", first.delivery.units)


def _sample_in_words(sample: Sample) -> str:
    """The label of a sampled visit: day, referral, item and units."""
    delivery = sample.delivery
    return (
        f"{day(delivery.delivered_on)} · {delivery.holder} · {delivery.line.item.local_name} · "
        f"{delivery.units} {delivery.line.item.local_unit}"
    )


@form_for(CLAW_BACK, "demand")
class Demand(ActionForm):
    """The invoice, the amount (CNY) and the reason of a claim."""

    invoice = SoughtField(
        label=_("结算单"),
        queryset=Invoice.objects.none(),
        seek=by_number(Series.INVOICE, "contract__number", "contract__provider__organization__name"),
    )
    amount = MoneyField(label=_("金额（元）"))
    why = forms.CharField(
        label=_("事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("机构会看到。")
    )

    def prepare(self) -> None:
        self.chooser("invoice").queryset = Invoice.objects.filter(status__in=InvoiceStatus.in_phase(ENDED))


@form_for(INVOICE, "accept_work", "endorse", "approve", "return")
class DecideOnInvoice(ActionForm):
    """Shows the amount payable beside each decision."""

    facts = "contracts/invoices/payable_facts.html"
