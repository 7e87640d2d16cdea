"""The plan of each kind of list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foundation.rules import reading
from organizations.city_lists.bodies import BodiesPlan
from organizations.city_lists.places import PlacesPlan
from organizations.city_lists.planning import Plan
from organizations.city_lists.windows import WindowsPlan

_PLANS: Mapping[str, type[Plan]] = {plan.kind: plan for plan in (PlacesPlan, BodiesPlan, WindowsPlan)}


def plan_of(kind: str, rows: Sequence[Mapping[str, Any]]) -> Plan:
    """What becomes of the rows (``CityList.rows``) of a list of that kind now."""
    with reading.remembered.meanwhile():  # how kinds of need are called is asked for each row
        return _PLANS[kind](rows)
