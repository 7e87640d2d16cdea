"""Who has to follow is said before a step is made; a mere proposal is not told as done."""

from __future__ import annotations

import pytest

from foundation.lifecycle.phases import ASKED
from foundation.lifecycle.table import LIFECYCLES, Start
from foundation.roles import Actor, Role
from foundation.ui import following
from households.corrections.states import CORRECTION
from procurement.purchases import planning
from referrals.matters.models import Matter
from tests import factories
from tests.procurement import purchases

pytestmark = pytest.mark.story


def test_every_start_that_another_person_decides_is_told_as_a_proposal():
    decided = [
        (lifecycle, start)
        for lifecycle in LIFECYCLES.values()
        for start in lifecycle.starts
        for row in lifecycle.leaving(start.state)
        if row.awaited and start.name in row.apart_from and lifecycle.states(start.state).phase is ASKED
    ]
    assert decided
    for lifecycle, start in decided:
        assert following.only_asks(start, lifecycle.model())
        assert following.foretold_of_a_start(lifecycle, start, factories.actor("minzheng"))


def test_a_form_that_begins_says_who_has_to_decide(client_of):
    start = CORRECTION.get_start("propose")
    assert isinstance(start, Start)
    shown = client_of("chuangkou").get("/corrections/new/propose/").content.decode()
    assert "要由另一人办理" in shown


def test_a_form_says_who_reviews_and_the_message_who_is_awaited(client_of):
    project, client = purchases.ready(), client_of("minzheng")
    address = project.transition_address(project.lifecycle.get_transition("submit"))
    assert "要由另一人办理“复核并发布公告”" in client.get(address).content.decode()
    done = client.post(address, {"key": "k1"}, follow=True)
    (said,) = (str(message) for message in done.context["messages"])
    assert said.startswith("已办理") and "等待民政办理“复核并发布公告”" in said


def test_a_form_that_begins_foretells_nothing_where_its_own_reader_may_be_awaited():
    for lifecycle in LIFECYCLES.values():
        for start in lifecycle.starts:
            leaving = lifecycle.leaving(start.state)
            apart = any(row.awaited and start.name in row.apart_from for row in leaving)
            for role in {role for row in leaving for role in row.awaited} if not apart else ():
                reader = Actor(role=Role(role), user_id=1, name="某人")
                assert not following.foretold_of_a_start(lifecycle, start, reader), (lifecycle, start, role)


def test_nobody_is_foretold_for_whom_nothing_will_wait(client_of):
    matter = Matter.objects.visible_to(factories.actor("chuangkou")).filter(status="reported", harm=False)[0]
    address = matter.transition_address(matter.lifecycle.get_transition("accept"))
    assert "办理之后等待：民政" not in client_of("chuangkou").get(address).content.decode()
    asked = client_of("jiating").get("/matters/new/apply/").content.decode()
    assert "办理之后等待：窗口工作人员" in asked


def test_what_only_a_second_person_decides_is_proposed_and_not_done():
    project = planning.propose_failure(
        purchases.evaluating(), by=purchases.officer("minzheng"), reason="unlawful", why="十二月一日书面告知"
    )
    said = following.done(project.lifecycle.get_transition("propose_failure"), project, purchases.officer())
    assert said.startswith("已提出") and "等待" in said
