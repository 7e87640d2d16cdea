"""Where the expected answer is not possible, the row is that of the answer that is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.items.models import Item
from catalog.offers import applying
from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.refusals import Refused
from foundation.roles import Role
from foundation.work_items.models import WorkItem
from organizations.providers import standing
from organizations.providers.models import Provider
from procurement.awards import awarding
from procurement.bids import bidding
from referrals.service import delivery
from tests import factories
from tests.procurement import purchases

pytestmark = pytest.mark.usefixtures("db")


def step_of(obj: LifecycleModel, role: Role = Role.CIVIL_AFFAIRS) -> set[str]:
    items = WorkItem.objects.filter(lifecycle=obj.lifecycle.label, object_id=obj.pk, role=role)
    return {item.step for item in items}


def suspend(provider: Provider) -> None:
    standing.suspend(provider, by=purchases.officer(), reason="举报核查中")


def test_a_bidder_that_is_suspended_can_only_be_found_not_to_qualify():
    project = purchases.opened()
    bid = project.bids.select_related("provider")[0]
    assert step_of(bid) == {"check"}
    suspend(bid.provider)
    assert step_of(bid) == {"reject"}


def test_an_application_of_a_suspended_provider_can_only_be_refused():
    provider, item = factories.AccreditedProvider(), Item.objects.in_force().get(code="B01.01")
    by = factories.member_of(provider)
    offer = applying.apply(by=by, item=item, staff="持证 3 人", places=5, weekly=10, price=Decimal("40"))
    assert step_of(offer) == {"accept"}
    suspend(provider)
    assert step_of(offer) == {"refuse"}


def test_a_contract_that_nobody_may_sign_is_cancelled():
    project = awarding.make_contract(purchases.concluded(), by=purchases.officer())
    contract = project.call_offs.get().contract
    assert step_of(contract) == {"sign_as_buyer"}
    suspend(contract.provider)
    assert step_of(contract) == {"cancel"}
    assert step_of(contract, Role.COORDINATOR) <= {""}


def test_a_purchase_with_too_few_that_qualify_is_proposed_to_fail():
    project = purchases.opened()
    for bid in project.bids.all():
        bidding.reject(bid, by=purchases.officer(), reason="材料不全")
    project.refresh_from_db()
    assert step_of(project) == {"propose_failure"}


def test_a_service_of_which_everything_was_delivered_is_completed():
    referral = factories.ReferralInService()
    worker, left = factories.worker_of(referral), referral.units - referral.used
    assert step_of(referral, Role.COORDINATOR) == {"record_visit"}
    delivery.record_visit(referral, by=worker, on=moments.today(), units=left, note="按计划上门")
    assert step_of(referral, Role.COORDINATOR) == {"complete"}
    with pytest.raises(Refused, match="都已服务"):
        delivery.record_visit(referral, by=worker, on=moments.today(), units=1, note="再去一次")
