"""Identity numbers of invented people: valid in form, unique, and not taken by anybody."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date, timedelta

from demo.starter.cases import ORDERS, id_number
from foundation.personal_data import keys

#: The range of birthdays of heads of households, who are adults, in days.
YOUNGEST, BIRTHDAYS = timedelta(days=18 * 366), 25_000


#: How many different numbers exist.
MOST = BIRTHDAYS * ORDERS


class Exhausted(ValueError):
    """There are fewer free numbers than people."""


def free(start: int, today: date, taken: Container[str]) -> Iterator[tuple[date, str, str]]:
    """Yields birthday, sex (``M`` or ``F``) and number of new people, from the ``start``-th on.

    ``taken`` holds the keyed hashes of the numbers that are left out because somebody has them. Neighbours
    differ in their birthday, and both sexes are equally frequent. Raises ``Exhausted`` after the last free
    number.
    """
    youngest = today - YOUNGEST
    for step in range(MOST):
        order, offset = divmod((start + step) % MOST, BIRTHDAYS)
        serial, male = divmod((order + offset) % ORDERS, 2)
        day, sex = youngest - timedelta(days=offset), "FM"[male]
        number = id_number(day.isoformat(), sex, serial)
        if keys.keyed_hash(number) not in taken:
            yield day, sex, number
    raise Exhausted("There are no identity numbers left for so many people.")
