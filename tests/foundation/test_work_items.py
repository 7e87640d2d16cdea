"""Work items are written with what changes them, and can be made again from the objects."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import translation

from foundation.work_items import making, rebuilding
from foundation.work_items.models import WorkItem
from referrals.complaints import complaining
from referrals.matters.models import Matter
from referrals.permissions import reporters
from tests import factories

pytestmark = pytest.mark.story


def test_an_item_is_the_same_whatever_language_its_maker_reads(db):
    with translation.override("en"):
        factories.OpenNeed()
        factories.OfferedReferral()
        need = factories.TransferredNeed()
        complaining.file(by=factories.account_of(need.matter.household), need=need, about="body", text="慢")
    assert list(rebuilding.rebuild()) == []


def test_the_story_leaves_the_items_that_its_objects_give(db):
    assert list(rebuilding.rebuild()) == []


def test_other_texts_are_written_and_counted_apart_from_what_is_wrong(db, capsys):
    item, other = WorkItem.objects.filter(waits=True).order_by("pk")[:2]
    WorkItem.objects.filter(pk=item.pk).update(title={"zh-hans": "旧的写法", "en": "As it was put before"})
    WorkItem.objects.filter(pk=other.pk).update(urgent=not other.urgent)
    call_command("rebuild_work_items")
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(" ")[0] for line in told] == ["~", "2"]
    assert told[0].endswith("(urgent)")
    assert told[1] == "2 work items differed, 1 of them only in their texts"
    assert list(rebuilding.rebuild()) == []


@pytest.mark.parametrize(
    "changed", [{"role": "auditor"}, {"organization_id": 999, "user_id": 5}, {"kept_from": [1]}]
)
def test_a_rebuild_mends_whatever_column_was_changed(db, changed):
    item = WorkItem.objects.filter(waits=True, lifecycle="referrals.Need").order_by("pk")[0]
    WorkItem.objects.filter(pk=item.pk).update(**changed)
    (found,) = rebuilding.rebuild()
    assert found.columns == tuple(sorted(changed, key=making.COMPARED.index))
    assert list(rebuilding.rebuild()) == []
    healed = WorkItem.objects.get(pk=item.pk)
    assert all(getattr(healed, name) == getattr(item, name) for name in changed)


@pytest.mark.parametrize("key", [-5, 0, 999_999_999])
def test_a_rebuild_takes_items_away_whose_object_is_not_there(db, key):
    item = WorkItem.objects.filter(waits=True).order_by("pk")[0]
    WorkItem.objects.filter(pk=item.pk).update(object_id=key)
    assert sorted(found.mark for found in rebuilding.rebuild()) == ["+", "-"]
    assert not WorkItem.objects.filter(object_id=key).exists()


def test_a_reporter_reads_neither_whose_a_matter_is_nor_where(db):
    outside = {party.role for party in reporters}
    briefly = WorkItem.objects.filter(lifecycle="referrals.Matter", role__in=outside)
    assert briefly
    for item in briefly:
        matter = Matter.objects.get(pk=item.object_id)
        told = f"{item.title} {item.whose}"
        assert matter.household.number not in told and str(matter.household.place) not in told
        assert matter.external_number in told
    others = WorkItem.objects.filter(lifecycle="referrals.Matter").exclude(role__in=outside)
    assert all(item.whose["zh-hans"] for item in others)
