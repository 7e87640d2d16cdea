"""The records that indicators count, as SQL rows that are summed, charted by week, and listed.

Each owner says which rows there are and what they count (``foundation.counted_events``); here they are only
put together and cut to a period.
"""

from __future__ import annotations

from typing import Any

from contracts.invoices.records import DELIVERIES, SAMPLES
from foundation.counted_events import CountedEvents
from referrals.answers.records import SATISFACTION
from referrals.complaints.records import COMPLAINTS
from referrals.offers.records import ANSWERS, CONTACTS, IN_TIME, SERVICES
from referrals.service.records import VISITS

#: Every counter, in the order of the columns of a tally.
COUNTERS = (
    "answered_yes",
    "answered_all",
    "answers",
    "seconds",
    "accepted_yes",
    "contact_yes",
    "contact_all",
    "services",
    "completed_yes",
    "kept_yes",
    "units_yes",
    "units_all",
    "goals_yes",
    "records_yes",
    "records_all",
    "marks",
    "squares",
    "marks_all",
    "complaints",
    "deliveries",
    "cost_fen",
    "guide_fen",
    "found",
    "claimed",
)


SOURCES = (ANSWERS, IN_TIME, CONTACTS, SERVICES, VISITS, SATISFACTION, COMPLAINTS, DELIVERIES, SAMPLES)


#: The parameters of every source: states, rules and roles.
GIVEN: dict[str, Any] = {name: value for source in SOURCES for name, value in source.given.items()}


#: SQL: the first day, or the day after the last, in the city; for tables that have days and not moments.
_DAY = "(%({name})s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date"


def narrowed(source: CountedEvents, providers: bool = False) -> str:
    """The rows of a period, from ``%(first)s`` to before ``%(after)s``, optionally of ``%(providers)s`` only.

    Statements made of it take the parameters ``GIVEN`` too.
    """
    first, after = (_DAY.format(name=name) if source.by_day else f"%({name})s" for name in ("first", "after"))
    whose = f" AND {source.whose} = ANY(%(providers)s)" if providers else ""
    return f"{source.rows} AND {source.when} >= {first} AND {source.when} < {after}{whose}"
