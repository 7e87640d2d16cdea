"""Households and their members, as rows for COPY."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from demo.scale.city import City, sealed, sealed_once
from foundation.personal_data import keys
from households.help_received.models import HelpReceived
from households.register.models import Household, Person


def households(city: City) -> Iterator[tuple[Any, ...]]:
    """Household rows, with addresses and phones encrypted."""
    for n, home in enumerate(city.plan.homes):
        yield (
            city.key.household + n,
            f"JT-{city.year}-{city.key.household_number + n:06d}",
            home.spot.place_id,
            home.spot.town_id,
            home.category,
            home.size,
            home.income,
            sealed(Household, "address", f"示例弄 {n + 1} 号"),
            keys.keyed_hash(f"示例弄 {n + 1} 号"),
            sealed(Household, "phone", f"138{n % 10**8:08d}"),
            home.since,
        )


def people(city: City) -> Iterator[tuple[Any, ...]]:
    """The head of each household."""
    for n, home in enumerate(city.plan.homes):
        yield (
            city.key.person + n,
            sealed(Person, "name", home.name),
            sealed(Person, "id_number", home.number),
            keys.keyed_hash(home.number),
            home.day,
            home.sex,
        )


def members(city: City) -> Iterator[tuple[Any, ...]]:
    """The membership of each head in the household."""
    for n, home in enumerate(city.plan.homes):
        yield (city.key.household + n, city.key.person + n, "head", home.since.date())


def consents(city: City) -> Iterator[tuple[Any, ...]]:
    """The separate consent of every household."""
    scope = json.dumps(["contact_name", "contact_phone", "contact_address"])
    for n, home in enumerate(city.plan.homes):
        yield (
            city.key.consent + n,
            city.key.household + n,
            "转介社会力量提供服务",
            "接受转介的机构",
            scope,
            "written",
            home.since,
        )


def help_received(city: City) -> Iterator[tuple[Any, ...]]:
    """The worth of completed services to the household (CNY)."""
    for trip in city.plan.trips:
        if trip.completed:
            line = city.plan.lines[trip.line]
            yield (
                city.key.household + trip.home,
                "purchased",
                city.key.organization + line.provider,
                sealed_once(HelpReceived, "what", line.service.name),
                line.service.code,
                line.service.kind,
                Decimal(trip.used),
                line.price * trip.used,
                trip.moment(5).date(),
            )
