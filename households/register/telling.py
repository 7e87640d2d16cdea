"""The timeline on the household's page, limited to what each reader may know."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.timezone import get_current_timezone

from foundation.journal import timeline
from foundation.journal.models import Entry
from foundation.roles import OVERSEERS, Actor
from households.register.models import Household, HouseholdMember
from organizations.bodies.models import Organization


def timeline_for(household: Household, reader: Actor) -> list[timeline.Line]:
    """The journal of a household and of its members while they lived there.

    Of somebody who has left, nothing after the day of leaving; of somebody with a second home,
    nothing that the windows of the other home did.
    """
    return timeline.lines(_about(household, reader), reader=reader)


def looked(household: Household, reader: Actor) -> int:
    """How often protected values were revealed, within what ``timeline_for`` shows."""
    return Entry.objects.filter(_about(household, reader), move="reveal").count()


def _about(household: Household, reader: Actor) -> Q:
    """The entries about the household and its members that ``reader`` may see."""
    wanted = Q(lifecycle=household._meta.label, object_id=household.pk)
    for member in household.members.select_related("person"):
        wanted |= _of_member(member, reader)
    return wanted


def _of_member(member: HouseholdMember, reader: Actor) -> Q:
    """The entries about one member that ``reader`` may see."""
    person = Q(lifecycle=member.person._meta.label, object_id=member.person_id)
    if reader.role in OVERSEERS:
        return person
    person &= Q(at__gte=_midnight(member.valid_from))
    others = member.person.homes.exclude(pk=member.pk).exclude(household=member.household_id)
    others = others.filter(Q(valid_to=None) | Q(valid_to__gte=member.valid_from))
    if member.valid_to is not None:
        person &= Q(at__lt=_midnight(member.valid_to + timedelta(days=1)))
        others = others.filter(valid_from__lte=member.valid_to)
    if others.exists():
        person &= Q(organization_id__in=_near(member.household)) | Q(role__in=OVERSEERS)
    return person


def _near(household: Household) -> list[int]:
    """The keys of the organizations of the household's town and village."""
    places = (household.town_id, household.place_id)
    return list(Organization.objects.filter(place_id__in=places).values_list("pk", flat=True))


def _midnight(day: date) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time.min, get_current_timezone())
