"""Second homes of people who count in another town, confirmed by the window there."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.refusals import Invalid, NotNow
from foundation.roles import SYSTEM, Actor
from households.joining.models import Joining
from households.joining.states import JOINING, JoiningStatus
from households.register import events, registration
from households.register.models import Household, HouseholdMember, Person


@JOINING.start("propose")
def propose(
    *, by: Actor, household: Household, home: Household, person: Person, relation: str, why: str
) -> Joining:
    """Ask the window of ``home`` whether ``person`` also lives in ``household``.

    Raises ``Invalid`` while the same question waits for an answer.
    """
    for either in (household, home):
        registration.held(either)
    if household.joinings.filter(person=person, status__in=JoiningStatus.unfinished()).exists():
        message = _("已经提出过，正等此人所在窗口确认。")
        raise Invalid(message, fields={"id_number": message}, rule="S22")
    return Joining.objects.create(
        household=household, home=home, person=person, relation=relation, why=why.strip()
    )


@JOINING.transition("accept")
def accept(joining: Joining, *, by: Actor) -> None:
    """Add the person to the household from today; it does not count for income and size.

    Raises ``NotNow`` if the person or the household has changed since.
    """
    person = Person.objects.select_for_update().get(pk=joining.person_id)
    household = Household.objects.select_for_update().get(pk=joining.household_id)
    registration.alive(person)
    counts_there = registration.household_of(person) == joining.home
    there = household.members.filter(person=person, valid_to=None).exists()
    if not counts_there or there or not household.known:
        raise NotNow(_("情况已经变了：此人不再计入这户，或已在那户。"), rule="S22")
    HouseholdMember.objects.create(
        household=household, person=person, relation=joining.relation, counts=False
    )


# Nobody joins; the window that asked can read the reason.
decline = JOINING.act("decline", Joining)


take_back = JOINING.act("take_back", Joining)
lapse = JOINING.act("lapse", Joining)


@events.on_end.register
def lapse_with_what_it_is_about(household: Household, person: Person | None) -> None:
    """End what was asked about people who count in this household no more, and for a household that is closed."""
    about = Q(home=household, person=person) if person else Q(home=household) | Q(household=household)
    waiting = Joining.objects.filter(about, status__in=JoiningStatus.unfinished())
    for joining in waiting.order_by("household_id", "pk"):
        registration.worked_on_alone(joining.household_id)
        joining.refresh_from_db(fields=["status"])
        if joining.status in JoiningStatus.unfinished():  # another window may have answered meanwhile
            lapse(joining, by=SYSTEM)
