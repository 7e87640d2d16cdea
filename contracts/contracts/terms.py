"""The terms of a contract besides items and prices: billing, hold-back, penalties, further standards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from contracts.contracts.models import Billing, Contract
from contracts.contracts.states import CONTRACT
from foundation.refusals import Invalid
from foundation.roles import Actor
from foundation.rules import reading
from foundation.wording import listed
from organizations.providers.models import Grade


@CONTRACT.transition("set_terms")
def set_terms(
    contract: Contract,
    *,
    by: Actor,
    billing: str,
    hold_back_percent: int,
    penalties: Sequence[Mapping[str, Any]],
    standards_note: str = "",
) -> None:
    """Set how a draft is paid and what a breach costs.

    ``penalties``: ``{"title", "amount"}``, CNY for each case. Raises ``Invalid`` for a hold-back over the
    share of the rule ``contract.hold_back``.
    """
    most = int(reading.current("contract.hold_back").value["most_percent"])
    if hold_back_percent > most:
        message = _("尾款比例不能超过 %(most)s%%。") % {"most": most}
        raise Invalid(message, fields={"hold_back_percent": message}, rule="S26")
    contract.billing, contract.hold_back_percent = Billing(billing), hold_back_percent
    contract.final_shares = final_shares() if hold_back_percent else {}
    contract.penalties = [
        {"title": str(penalty["title"]), "amount": str(penalty["amount"])} for penalty in penalties
    ]
    contract.standards_note = standards_note


def final_shares() -> dict[str, int]:
    """The share of the hold-back that is paid by grade (percent), by the rule in force."""
    value = reading.current("contract.final_shares").value
    return {grade: int(value[grade]) for grade in Grade.values}


def payment_in_words(contract: Contract) -> list[str]:
    """The payment terms as sentences, for page and document."""
    sentences = [
        _("结算周期：%(billing)s，由乙方按已交付的数量提交结算单。")
        % {"billing": contract.get_billing_display()},
        _("甲方验收、复核后，由财政支付；支付比例按最近一次评估结果确定。"),
    ]
    if contract.hold_back_percent:
        shares = listed(
            f"{grade.label} {contract.final_shares[grade]}%"
            for grade in Grade
            if grade in contract.final_shares
        )
        sentences.append(
            _("每次支付留 %(percent)s%% 作尾款，合同期满后按评估等级返还：%(shares)s。")
            % {"percent": contract.hold_back_percent, "shares": shares}
        )
    return sentences
