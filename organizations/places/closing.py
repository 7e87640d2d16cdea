"""Closing a place, once nothing in use hangs on it any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.refusals import NotNow, Refused, Words
from foundation.wording import filled, said_together
from organizations.bodies.models import Organization
from organizations.people.models import Membership
from organizations.places import events
from organizations.places.models import Place
from organizations.places.states import BASIS, PLACE

close = PLACE.act("close", Place)


@close.then
def _closed(place: Place, **given: object) -> None:
    events.closed.call(place)


@close.lacks
def still_used(places: Sequence[Place]) -> dict[int, Refused]:
    """Why places are not closed: parts, bodies, people or households of theirs are still there."""
    in_use = Place.objects.in_use()
    return refusals(
        places,
        (
            (_("有 %(count)s 个下级地点在使用。"), in_use, "parent"),
            (_("它还管理着 %(count)s 个镇（街道）。"), in_use, "zone"),
            (_("有 %(count)s 个机构在这里。"), Organization.objects.in_use(), "place"),
            (_("有 %(count)s 人在这里任职。"), Membership.objects.from_today(), "place"),
        ),
        events.hanging.call(places),
    )


def refusals(
    objects: Sequence[Place] | Sequence[Organization],
    counted: Iterable[tuple[Words, QuerySet[Any], str]],
    told: Iterable[Mapping[int, Sequence[Words]]],
) -> dict[int, Refused]:
    """The refusal of each object on which rows hang, by primary key; one statement for each kind of row.

    ``counted`` gives the words (``%(count)s``), the rows, and the path from a row to the object; ``told`` is what the
    floors above say.
    """
    found: dict[int, list[Words]] = defaultdict(list)
    keys = [obj.pk for obj in objects]
    for words, rows, path in counted:
        counts = rows.filter(**{f"{path}__in": keys}).order_by().values_list(path).annotate(Count("pk"))
        for pk, count in counts:
            found[pk].append(filled(words, count=count))
    for said in told:
        for pk, sentences in said.items():
            found[pk] += sentences
    return {pk: NotNow(said_together(_("还不能停用。"), *words), rule=BASIS) for pk, words in found.items()}
