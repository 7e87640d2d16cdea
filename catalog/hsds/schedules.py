"""The weekly opening hours of providers in the shape of HSDS schedules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.hsds import ids
from organizations.bodies import hours as opening

Row = Mapping[str, Any]
Shape = dict[str, Any]

#: Hours ahead of UTC, the whole year.
TIMEZONE = 8

#: The end of a day, which the format of times does not know as 24:00.
LAST_MINUTE = "23:59"


def of(row: Row) -> list[Shape]:
    """The weekly hours in which a provider's office is open, one for each time of days that have the same."""
    number, here = row["org"], ids.make("location", row["org"])
    spans = [
        (group, begin, end) for group in opening.groups(row["hours"]) for begin, end in row["hours"][group[0]]
    ]
    return [
        {
            "id": ids.part("opening", number, index),
            "location_id": here,
            "timezone": TIMEZONE,
            "freq": "WEEKLY",
            "interval": 1,
            "wkst": "MO",
            "byday": ",".join(opening.ABBREVIATED[day] for day in group),
            "opens_at": begin,
            "closes_at": LAST_MINUTE if end == opening.END_OF_DAY else end,
        }
        for index, (group, begin, end) in enumerate(spans)
    ]
