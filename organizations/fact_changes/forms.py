"""The form of a change of facts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import BankAccountField
from organizations.fact_changes.states import FACT_CHANGE
from organizations.providers import accounts
from organizations.providers.models import Nature, Provider


@form_for(FACT_CHANGE, "propose")
class Propose(ActionForm):
    """The facts that change; the others stay empty."""

    name = forms.CharField(
        label=_("新的机构名称"), max_length=80, required=False, help_text=_("只填写有变化的项目。")
    )
    nature = forms.ChoiceField(
        label=_("新的性质"), choices=[("", _("不变")), *Nature.choices], required=False
    )
    legal_representative = forms.CharField(label=_("新的法定代表人"), max_length=40, required=False)
    bank_name = forms.CharField(label=_("新的开户银行"), max_length=80, required=False)
    bank_account = BankAccountField(label=_("新的对公账号"), required=False)
    why = forms.CharField(
        label=_("变更说明"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("为什么变、有什么凭据；新的证书请同时在“证书”里上传。"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if bool(given.get("bank_account")) and not given.get("bank_name"):
            self.add_error("bank_name", _("换账号时请一并写开户银行。"))
        return given


@form_for(FACT_CHANGE, "confirm")
class Confirm(ActionForm):
    """Where what changes, which stands above, was looked up."""

    facts = "organizations/fact_changes/facts.html"

    looked_up_at = forms.CharField(
        label=_("在哪里核对的"),
        max_length=80,
        help_text=_("例如登记管理机关信用信息公示平台、开户许可证原件。写入记录。"),
    )

    @property
    def same_account(self) -> list[Provider]:
        """Other providers with the account that is to be registered."""
        return accounts.others_with(self.obj.bank_account, self.obj.provider)
