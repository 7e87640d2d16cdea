"""Whoever alone is left to approve an edition imports no file into it: he could not approve it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from catalog.editions.states import EDITION
from foundation.lifecycle import duties

if TYPE_CHECKING:
    from catalog.sheets.models import Import


def alone_may_approve(imports: Sequence[Import]) -> dict[int, set[int]]:
    """The user who alone is left to approve the edition of an import, by import."""
    prefetch_related_objects(imports, "edition")
    editions = {waiting.edition_id: waiting.edition for waiting in imports}
    last = duties.left_alone(EDITION.get_transition("approve"), [*editions.values()])
    return {waiting.pk: {last[waiting.edition_id]} for waiting in imports if waiting.edition_id in last}
