"""What holds of everything that happened in the story: money, journal, contracts, an exit."""

from __future__ import annotations

import pytest

from contracts.budgets import ledger
from contracts.budgets.models import INSIDE, BudgetLine
from contracts.contracts.documents import CONTRACT_PDF
from contracts.contracts.models import Contract
from evaluations.exits import exiting
from evaluations.exits.models import Exit
from evaluations.exits.states import ExitStatus
from foundation.documents import making
from foundation.journal import sentences
from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES
from organizations.providers.models import Provider
from procurement.oversight import counting
from procurement.oversight.models import RedFlag
from procurement.purchases.models import Project
from referrals.matching import ranking
from referrals.rematching import rematching
from tests import factories
from tests.evaluations.judging import officer
from tests.evaluations.leaving import decided

pytestmark = pytest.mark.story


def test_the_starter_contracts_can_all_be_printed():
    contract = Contract.objects.filter(lines__isnull=False).distinct().last()
    document = making.request(CONTRACT_PDF, contract, by=factories.actor("minzheng"))
    assert making.render(document).pages >= 1


def test_every_act_in_the_journal_has_its_sentence():
    known = set(sentences.ACTS)
    for kind, move in Entry.objects.values_list("lifecycle", "move").distinct():
        lifecycle = LIFECYCLES.get(kind)
        assert (lifecycle and lifecycle.find(move)) or move in known, (kind, move)


def test_the_exit_of_a_provider_of_the_demo_goes_through_to_the_end():
    """It serves, is offered, and stands in an open call."""
    provider = Provider.objects.get(organization__name="江阴暨阳社会工作服务中心")
    mine = rematching.to_move(provider.pk)
    assert mine.filter(request_for_offers__status="open").exists()
    exit_ = decided(provider)
    rematch = provider.rematches.get(status="previewed")
    assert len(rematch.plan) == mine.count() >= 10
    rematching.approve(rematch, by=officer())
    assert not mine.exists()
    finished = exiting.finish_handover(Exit.objects.get(pk=exit_.pk), by=officer())
    assert finished.status == ExitStatus.SETTLING
    assert Provider.objects.get(pk=provider.pk).status == "exited"


def test_the_demonstration_shows_the_right_way():
    counting.count_all()
    assert RedFlag.objects.exists()
    assert not RedFlag.objects.filter(code__in=["LD05", "LD06"]).exists()
    for contract in Contract.objects.all():
        assert contract.purchase and contract.amount >= contract.signed_amount
        assert Project.objects.filter(number=contract.purchase).exists()


@pytest.mark.parametrize("account", ["amount", *INSIDE])
def test_every_figure_is_the_sum_of_the_entries_behind_it(account):
    for line in BudgetLine.objects.all():
        told = ledger.total(ledger.behind(account).filter(line=line))
        assert told == getattr(line, account), line


def test_every_figure_of_the_budget_page_opens_entries_that_come_to_it(client_of):
    client = client_of("caizheng")
    page = client.get("/budgets/").content.decode()
    line = BudgetLine.objects.get(source="市级财政预算·购买救助服务")
    for name in ("amount", "available", "reserved", "committed", "spent"):
        address = f"/ledger/?line={line.pk}&amp;account={name}"
        assert address in page
        behind = client.get(address.replace("&amp;", "&")).content.decode()
        assert f"<strong>{getattr(line, name):,.2f}</strong>" in behind


def test_a_charitys_own_project_needs_no_contract():
    need = factories.OpenNeed(kind="supplement")
    first = ranking.rank(need).candidates[0]
    assert first.line_id is None
    assert "慈善" in first.provider
