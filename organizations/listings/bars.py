"""Whom an entry of a list keeps from taking it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from foundation.journal.models import Entry
from organizations.listings.kinds import ListKind

if TYPE_CHECKING:
    from organizations.listings.models import Listing

#: What somebody is told who entered it himself.
LEFT_TO_ANOTHER = _("这一条是您本人登记的\uff0c从失信名单移出要由另一人登记。")

#: The starts by which an entry comes into a list.
ENTERED = ("enter", "record")


def who_entered_a_breach(listings: Sequence[Listing]) -> dict[int, set[int]]:
    """Who has entered each of the listings that bar for a serious breach, by its key: another person lifts the bar."""
    serious = [one for one in listings if one.kind == ListKind.SERIOUS_BREACH]
    if not serious:
        return {}
    entries = Entry.objects.filter(
        lifecycle=serious[0]._meta.label, object_id__in=[one.pk for one in serious], move__in=ENTERED
    )
    found: dict[int, set[int]] = defaultdict(set)
    for pk, user in entries.values_list("object_id", "actor_id"):
        if user is not None:
            found[pk].add(user)
    return dict(found)
