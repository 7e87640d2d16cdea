"""The neighbouring systems that have a token."""

from __future__ import annotations

from datetime import timedelta

from demo.starter.places_and_people import actor
from foundation import moments
from organizations.service_accounts import issuing
from organizations.service_accounts.models import ServiceAccount


def programs() -> int:
    """The order system of the hotline, and the treasury's, which only reads; returns how many are new."""
    if ServiceAccount.objects.exists():
        return 0
    until = moments.today() + timedelta(days=180)
    issuing.issue(
        by=actor("rexian"),
        name="12345 工单平台",
        purpose="把工单报过来，取回办理状态；由热线值班室维护。",
        parts=["referrals"],
        acts=True,
        expires_on=until,
    )
    issuing.issue(
        by=actor("caizheng"),
        name="财政一体化",
        purpose="核对合同、结算单和支付；由国库科维护。",
        parts=["contracts", "procurement"],
        acts=False,
        expires_on=until,
    )
    return 2
