"""Help that a household received from government, providers and others (S22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from foundation import moments
from foundation.found_first import InArray
from foundation.personal_data.disclosing import Telling
from foundation.refusals import Invalid
from foundation.roles import Actor
from households.help_received.models import HelpReceived, Source
from households.register.models import Household, Person, has_left
from households.register.states import HOUSEHOLD


def record_help(
    household: Household,
    *,
    source: str,
    giver_id: int,
    what: str,
    item_code: str = "",
    need_kind: str = "",
    person: Person | None = None,
    units: Decimal | None = None,
    amount: Decimal = Decimal("0"),
) -> HelpReceived:
    """Add one line of help to the household; ``amount`` is CNY."""
    return HelpReceived.objects.create(
        household=household,
        person=person,
        source=source,
        giver_id=giver_id,
        what=what[:120],
        item_code=item_code,
        need_kind=need_kind,
        units=units,
        amount=amount,
        given_on=moments.today(),
    )


@HOUSEHOLD.transition("tell_help")
def tell_help(
    household: Household,
    *,
    by: Actor,
    told_giver: str,
    what: str,
    on: date,
    amount: Decimal | None = None,
    need_kind: str = "",
    person: Person | None = None,
) -> None:
    """Record help that the system did not arrange, as the household reports it.

    It counts when duplicates are checked, and is never clawed back automatically. ``amount`` is CNY.
    Raises ``Invalid`` for a day in the future.
    """
    if on > moments.today():
        message = _("日期不能晚于今天。")
        raise Invalid(message, fields={"on": message})
    HelpReceived.objects.create(
        household=household,
        person=person,
        source=Source.OUTSIDE,
        told_giver=told_giver,
        what=what,
        need_kind=need_kind,
        amount=amount or Decimal("0"),
        given_on=on,
    )


def known_help(household: Household) -> QuerySet[HelpReceived]:
    """Help to the household, and to its present members wherever they lived.

    What somebody received after leaving the household is not included. The members are an array that the statement
    makes first: an index serves each side of the condition then, and none where it holds a subquery.
    """
    people = ArraySubquery(household.members.filter(valid_to=None).order_by().values("person_id"))
    own = Q(household=household) & ~has_left("household", "person", before="given_on")
    return HelpReceived.objects.filter(own | Q(InArray("person_id", people)))


def of_household(household: Household) -> QuerySet[HelpReceived]:
    """The lines of help of the household itself, without what somebody received after leaving it."""
    return lines_shown().filter(household=household)


def lines_told(household: Household, reader: Actor) -> QuerySet[HelpReceived]:
    """The lines of help of the household itself that ``reader`` may know of."""
    lines = of_household(household).select_related("giver")
    told = HelpReceived(household=household).discloses("what", reader) is not Telling.NEVER
    return lines if told else lines.none()


def lines_shown() -> QuerySet[HelpReceived]:
    """All lines of help, without what somebody received after leaving the household."""
    return HelpReceived.objects.filter(~has_left("household", "person", before="given_on"))


@dataclass(frozen=True)
class FromSource:
    """Help from one kind of source: ``amount`` CNY in all, in ``count`` lines."""

    source: str
    label: str
    count: int
    amount: Decimal
    lines: tuple[HelpReceived, ...]


def shown_to(reader: Actor, household: Household) -> list[HelpReceived]:
    """The known help of a household that ``reader`` may know of, newest first."""
    lines = known_help(household).select_related("giver", "person")
    return [line for line in lines if line.discloses("what", reader) is not Telling.NEVER]


def by_source(household: Household, reader: Actor) -> list[FromSource]:
    """The help that ``reader`` may know of by source, newest first; sources without help are left out."""
    lines = shown_to(reader, household)
    found = []
    for source in Source:
        own = tuple(line for line in lines if line.source == source)
        if own:
            total = sum((line.amount for line in own), Decimal("0"))
            found.append(FromSource(source, str(source.label), len(own), total, own))
    return found
