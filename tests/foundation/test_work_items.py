"""Work items are written with what changes them, and can be made again from the objects."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import translation

from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from referrals.complaints import complaining
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
