"""What the next step of a purchase lacks: the buyer's to see to, or waited for."""

from __future__ import annotations

import pytest

from foundation.refusals import Refused
from foundation.work_items.models import WorkItem
from organizations.people import conflicts
from organizations.providers import standing
from procurement.awards import awarding
from procurement.bids.sealing import Passphrase
from procurement.key_holders import keyring
from procurement.panel import experts, scoring
from procurement.purchases import planning
from procurement.purchases.models import Project
from tests.procurement import purchases


def row_of(project: Project) -> WorkItem:
    """The row of the purchase in the buyer's workbench."""
    return WorkItem.objects.get(lifecycle="procurement.Project", object_id=project.pk, role="civil_affairs")


def offered(project: Project) -> set[str]:
    """The names of what the buyer may do now."""
    return {row.name for row in Project.objects.get(pk=project.pk).transitions_for(purchases.officer())}


def test_what_a_notice_lacks_is_for_the_buyer_to_see_to():
    project = purchases.planned()
    assert "submit" not in offered(project)
    assert (row_of(project).waits, row_of(project).step) == (True, "see_to_it")


def test_a_notice_that_lacks_only_passphrases_waits_for_the_key_holders():
    project = purchases.ready()
    holders = [purchases.membership(name) for name in purchases.HOLDERS[:2]]
    project = planning.name_key_holders(project, by=purchases.officer(), people=holders, keys_needed=2)
    assert row_of(project).step == "submit"
    project = planning.name_key_holders(
        project,
        by=purchases.officer(),
        people=[purchases.membership(name) for name in purchases.HOLDERS],
        keys_needed=2,
    )
    row = row_of(project)
    assert not row.waits
    assert "没有设置口令" in row.missing["zh-hans"]
    assert "passphrase" in row.missing["en"]
    assert "submit" not in offered(project)
    seat = project.keyholders.get(status="named")
    keyring.set_passphrase(seat, by=purchases.holder(seat), passphrase=Passphrase(purchases.PASSPHRASE))
    assert row_of(project).step == "submit"
    assert "submit" in offered(project)


def test_a_winner_that_is_suspended_is_known_before_the_award():
    project = purchases.evaluated()
    assert "award" in offered(project)
    first = project.bids.order_by("rank")[0]
    standing.suspend(first.provider, by=purchases.officer(), reason="举报核查中")
    assert "award" not in offered(project)
    assert row_of(project).step == "propose_next"
    standing.resume(first.provider, by=purchases.officer(), reason="查无问题")
    assert row_of(project).step == "award"
    awarding.award(project, by=purchases.officer())


def test_only_grounds_that_the_bids_allow_are_drawn(client_of):
    project = purchases.evaluated()
    page = client_of("minzheng").get(f"{project.get_absolute_url()}propose-failure/").content.decode()
    assert 'value="major_change"' in page
    assert 'value="too_few"' not in page
    assert "没有不足" in page


def test_too_few_experts_without_a_tie_are_known_before_the_draw():
    project = purchases.qualified()
    assert "draw_panel" in offered(project)
    bidder = project.bids.first().provider.organization
    free = sorted(experts.without_conflict([project])[project.pk])
    for person_id in free[2:]:
        conflicts.declare(person_id, bidder, "kin")
    assert "draw_panel" not in offered(project)
    assert row_of(project).step == "see_to_it"
    with pytest.raises(Refused, match="评审专家只有 2 人"):
        scoring.draw_panel(project, by=purchases.officer())
