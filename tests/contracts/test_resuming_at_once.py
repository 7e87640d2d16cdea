"""What a step waits for is judged as it is once the row is locked, also where it stands in another row."""

from __future__ import annotations

import time

from django.db import transaction

from contracts.contracts import running
from contracts.contracts.models import Contract
from organizations.providers import standing
from tests import factories
from tests.contracts.terms import officer
from tests.interleaving import PATIENCE, Act


def test_a_contract_is_not_resumed_when_its_provider_is_suspended_while_that_waits(own_database):
    contract = running.suspend(factories.ContractInForce(), by=officer(), reason="经费未到")
    with transaction.atomic():
        standing.suspend(contract.provider, by=officer(), reason="检查发现问题")
        Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
        resuming = Act(lambda: running.resume(contract, by=officer()))
        resuming.finish()
        end = time.monotonic() + PATIENCE
        while not resuming.waits():
            assert time.monotonic() < end
            time.sleep(0.01)
    resuming.join()
    assert resuming.refusal is not None
    assert "暂停" in str(resuming.refusal.message)
    contract.refresh_from_db()
    assert contract.status == "suspended"
