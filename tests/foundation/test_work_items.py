"""Work items are written with what changes them, and can be made again from the objects."""

from __future__ import annotations

import pytest
from django.utils import translation

from foundation.work_items import rebuilding
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
