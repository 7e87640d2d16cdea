"""Forms of the actions on penalties."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.contracts.models import Contract
from contracts.contracts.seeking import a_contract
from contracts.contracts.states import BILLABLE, ContractStatus
from contracts.penalties.states import PENALTY
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField


@form_for(PENALTY, "impose")
class Impose(ActionForm):
    """The contract, the rule broken, how many times, and what happened."""

    contract = a_contract(_("合同"))
    title = forms.ChoiceField(label=_("约定"))
    cases = CountField(label=_("次数"), most=1000)
    why = forms.CharField(
        label=_("事实"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("哪一天、哪一户、差在哪里。机构会看到。"),
    )

    def prepare(self) -> None:
        found = Contract.objects.filter(status__in=ContractStatus.in_phase(BILLABLE)).exclude(penalties=[])
        self.chooser("contract").queryset = found
        contract = self.chosen("contract")
        rules = contract.penalties if contract else []
        self.options("title").choices = [
            ("", _("请选择")),
            *((rule["title"], gettext("%(title)s（每次 %(amount)s 元）") % rule) for rule in rules),
        ]
