"""What waits for whom in the city: the work items of its needs and referrals, as rows for COPY.

Who is awaited for what is asked of the product once for each way in which cases end; every other case
that ended so has the same addressees, with its own town, provider and worker.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalog.items.models import Item
from catalog.offers.models import Offer
from demo.scale import copying
from demo.scale.city import CLOCK, City
from foundation.deadlines.models import Clock
from foundation.lifecycle.table import Lifecycle
from foundation.parties import Addressee
from foundation.roles import Role
from foundation.work_items import making
from foundation.work_items.models import WorkItem
from households.register.models import Household
from organizations.places.models import Place
from referrals.matters.models import Channel, Matter
from referrals.needs.models import Need
from referrals.needs.states import NEED
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL

#: The lifecycles whose work items are copied.
COPIED = (NEED, REFERRAL)


class Waiting(NamedTuple):
    """One work item of all cases that ended the same way: addressed to whom, by the names of his keys, and
    his step; ``address`` goes on from the address of the object.
    """

    role: Role
    organization: str | None
    place: str | None
    user: str | None
    waits: bool
    step: str
    address: str


#: Who waits, by lifecycle and the way in which a case ended.
Pattern = dict[tuple[str, int], list[Waiting]]


def write(city: City, *, quiet: bool) -> None:
    """The work items of the city's needs and referrals, which are there already."""
    pattern = _pattern(city)
    count = sum(len(pattern[lifecycle.label, trip.end]) for lifecycle in COPIED for trip in city.plan.trips)
    stand_ins = _StandIns(city)
    copying.copy(WorkItem, COLUMNS, _rows(city, pattern, stand_ins), count, quiet=quiet)


def _pattern(city: City) -> Pattern:
    """What the product makes of the first case that ended each way."""
    firsts: dict[int, int] = {}
    for number, trip in enumerate(city.plan.trips):
        firsts.setdefault(trip.end, number)
    return {
        (lifecycle.label, end): [
            _waiting(item, _keys(city, number))
            for item in making.items_of(lifecycle, [lifecycle.model._default_manager.get(pk=first + number)])
        ]
        for lifecycle, first in ((NEED, city.key.need), (REFERRAL, city.key.referral))
        for end, number in firsts.items()
    }


def _keys(city: City, number: int) -> dict[str, int]:
    """The keys of whoever takes part in a case, by name."""
    trip = city.plan.trips[number]
    spot, line = city.plan.homes[trip.home].spot, city.plan.lines[trip.line]
    return {
        "town": spot.town_id,
        "village": spot.place_id,
        "organization": city.key.organization + line.provider,
        "worker": city.key.user + line.provider * 2 + 1,
    }


def _waiting(item: WorkItem, keys: dict[str, int]) -> Waiting:
    """The item of one case as one of all; raises ``StopIteration`` for a key that is none of the case."""

    def name_of(key: int | None, *names: str) -> str | None:
        return None if key is None else next(name for name in names if keys[name] == key)

    return Waiting(
        Role(item.role),
        name_of(item.organization_id, "organization"),
        name_of(item.place_id, "town", "village"),
        name_of(item.user_id, "worker"),
        item.waits,
        item.step,
        item.address.removeprefix(item.link),
    )


#: The columns that differ between the items of one object.
OWN = ("role", "organization_id", "place_id", "user_id", "seat", "waits", "step", "address")

#: Those that do not: what ``making.shown`` gives, and since when.
SHARED = (
    "lifecycle",
    "object_id",
    "case",
    "state",
    "name",
    "link",
    "title",
    "whose",
    "urgent",
    "due_at",
    "due_by",
    "paused",
    "provisional",
    "period",
    "basis",
)

COLUMNS = (*OWN, "kept_from", "missing", "since", *SHARED)


def _rows(city: City, pattern: Pattern, stand_ins: _StandIns) -> Iterator[tuple[Any, ...]]:
    """A row for each addressee of each need and referral."""
    for number, trip in enumerate(city.plan.trips):
        for lifecycle in COPIED:
            waiting = pattern[lifecycle.label, trip.end]
            if not waiting:
                continue
            columns = stand_ins.shown(lifecycle, number)
            keys = _keys(city, number)
            shared = ([], _stored({}), trip.last, *(_stored(columns[name]) for name in SHARED))
            for one in waiting:
                yield (*_own(one, keys, columns["link"]), *shared)


def _own(waiting: Waiting, keys: dict[str, int], link: str) -> tuple[Any, ...]:
    """The columns of one item that are not those of its object."""
    holders = (keys[name] if name else None for name in (waiting.organization, waiting.place, waiting.user))
    addressee = Addressee(waiting.role, *holders)
    address = link + waiting.address if waiting.waits else ""
    return (*addressee, addressee.seat, waiting.waits, waiting.step, address)


def _stored(value: Any) -> Any:
    """The value as COPY takes it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


class _StandIns:
    """One need and one referral that stand for each of the city's in turn, since no query runs during COPY."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._places = Place.objects.in_bulk()
        self._items = Item.objects.in_bulk({line.service.item_id for line in city.plan.lines})
        self._household = Household()
        self._matter = Matter(household=self._household, channel=Channel.WINDOW)
        self._need = Need(matter=self._matter)
        self._offer = Offer()
        self._referral = Referral(need=self._need, offer=self._offer)

    def shown(self, lifecycle: Lifecycle, number: int) -> dict[str, Any]:
        """The columns that the items of the need or the referral of a case share."""
        self._stand_for(number)
        obj = self._need if lifecycle is NEED else self._referral
        clock = self._city.running(lifecycle, number)
        running = Clock(**dict(zip(CLOCK.split(), clock, strict=True))) if clock else None
        return making.shown(lifecycle, obj, running)

    def _stand_for(self, number: int) -> None:
        """Give them the columns of one case of which the product makes texts."""
        city, trip = self._city, self._city.plan.trips[number]
        home, line = city.plan.homes[trip.home], city.plan.lines[trip.line]
        self._household.number = f"JT-{city.year}-{city.key.household_number + trip.home:06d}"
        self._household.place = self._places[home.spot.place_id]
        self._matter.pk = city.key.matter + number
        self._matter.number = f"SL-{city.year}-{city.key.matter_number + number:06d}"
        self._need.pk, self._need.matter = city.key.need + number, self._matter
        self._need.kind, self._need.urgent = line.service.kind, trip.urgent
        self._need.status = trip.need_status
        self._offer.item = self._items[line.service.item_id]
        self._referral.pk = city.key.referral + number
        self._referral.number = f"ZJ-{city.year}-{city.key.referral_number + number:06d}"
        self._referral.town = self._places[home.spot.town_id]
        self._referral.urgent, self._referral.status = trip.urgent, trip.status
        self._referral.contact_name = home.name if self._referral.known else None
