"""An action is one transaction: what is done inside of it, read once for it, and how few statements it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from contracts.contracts.models import ContractLine
from demo.starter.places_and_people import actor
from foundation.deadlines.models import Clock
from foundation.refusals import NotNow
from foundation.rules import changing, reading
from foundation.transactions import at_the_end, whole
from foundation.updating import updated
from referrals.offers import offering
from referrals.offers.models import Referral
from tests import factories

#: The statements of one acceptance of a purchased service, in the transaction of the test; see
#: ``docs/benchmarks.md`` for what each of them is.
ACCEPTING = 26


def statements_of(act: Callable[[], Any]) -> list[str]:
    """The statements of an act."""
    with CaptureQueriesContext(connection) as told:
        act()
    return [query["sql"] for query in told.captured_queries]


def test_an_acceptance_takes_so_many_statements_and_no_savepoint_inside():
    referral = factories.OfferedReferral()
    by = factories.member_of(referral.provider)
    sent = statements_of(lambda: offering.accept(referral, by=by))
    kinds = Counter(statement.split()[0] for statement in sent)
    assert kinds.pop("SAVEPOINT") == kinds.pop("RELEASE") == 1  # that of the outermost, within the test
    assert kinds.total() == ACCEPTING, sent


def test_after_the_refusal_of_an_inner_action_only_what_stands_under_a_savepoint_goes_on():
    referral = factories.AcceptedReferral()
    by = factories.member_of(referral.provider)

    @whole
    def caught():
        with pytest.raises(NotNow), transaction.atomic():
            offering.accept(referral, by=by)
        return Referral.objects.count()

    @whole
    def caught_too_late():
        with pytest.raises(NotNow):
            offering.accept(referral, by=by)
        return Referral.objects.count()

    assert caught() == Referral.objects.count()
    with pytest.raises(TransactionManagementError):
        caught_too_late()


def test_an_action_reads_the_rules_once_and_the_next_one_anew():
    first, second = actor("minzheng"), actor("minzheng2")
    before, new = {"years": reading.current("contract.longest").value["years"]}, {"years": 2}
    assert before != new
    version = changing.propose(by=first, rule="contract.longest", value=new, note="试行")

    @whole
    def read_approve_read():
        values = [reading.current("contract.longest").value]
        changing.approve(version, by=second)
        return [*values, reading.current("contract.longest").value]

    assert read_approve_read() == [before, before]
    assert reading.current("contract.longest").value == new


def test_updated_gives_the_rows_as_they_are_afterwards():
    line = factories.OfferedReferral().line
    before = line.reserved
    lines = ContractLine.objects.filter(pk=line.pk).order_by("pk")
    (changed,) = updated(lines, reserved=F("reserved") + 2)
    assert changed.reserved == before + 2
    line.refresh_from_db()
    assert line.reserved == before + 2
    assert updated(ContractLine.objects.filter(pk__in=[]), reserved=0) == []
    assert updated(Clock.objects.filter(lifecycle="nothing"), lost=1) == []


def test_what_is_done_alone_comes_after_everything_else_that_was_gathered():
    done: list[tuple[str, list[int]]] = []

    def counted(items: list[int]) -> None:
        done.append(("counted", items))

    def settled(items: list[int]) -> None:
        done.append(("settled", items))
        if items == [1, 2]:
            at_the_end(settled, 3)

    @whole
    def act() -> None:
        at_the_end(counted, 1, alone=True)
        at_the_end(settled, 1)
        at_the_end(settled, 2)

    act()
    assert done == [("settled", [1, 2]), ("settled", [3]), ("counted", [1])]
