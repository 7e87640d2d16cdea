"""Work items are written with what changes them, and can be made again from the objects."""

from __future__ import annotations

import pytest

from foundation.work_items import rebuilding

pytestmark = pytest.mark.story


def test_the_story_leaves_the_items_that_its_objects_give(db):
    assert list(rebuilding.rebuild()) == []
