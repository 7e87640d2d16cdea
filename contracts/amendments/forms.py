"""Forms of the actions on supplementary agreements."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.amendments.states import AMENDMENT
from contracts.contracts.forms import Sign
from contracts.contracts.models import Contract
from contracts.contracts.seeking import a_contract
from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField, DayField


@form_for(AMENDMENT, "propose")
class Amend(ActionForm):
    """One quantity for each line of the contract, filled in with the present one, and the last day."""

    contract = a_contract(_("合同"))
    end_on = DayField(label=_("结束日期"), required=False, help_text=_("不改就留着。"))
    why = forms.CharField(
        label=_("事由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("提出后由本单位另一人签署，再交机构签署。"),
    )

    def prepare(self) -> None:
        self.chooser("contract").queryset = Contract.objects.serving(moments.today())
        contract = self.chosen("contract")
        if contract is None:
            return
        self.initial.setdefault("end_on", contract.end_on)
        for line in contract.lines.select_related("item"):
            self.fields[f"quota_{line.pk}"] = CountField(
                label=f"{line.item.code} {line.item.local_name}",
                required=False,
                initial=line.quota,
                help_text=gettext("现在 %(quota)s %(unit)s，已预留和使用 %(taken)s。")
                % {"quota": line.quota, "unit": line.item.local_unit, "taken": line.reserved + line.used},
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


@form_for(AMENDMENT, "sign", "agree")
class AgreeToAmend(Sign):
    """The typed name under a supplementary agreement, as under a contract."""
