"""A contract ends: nobody is left on it, whichever way it ends, and nothing that was done is lost."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest

from contracts.contracts import running, signing
from contracts.contracts.models import Contract, ContractLine
from contracts.invoices import invoicing
from foundation import moments
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Role
from referrals.offers.models import Referral
from referrals.service import delivery
from tests import factories

OPEN = ("offered", "willing", "accepted", "planned", "in_service")


def over(contract: Contract, days: int = 1):
    """As of some days after the last day."""
    shift = (contract.end_on - moments.today()).days + days
    return moments.as_of(moments.now() + timedelta(days=shift))


def by_its_last_day(contract: Contract) -> None:
    running.follow_the_days()


def by_the_line(contract: Contract) -> None:
    running.follow_the_lines()


def terminated(contract: Contract) -> None:
    running.terminate(contract, by=factories.actor("minzheng"), reason="违约")


def left_behind() -> list[Referral]:
    return list(Referral.objects.filter(line__in=ContractLine.objects.over(), status__in=OPEN))


@pytest.mark.parametrize("way", [by_its_last_day, by_the_line, terminated])
@pytest.mark.parametrize("make", ["OfferedReferral", "AcceptedReferral", "ReferralInService"])
def test_nobody_stays_behind_however_the_contract_ends(way, make):
    referral = getattr(factories, make)()
    contract = referral.line.contract
    if way is by_the_line:
        ContractLine.objects.filter(pk=referral.line_id).update(end_on=contract.end_on - timedelta(9))
    today = nullcontext() if way is terminated else None
    with today or over(contract, days=-5 if way is by_the_line else 1):
        way(contract)
        assert left_behind() == []
    referral.refresh_from_db()
    referral.need.refresh_from_db()
    assert referral.status == ("withdrawn" if make == "OfferedReferral" else "ended_early")
    assert referral.need.status in ("open", "unmet")
    line = ContractLine.objects.get(pk=referral.line_id)
    assert line.reserved == 0


def test_the_end_is_not_the_providers_and_household_and_window_are_told():
    referral = factories.ReferralInService()
    contract, need = referral.line.contract, referral.need
    before = Message.objects.count()
    with over(contract):
        running.follow_the_days()
    referral.refresh_from_db()
    assert referral.ended_by == Role.SYSTEM
    sent = Message.objects.order_by("-pk")[: Message.objects.count() - before]
    assert any("窗口会为您另外安排" in each.text for each in sent)
    assert Notice.objects.filter(role="window", texts__icontains="尽快另作安排").exists()
    need.refresh_from_db()
    assert need.status == "unmet"


def test_who_has_had_all_of_the_service_is_promised_nothing_more():
    referral = factories.ReferralInService(units=1)
    running.terminate(referral.line.contract, by=factories.actor("minzheng"), reason="违约")
    need = referral.need
    need.refresh_from_db()
    assert need.status == "done"
    assert not Message.objects.filter(about="contract-ended").exists()
    told = Notice.objects.filter(texts__icontains=referral.number, role="window")
    assert not told.filter(texts__icontains="另作安排").exists()


def test_a_renewal_in_force_carries_the_service_on_with_its_units():
    referral = factories.ReferralInService(units=6)
    contract = referral.line.contract
    begin = contract.end_on + timedelta(days=1)
    following = signing.renew(
        by=factories.actor("minzheng"),
        contract=contract,
        budget_line=contract.budget_line,
        start_on=begin,
        end_on=begin + timedelta(days=200),
    )
    factories.signed(following)
    with over(contract):
        running.follow_the_days()
        referral.refresh_from_db()
        new = following.lines.get()
        assert (referral.status, referral.line) == ("in_service", new)
        assert (new.reserved, referral.line_before.reserved) == (5, 0)
        worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
        late = delivery.record_visit(
            referral, by=worker, on=contract.end_on, units=1, note="期满前一天", confirmed=True
        )
        delivery.record_visit(late, by=worker, on=moments.today(), units=1, note="平稳")
    old = ContractLine.objects.get(pk=referral.line_before_id)
    new.refresh_from_db()
    assert (old.used, new.used, new.reserved) == (2, 1, 3)


def test_visits_before_the_end_are_told_for_some_days_and_paid():
    referral = factories.ReferralInService(units=5)
    contract = referral.line.contract
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    with over(contract, days=3):
        running.follow_the_days()
        referral.refresh_from_db()
        with pytest.raises(NotNow):
            delivery.record_visit(referral, by=worker, on=contract.end_on, units=1, note="x")
        with pytest.raises(Invalid):
            delivery.record_late_visit(
                referral, by=worker, on=contract.end_on + timedelta(days=1), units=1, note="x"
            )
        with pytest.raises(Refused, match="补记"):
            factories.paid(
                invoicing.draw_up(
                    by=factories.member_of(referral.provider), contract=Contract.objects.get(pk=contract.pk)
                )
            )
            running.settle(Contract.objects.get(pk=contract.pk), by=factories.actor("caizheng"))
        delivery.record_late_visit(referral, by=worker, on=contract.end_on, units=1, note="补记")
        invoice = invoicing.draw_up(
            by=factories.member_of(referral.provider), contract=Contract.objects.get(pk=contract.pk)
        )
        assert invoice.amount == 40
    with over(contract, days=30), pytest.raises(NotNow, match="期限已过"):
        referral.refresh_from_db()
        delivery.record_late_visit(referral, by=worker, on=contract.end_on, units=1, note="x")


def test_after_a_termination_no_new_visit_counts():
    referral = factories.ReferralInService(units=5)
    contract = referral.line.contract
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    terminated(contract)
    with moments.as_of(moments.now() + timedelta(days=1)):
        referral.refresh_from_db()
        with pytest.raises(Invalid):
            delivery.record_late_visit(referral, by=worker, on=moments.today(), units=1, note="x")


def test_provider_and_window_are_told_once_before_the_end():
    referral = factories.ReferralInService()
    contract = referral.line.contract
    with over(contract, days=-40):
        running.tell_of_ends()
        assert not Notice.objects.filter(texts__icontains=f"{contract.number} 到").exists()
    with over(contract, days=-20):
        for _ in range(2):
            running.tell_of_ends()
    told = Notice.objects.filter(texts__icontains=f"{contract.number} 到")
    assert sorted(told.values_list("role", flat=True)) == ["coordinator", "window"]
    assert referral.number in told[0].text
