"""Every notice of the demonstration can be read in both languages."""

from __future__ import annotations

import re

import pytest

from foundation.inbox.models import Notice

pytestmark = pytest.mark.story

ENGLISH = re.compile(r"[A-Za-z]{3,} [a-z]{2,}")


def test_every_notice_is_there_in_both_languages():
    found = [notice.texts for notice in Notice.objects.all()]
    assert len(found) > 300
    assert {frozenset(texts) for texts in found} == {frozenset({"zh-hans", "en"})}
    assert [texts for texts in found if texts["en"] == texts["zh-hans"]] == []
    assert [texts for texts in found if ENGLISH.search(texts["zh-hans"])] == []
