"""What households lack for actions on the people in them, each asked by one statement for several households."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.refusals import Refused, Words
from households.register.models import ADULT_FROM, Household, HouseholdMember

#: Those who live in a household now.
PRESENT = Q(valid_to=None)


def nobody_there(households: Sequence[Household]) -> dict[int, Refused]:
    """Why nothing is done for the people of a household in which nobody lives any more."""
    return _refused(
        households, _with(households, PRESENT), gettext_lazy("这户已没有在世的成员，不能再办理新的事项。")
    )


def nobody_who_counts(households: Sequence[Household]) -> dict[int, Refused]:
    """Why no death is recorded: nobody who lives here counts here."""
    return _refused(
        households, _with(households, PRESENT, counts=True), gettext_lazy("这户没有计入本户的在世成员。")
    )


def nobody_to_leave(households: Sequence[Household]) -> dict[int, Refused]:
    """Why nobody leaves: one who counts here has to stay behind."""
    counts = Count("pk", filter=Q(counts=True))
    rows = HouseholdMember.objects.filter(PRESENT, household__in=households).values("household").order_by()
    several = rows.annotate(all=Count("pk"), counting=counts).filter(counting__gte=1, all__gte=2)
    return _refused(
        households,
        set(several.values_list("household", flat=True)),
        gettext_lazy("这是最后一名成员，请改用“注销家庭”。"),
    )


def no_minor(households: Sequence[Household]) -> dict[int, Refused]:
    """Why no guardian is changed: nobody who counts here is a minor."""
    minors = _with(households, PRESENT, counts=True, person__birth_date__gt=_came_of_age_today())
    return _refused(households, minors, gettext_lazy("这户没有未成年人，不需要监护人。"))


def _came_of_age_today() -> date:
    """The day of birth of those who come of age today."""
    today = moments.today()
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - ADULT_FROM, day=28 if leap_day else today.day)


def _with(households: Sequence[Household], *conditions: Q, **lookups: object) -> set[int]:
    """Those of the households that have such a member."""
    found = HouseholdMember.objects.filter(*conditions, household__in=households, **lookups).order_by()
    return set(found.values_list("household", flat=True).distinct())


def _refused(households: Sequence[Household], fine: Collection[int], words: Words) -> dict[int, Refused]:
    """The refusal for each household that is not among those that are fine."""
    return {household.pk: Refused(words, rule="S22") for household in households if household.pk not in fine}
