"""What one person of the buyer proposes, another finds, reads and decides; a new lot is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from foundation.inbox.models import Notice
from foundation.journal import writing
from foundation.refusals import NotYours
from foundation.work_items import settling
from procurement.awards import awarding, next_candidate
from procurement.objections import objecting
from procurement.panel import scoring
from procurement.purchases import planning
from procurement.purchases.models import Project
from tests import factories
from tests.procurement import purchases, test_objections
from tests.steps import steps_for

FIRST, SECOND = "minzheng", "minzheng2"
FACTS = "十二月一日书面告知"


def failure() -> object:
    return planning.propose_failure(
        purchases.evaluating(), by=purchases.officer(FIRST), reason="unlawful", why=FACTS
    )


def failure_while_open() -> object:
    return planning.propose_failure(
        purchases.published(), by=purchases.officer(FIRST), reason="major_change", why=FACTS
    )


def next_one() -> object:
    return next_candidate.propose_next(
        purchases.concluded(), by=purchases.officer(FIRST), reason="refused", why=FACTS
    )


def replacement() -> object:
    seat = purchases.evaluating().panelseats.order_by("draw_number")[0]
    return scoring.propose_excuse(seat, by=purchases.officer(FIRST), reason="conduct", why=FACTS)


def right_objection() -> object:
    raised = test_objections.objection(purchases.awarded(prices=("45", "48", "40", "46")))
    return objecting.propose_upholding(raised, by=purchases.officer(FIRST), reason=FACTS)


PROPOSALS = [
    (failure, "confirm_failure", "违法、违规行为"),
    (failure_while_open, "confirm_failure", "重大变故"),
    (next_one, "confirm_next", "拒绝签订合同"),
    (replacement, "excuse", "违反评审纪律"),
    (right_objection, "uphold", "质疑成立"),
]


@pytest.mark.parametrize("made,second,ground", PROPOSALS)
def test_the_second_person_finds_it_and_the_proposer_does_not(
    made: Callable[[], object], second: str, ground: str, client_of
):
    obj = made()
    assert steps_for(purchases.officer(SECOND), obj) == {second}
    assert second not in steps_for(purchases.officer(FIRST), obj)
    told = Notice.objects.visible_to(purchases.officer(SECOND)).filter(
        lifecycle=obj._meta.label, object_id=obj.pk
    )
    assert told.filter(texts__icontains="待另一人复核").exists()
    address = f"{obj.get_absolute_url()}{second.replace('_', '-')}/"
    assert address in client_of(SECOND).get(obj.get_absolute_url()).content.decode()
    assert address not in client_of(FIRST).get(obj.get_absolute_url()).content.decode()


@pytest.mark.parametrize("made,second,ground", PROPOSALS)
def test_the_page_of_the_decision_shows_ground_facts_proposer_and_time(
    made: Callable[[], object], second: str, ground: str, client_of
):
    obj = made()
    refuse = {
        "confirm_failure": "refuse-failure",
        "confirm_next": "refuse-next",
        "uphold": "refuse-upholding",
    }
    for name in (second.replace("_", "-"), refuse.get(second, "refuse-excuse")):
        shown = client_of(SECOND).get(f"{obj.get_absolute_url()}{name}/").content.decode()
        assert ground in shown and FACTS in shown
        assert purchases.officer(FIRST).name in shown and "提出的时间" in shown


def test_a_decided_proposal_waits_for_nobody():
    project = failure()
    planning.refuse_failure(project, by=purchases.officer(SECOND), reason="查无此事")
    assert "confirm_failure" not in steps_for(purchases.officer(SECOND), project)


def test_two_who_have_each_proposed_the_next_once_do_not_lock_the_purchase():
    project = next_one()
    project = next_candidate.refuse_next(project, by=purchases.officer(SECOND), reason="再问")
    project = next_candidate.propose_next(project, by=purchases.officer(SECOND), reason="refused", why=FACTS)
    assert steps_for(purchases.officer(FIRST), project) == {"confirm_next"}
    project = next_candidate.confirm_next(project, by=purchases.officer(FIRST))
    assert project.status == "evaluated"


def test_the_new_lot_and_the_replaced_expert_are_shown(client, client_of):
    project = purchases.evaluating()
    seat = project.panelseats.order_by("draw_number")[0]
    factories.PersonOf(role="evaluator", role__organization=seat.organization)
    purchases.replaced(seat, ground="ill")
    new = project.panelseats.order_by("-draw_number")[0]
    shown = client_of(FIRST).get(project.get_absolute_url()).content.decode()
    assert new.seed in shown and "因病或突发情况" in shown
    assert "复核并更换了专家" in shown
    purchases.score_all(project)
    scoring.report(project, by=purchases.expert(project.panelseats.filter(status="submitted")[0]))
    awarding.award(Project.objects.get(pk=project.pk), by=purchases.officer(FIRST))
    public = client.get(project.public_address).content.decode()
    assert new.seed in public and "第 1 号专家更换" in public
    assert seat.person.full_name not in public and "住院" not in public


@pytest.mark.parametrize(("propose", "second", "_words"), PROPOSALS)
def test_whoever_proposed_is_told_that_another_decides(propose, second, _words, client_of):
    obj = propose()
    address = obj.transition_address(obj.lifecycle.get_transition(second))
    told = "须由另一人办理"
    first = client_of(FIRST).get(address).content.decode()
    assert "前一步由您本人办理" in first
    assert f"{told}\uff1a民政" in first
    assert told not in client_of(SECOND).get(address).content.decode()


@pytest.mark.parametrize("act", ["set_terms", "add_item", "invite"])
def test_whoever_wrote_a_part_of_the_purchase_does_not_publish_it(act):
    project = planning.submit(purchases.ready(), by=purchases.officer(FIRST))
    second = purchases.officer(SECOND)
    assert "publish" in {row.name for row in project.transitions_for(second)}
    writing.write(project._meta.label, project, act, second)
    settling.touch(project)
    assert "publish" not in {row.name for row in project.transitions_for(second)}
    with pytest.raises(NotYours):
        planning.publish(project, by=second)
