"""Giving memberships: who gives which role, between which days, and what keeps it from being given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from foundation import moments
from foundation.refusals import Invalid, NotYours
from foundation.roles import GIVEN_FOR_AN_ORGANIZATION, Actor, Role
from foundation.wording import day, moment
from foundation.work_items import rebuilding
from organizations.bodies.models import Organization
from organizations.people import changes, events, incompatible, scopes
from organizations.people.models import Membership, User
from organizations.people.states import BASIS, MEMBERSHIP
from organizations.places.models import Place


def roles_given_by(actor: Actor) -> list[Role]:
    """The roles that an administrator gives: that of an organization those for which it is asked, the city's all but
    those of private persons.
    """
    if actor.role is Role.STAFF_MANAGER:
        return [role for role in GIVEN_FOR_AN_ORGANIZATION if _fits(role, actor.organization)]
    return list(scopes.ORGANIZATIONS)


def _fits(role: Role, organization: int) -> bool:
    """Whether the organization is of a kind for which a role is held."""
    return Organization.objects.filter(pk=organization, kind__in=scopes.kinds_of(role)).exists()


@MEMBERSHIP.start("give")
def give(
    *,
    by: Actor,
    person: User,
    role: str,
    organization: Organization | None = None,
    place: Place | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """Give a person a role between two days, for an organization and at a place if it needs them.

    Raises ``Invalid`` for an organization or a place that does not fit, for days in the wrong order or passed, for a membership
    that overlaps one of the same kind, and for a role that must not meet another of the person; ``NotYours`` for a
    person whom the giver does not see, and for oneself. The person is told.
    """
    if person.pk == by.user_id:
        raise NotYours(_("不能给自己身份，请另一位管理员给。"), rule=BASIS)
    if not User.objects.visible_to(by).filter(pk=person.pk).exists():
        raise NotYours(_("这个人不在您管理的范围内。"), rule=BASIS)
    require_no_past_day(valid_from)
    made = _made(person, role, organization, place, valid_from or moments.today(), valid_to)
    changes.tell_of_the_beginning(made)
    return made


@MEMBERSHIP.start("enter")
def enter(
    *,
    by: Actor,
    person: User,
    role: str,
    organization: Organization | None = None,
    place: Place | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """What an invitation that was accepted gives a person.

    A first day that has passed is today. Raises ``Invalid`` as ``give`` does.
    """
    return _made(person, role, organization, place, _from_today(valid_from), valid_to)


@MEMBERSHIP.start("found")
def found(*, by: Actor, person: User, role: str, organization: Organization) -> Membership:
    """What whoever registers an organization holds there from now on. Raises ``Invalid`` as ``give`` does."""
    return _made(person, role, organization, None, moments.today(), None)


@MEMBERSHIP.start("be_allowed")
def be_allowed(
    *,
    by: Actor,
    person: User,
    role: str,
    dispensation: int,
    organization: Organization | None = None,
    place: Place | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    alongside: Sequence[str],
) -> Membership:
    """What a dispensation (its key) allows a person ``alongside`` other roles; the person is told.

    Raises ``Invalid`` as ``enter`` does.
    """
    first = _from_today(valid_from)
    leave = {"dispensation_id": dispensation, "alongside": list(alongside)}
    made = _made(person, role, organization, place, first, valid_to, **leave)
    changes.tell_of_the_beginning(made)
    return made


@MEMBERSHIP.start("stand_in")
def stand_in(
    *,
    by: Actor,
    person: User,
    role: str,
    emergency: int,
    until: datetime,
    organization: Organization | None = None,
    place: Place | None = None,
    alongside: Sequence[str],
) -> Membership:
    """What the access in an emergency (its key) gives a person ``until`` a moment, ``alongside`` the other roles.

    Raises ``Invalid`` as ``give`` does.
    """
    leave = {"emergency_id": emergency, "until": until, "alongside": list(alongside)}
    return _made(person, role, organization, place, moments.today(), localdate(until), **leave)


def _from_today(day: date | None) -> date:
    """A first day; one that has passed, or none, is today."""
    return max(day or moments.today(), moments.today())


def _made(
    person: User,
    role: str,
    organization: Organization | None,
    place: Place | None,
    valid_from: date,
    valid_to: date | None,
    **leave: Any,
) -> Membership:
    """The new membership of a person, checked; ``leave`` are the columns that say by what leave it stands ``alongside``
    other roles, and until when. Raises ``Invalid``.
    """
    require_days(valid_from, valid_to)
    scopes.require(role, *scopes.held(organization, place))
    User.objects.select_for_update().get(pk=person.pk)
    held = list(person.memberships.from_today().select_related("user", "organization", "place"))
    seat = (role, organization.pk if organization else None, place.pk if place else None)
    require_once(held, seat, valid_from, valid_to)
    incompatible.require_compatible(held, role, valid_from, valid_to, alongside=leave.get("alongside", ()))
    made = Membership.objects.create(
        user=person,
        role=role,
        organization=organization,
        place=place,
        valid_from=valid_from,
        valid_to=valid_to,
        **leave,
    )
    rebuilding.soon()
    events.given.call(made)
    return made


def require_once(
    held: Iterable[Membership], seat: tuple[str, int | None, int | None], first: date, last: date | None
) -> None:
    """Raise ``Invalid`` where one of several memberships is of the same role, organization and place on one of the days."""
    for other in held:
        meets = (last is None or other.valid_from <= last) and (other.valid_to or first) >= first
        if meets and (other.role, other.organization_id, other.place_id) == seat:
            message = _("%(name)s在这些日子里已有这个身份（%(days)s）。") % {
                "name": other.user.full_name,
                "days": days_of(other),
            }
            raise Invalid(message, fields={"valid_from": message}, rule=BASIS)


def require_no_past_day(first: date | None) -> None:
    """Raise ``Invalid`` for a first day before today: whoever gives a role does not make it older than it is."""
    if fault := fault_of_first_day(first):
        raise Invalid(fault, fields={"valid_from": fault}, rule=BASIS)


def fault_of_first_day(first: date | None) -> str:
    """What is wrong with a first day that somebody writes: that it has passed; else ""."""
    if first is None or first >= moments.today():
        return ""
    return _("第一天不能早于今天。要从今天起的，可以不写。")


def require_days(first: date, last: date | None) -> None:
    """Raise ``Invalid`` for a last day before the first, or before today."""
    if last is not None and last < max(first, moments.today()):
        message = _("最后一天不能早于第一天，也不能早于今天。")
        raise Invalid(message, fields={"valid_to": message})


def days_of(membership: Membership) -> str:
    """From which day to which a membership is held, in words."""
    if membership.until is not None:
        return f"{day(membership.valid_from)} – {moment(membership.until)}"
    last = day(membership.valid_to) if membership.valid_to else _("不限期")
    return f"{day(membership.valid_from)} – {last}"
