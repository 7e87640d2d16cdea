"""What households lack for actions on the people in them; all of it is read by one statement for several households."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.refusals import Refused, Words
from foundation.remembering import Remembered
from households.register.models import ADULT_FROM, Household, HouseholdMember


class People(NamedTuple):
    """How many live in a household, and how many of them count there, as adults or as minors."""

    there: int = 0
    counting: int = 0
    minors: int = 0


#: The people of households, while a page is made that only reads.
_remembered: Remembered[dict[int, People]] = Remembered("people of households", dict)


def nobody_there(households: Sequence[Household]) -> dict[int, Refused]:
    """Why nothing is done for the people of a household in which nobody lives any more."""
    words = gettext_lazy("这户已没有在世的成员，不能再办理新的事项。")
    return _refused(households, words, lambda people: people.there > 0)


def nobody_who_counts(households: Sequence[Household]) -> dict[int, Refused]:
    """Why no death is recorded: nobody who lives here counts here."""
    words = gettext_lazy("这户没有计入本户的在世成员。")
    return _refused(households, words, lambda people: people.counting > 0)


def nobody_to_leave(households: Sequence[Household]) -> dict[int, Refused]:
    """Why nobody leaves: one who counts here has to stay behind."""
    words = gettext_lazy("这是最后一名成员，请改用“注销家庭”。")
    return _refused(households, words, lambda people: people.counting > 0 and people.there > 1)


def no_minor(households: Sequence[Household]) -> dict[int, Refused]:
    """Why no guardian is changed: nobody who counts here is a minor."""
    words = gettext_lazy("这户没有未成年人，不需要监护人。")
    return _refused(households, words, lambda people: people.minors > 0)


def _refused(
    households: Sequence[Household], words: Words, fine: Callable[[People], bool]
) -> dict[int, Refused]:
    """The refusal for each household whose people are not as they should be."""
    people = _remembered.of_each([household.pk for household in households], _read)
    return {pk: Refused(words, rule="S22") for pk, found in people.items() if not fine(found)}


def _read(pks: Collection[int]) -> dict[int, People]:
    """The people of households, by primary key, in one statement."""
    minor = Q(counts=True, person__birth_date__gt=_came_of_age_today())
    rows = HouseholdMember.objects.filter(household__in=pks, valid_to=None).values("household").order_by()
    counted = rows.annotate(
        there=Count("pk"), counting=Count("pk", filter=Q(counts=True)), minors=Count("pk", filter=minor)
    )
    found = {row["household"]: People(row["there"], row["counting"], row["minors"]) for row in counted}
    return {pk: found.get(pk, People()) for pk in pks}


def _came_of_age_today() -> date:
    """The day of birth of those who come of age today."""
    today = moments.today()
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - ADULT_FROM, day=28 if leap_day else today.day)
