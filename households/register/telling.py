"""The timeline on the household's page, limited to what each reader may know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.timezone import get_current_timezone

from foundation.journal import timeline
from foundation.journal.models import Entry
from foundation.roles import OVERSEERS, Actor
from households.register.models import Household, HouseholdMember, Person
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
    members = list(household.members.select_related("person"))
    if reader.role in OVERSEERS:
        people = [member.person_id for member in members]
        return wanted | Q(lifecycle=Person._meta.label, object_id__in=people)
    shared = _living_elsewhere(members)
    near = Q(organization_id__in=_near(household)) | Q(role__in=OVERSEERS) if shared else Q()
    for member in members:
        theirs = _while_here(member)
        wanted |= theirs & near if member.pk in shared else theirs
    return wanted


def _while_here(member: HouseholdMember) -> Q:
    """The entries about one member of the days on which he lived here."""
    found = Q(lifecycle=Person._meta.label, object_id=member.person_id)
    found &= Q(at__gte=_midnight(member.valid_from))
    if member.valid_to is not None:
        found &= Q(at__lt=_midnight(member.valid_to + timedelta(days=1)))
    return found


def _living_elsewhere(members: Sequence[HouseholdMember]) -> set[int]:
    """The keys of those members of one household who lived in another one too on some of their days here."""
    same_days = Q(valid_to=None) | Q(valid_to__gte=OuterRef("valid_from"))
    until = Coalesce(OuterRef("valid_to"), date.max)
    elsewhere = HouseholdMember.objects.filter(
        same_days, person=OuterRef("person"), valid_from__lte=until
    ).exclude(household=OuterRef("household"))
    here = HouseholdMember.objects.filter(Exists(elsewhere), pk__in=[member.pk for member in members])
    return set(here.values_list("pk", flat=True))


def _near(household: Household) -> list[int]:
    """The keys of the organizations of the household's town and village."""
    places = (household.town_id, household.place_id)
    return list(Organization.objects.filter(place_id__in=places).values_list("pk", flat=True))


def _midnight(day: date) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time.min, get_current_timezone())
