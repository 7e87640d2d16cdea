"""Signs of harm to a child reach civil affairs at once, which looks into them within a day."""

from __future__ import annotations

import pytest

from foundation.deadlines.models import Clock
from foundation.inbox.models import Notice
from foundation.refusals import NotNow, NotYours
from foundation.work_items.models import WorkItem
from referrals.matters import harm as looking
from referrals.matters import intake
from tests import factories


def test_signs_of_harm_make_it_urgent_and_reach_civil_affairs_at_once(who):
    matter = intake.report(
        by=who("xieguan"),
        name="孙七",
        id_number=factories.new_id_number(),
        category="none",
        size=1,
        story="孩子身上有伤",
        harm=True,
    )
    assert matter.urgent
    told = Notice.objects.filter(object_id=matter.pk, role="civil_affairs")
    assert told.filter(texts__icontains="强制报告").count() == 1


def test_civil_affairs_is_awaited_where_a_child_shows_signs_of_harm_and_nowhere_else(who, client_of):
    plain, harm = (
        intake.report(
            by=who("xieguan"),
            name="孙七",
            id_number=factories.new_id_number(),
            category="none",
            size=1,
            story="孩子身上有伤",
            harm=harm,
        )
        for harm in (False, True)
    )
    theirs = WorkItem.objects.filter(lifecycle="referrals.Matter", role="civil_affairs")
    item = theirs.get()
    assert (item.object_id, item.step, item.waits, item.urgent) == (harm.pk, "look_into", True, True)
    window = factories.window_of(harm.town)
    intake.accept(harm, by=window, needs=["care"], id_number=factories.new_id_number(), differences="take")
    assert theirs.get().step == "look_into"
    assert client_of("minzheng").get(item.address).status_code == 200
    looking.look_into(harm, by=who("minzheng"))
    assert not theirs.all().exists()
    with pytest.raises(NotNow, match="现在不能办理“"):
        looking.look_into(harm, by=who("minzheng"))
    with pytest.raises(NotYours):
        looking.look_into(plain, by=who("minzheng"))


def test_signs_of_harm_have_a_deadline_of_their_own_that_binds_civil_affairs_alone(who):
    report = {"name": "孙七", "id_number": factories.new_id_number(), "category": "none", "size": 1}
    matter = intake.report(by=who("xieguan"), story="孩子身上有伤", harm=True, **report)
    due = {
        clock.rule_key: clock.due_at for clock in Clock.objects.filter(object_id=matter.pk, stopped_at=None)
    }
    assert set(due) == {"matter.acceptance", "matter.harm"}
    items = WorkItem.objects.filter(lifecycle="referrals.Matter", object_id=matter.pk, waits=True)
    assert items.get(role="civil_affairs").due_at == due["matter.harm"]
    assert items.get(role="window").due_at == due["matter.acceptance"]
    window = factories.window_of(matter.town)
    with pytest.raises(NotNow, match="核查处理之前"):
        intake.explain(matter, by=window, reason="不符合条件")
    assert "explain" not in {row.name for row in matter.transitions_for(window)}
    looking.look_into(matter, by=who("minzheng"))
    assert not Clock.objects.filter(object_id=matter.pk, rule_key="matter.harm", stopped_at=None).exists()
    assert "explain" in {row.name for row in matter.transitions_for(window)}
