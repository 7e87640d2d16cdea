"""What must be true at the end of the trip, whichever way it was made."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from contracts.contracts.models import Contract
from contracts.invoices.models import Invoice
from foundation.deadlines.models import Clock
from foundation.journal.models import Entry
from organizations.providers.models import Provider
from referrals.matching.ranking import rank
from referrals.offers.models import Referral
from tests import factories
from tests.journal import moves_of


def everything_is_as_it_should_be(
    referral: Referral, contract: Contract, provider: Provider, *, units: int, price: Decimal
) -> None:
    """Journal, clocks, quota, budget, answer, score and door after the whole trip."""
    referral, need = Referral.objects.get(pk=referral.pk), referral.need
    need.refresh_from_db()
    matter = need.matter
    matter.refresh_from_db()
    contract.refresh_from_db()
    provider.refresh_from_db()

    # every state reached, and the household answered
    assert (referral.status, need.status, matter.status) == ("closed", "closed", "closed")
    assert need.result
    assert need.satisfactions.get().score == 2

    # the journal tells all of it, in order, with the clause of each step
    assert [move for move in moves_of(referral) if move != "reveal"] == [
        "prepare",
        "offer",
        "accept",
        "plan",
        *["record_visit"] * units,
        "complete",
        "feed_back",
        "close",
    ]
    assert moves_of(need)[:3] == ["add", "refer", "begin_service"]
    assert moves_of(need)[-1] == "close"
    assert moves_of(contract)[-4:] == [
        "draft_awarded",
        "sign_as_buyer",
        "sign_as_provider",
        "come_into_force",
    ]
    for entry in Entry.objects.filter(lifecycle="referrals.Referral", object_id=referral.pk):
        assert entry.basis
        assert entry.actor_name or entry.role == "system"
        assert entry.organization_name or entry.role == "system"

    # no clock runs on; each stopped in time; the two days of S19 were calendar days
    for label, pk in (
        ("referrals.Referral", referral.pk),
        ("referrals.Need", need.pk),
        ("referrals.Matter", matter.pk),
    ):
        clocks = Clock.objects.filter(lifecycle=label, object_id=pk)
        assert not clocks.filter(stopped_at=None).exists()
        assert all(clock.stopped_at <= clock.due_at for clock in clocks)
    answer = Clock.objects.get(object_id=referral.pk, rule_key="referral.feed_back")
    assert answer.basis == "S19"
    assert 2 <= (answer.due_at - answer.started_at).total_seconds() / 86400 <= 3

    # quota moved from free to used, places are free again
    line = contract.lines.get()
    assert (line.reserved, line.used) == (0, units)
    referral.offer.refresh_from_db()
    assert referral.offer.taken == 0
    assert line.deliveries.aggregate(total=Sum("units"))["total"] == units

    # money moved from available to spent, every yuan in the ledger
    invoice = Invoice.objects.get(contract=contract)
    owed = price * units
    budget = contract.budget_line
    budget.refresh_from_db()
    assert (invoice.status, invoice.payable, contract.spent) == ("paid", owed, owed)
    assert budget.spent == owed
    assert budget.committed == contract.amount - owed
    assert budget.available == budget.amount - contract.amount
    assert [(e.credit, e.debit, e.amount) for e in contract.ledger.order_by("id")] == [
        ("available", "reserved", contract.amount),
        ("reserved", "committed", contract.amount),
        ("committed", "spent", owed),
    ]

    # the help is in the household's ledger
    helped = matter.household.help_received.get()
    assert (helped.units, helped.amount, helped.source) == (units, owed, "purchased")

    # contact data are gone from the referral
    assert not referral.contact_name
    assert not referral.contact_phone

    # the failing score has closed the door to new referrals
    assert provider.status == "suspended"
    assert provider.last_grade == "fail"
    assert contract.payment_share == Decimal("0.80")
    ranking = rank(factories.OpenNeed(kind=need.kind))
    assert "已暂停承接" in ranking.find(referral.offer_id).why_not[0]
