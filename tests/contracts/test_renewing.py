"""A contract is renewed once, for the time after it, and only as often as the rule allows."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from contracts.amendments import amending
from contracts.contracts import running, signing
from contracts.contracts.models import Contract
from foundation import moments
from foundation.refusals import Invalid, NotNow, Refused
from tests import factories
from tests.racing import at_once, refused


def renew(contract: Contract, days: int = 200, **given) -> Contract:
    begin = given.pop("start_on", contract.end_on + timedelta(days=1))
    return signing.renew(
        by=factories.actor("minzheng"),
        contract=contract,
        budget_line=contract.budget_line,
        start_on=begin,
        end_on=begin + timedelta(days=days),
        **given,
    )


def test_a_contract_is_renewed_once_whatever_the_days(client_of):
    contract = factories.ContractInForce()
    following = renew(contract)
    begin = following.end_on + timedelta(days=1)
    sent = {
        "contract": contract.pk,
        "budget_line": contract.budget_line_id,
        "start_on": str(begin),
        "end_on": str(begin + timedelta(days=90)),
    }
    api = client_of("minzheng")
    answer = api.post("/api/v1/contracts/renew", sent, content_type="application/json")
    assert (answer.status_code, following.number in answer.json()["detail"]) == (409, True)
    factories.signed(following)
    with pytest.raises(NotNow, match="只能续签一次"):
        renew(contract)
    running.terminate(Contract.objects.get(pk=following.pk), by=factories.actor("minzheng"), reason="协商")
    with pytest.raises(NotNow, match="只能续签一次"):
        renew(contract)
    assert contract.renewals.count() == 1
    assert "?contract=" + str(contract.pk) not in _renew_links(api, contract)


def _renew_links(client, contract: Contract) -> str:
    page = client.get(contract.get_absolute_url()).content.decode()
    return "".join(each for each in page.split('"') if each.startswith("/contracts/new/renew"))


def test_a_renewal_that_was_dropped_makes_room_for_another(client_of):
    contract = factories.ContractInForce()
    assert _renew_links(client_of("minzheng"), contract)
    signing.cancel(renew(contract), by=factories.actor("minzheng"), reason="日期写错了")
    assert renew(contract).renews == contract


def test_a_renewal_keeps_the_places_agreed_for_a_line():
    contract = factories.ContractInForce()
    contract.lines.update(places=12)
    assert [line.places for line in renew(contract).lines.all()] == [12]


def test_renewals_are_as_many_as_the_rule_allows_each_after_the_one_before():
    first = factories.ContractInForce()
    second = factories.signed(renew(first, 100))
    with moments.as_of(moments.now() + timedelta(days=305)):
        running.follow_the_days()
        second.refresh_from_db()
        with pytest.raises(Invalid) as refusal:
            renew(second, start_on=second.end_on)
        assert "start_on" in refusal.value.fields
        third = factories.signed(renew(second, 100))
    with moments.as_of(moments.now() + timedelta(days=410)):
        running.follow_the_days()
        third.refresh_from_db()
        with pytest.raises(NotNow, match="最多续签 2 次"):
            renew(third, 100)


def test_the_number_of_renewals_is_data():
    factories.rule("contract.renewal", times=0)
    with pytest.raises(NotNow, match="最多续签 0 次"):
        renew(factories.ContractInForce())


def test_two_at_once_make_one_renewal(own_database):
    contract = factories.ContractInForce()
    outcomes = at_once([partial(renew, contract)] * 3)
    assert refused(outcomes, NotNow) == 2
    assert Contract.objects.filter(renews=contract).count() == 1


def test_a_contract_is_not_lengthened_into_its_renewal():
    contract = factories.ContractInForce()
    given = {"by": factories.actor("minzheng"), "quotas": {}, "why": "延长"}
    waiting = amending.propose(contract=contract, end_on=contract.end_on + timedelta(days=40), **given)
    following = renew(contract)
    second, other = factories.actor("minzheng2"), factories.member_of(contract.provider)
    with pytest.raises(Invalid, match=following.number):
        amending.sign(waiting, by=second, typed=second.name)
    amending.withdraw(waiting, by=given["by"], reason="已续签")
    with pytest.raises(Invalid) as refusal:
        amending.propose(contract=contract, end_on=following.start_on, **given)
    assert "end_on" in refusal.value.fields
    signing.cancel(following, by=given["by"], reason="改为延长")
    waiting = amending.propose(contract=contract, end_on=contract.end_on + timedelta(days=40), **given)
    waiting = amending.sign(waiting, by=second, typed=second.name)
    renew(Contract.objects.get(pk=contract.pk))
    with pytest.raises(Refused, match="不能延长"):
        amending.agree(waiting, by=other, typed=other.name)


def test_a_renewal_is_not_lengthened_beyond_the_years_in_all():
    first = factories.ContractInForce()
    second = renew(first, 300)
    with moments.as_of(moments.now() + timedelta(days=302)):
        running.follow_the_days()
        second = factories.signed(second)
        last = first.start_on + timedelta(days=366 * 3)
        given = {"by": factories.actor("minzheng"), "contract": second, "quotas": {}, "why": "延长"}
        with pytest.raises(Invalid) as refusal:
            amending.propose(end_on=last + timedelta(days=1), **given)
        assert "end_on" in refusal.value.fields
        assert amending.propose(end_on=last, **given).status == "drafted"


def test_the_database_holds_one_renewal_after_the_end():
    contract = factories.ContractInForce()
    following, stranger = renew(contract), factories.DraftContract()
    tries = [
        {"pk": stranger.pk, "renews": contract, "start_on": following.start_on, "end_on": following.end_on},
        {"pk": following.pk, "start_on": contract.end_on},
        {"pk": contract.pk, "end_on": following.start_on},
    ]
    for values in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            Contract.objects.filter(pk=values.pop("pk")).update(**values)
