"""Asking for a dispensation, and deciding on it; an allowed one gives the membership at once."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from foundation import moments
from foundation.isolation import apart
from foundation.lifecycle.phases import ASKED
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import SYSTEM, Actor, Role
from foundation.wording import day, listed
from organizations.bodies.models import Organization
from organizations.dispensations.models import Dispensation
from organizations.dispensations.states import DISPENSATION, DispensationStatus
from organizations.people import ending, events, giving, incompatible, letting_in, scopes
from organizations.people.models import Membership, User
from organizations.places.models import Place

#: Days for which a dispensation is allowed at most; then it is asked for anew.
LONGEST = 366


@DISPENSATION.start("request")
def request(
    *,
    by: Actor,
    person: User,
    role: str,
    valid_to: date,
    why: str,
    organization: Organization | None = None,
    place: Place | None = None,
    valid_from: date | None = None,
) -> Dispensation:
    """Ask that a person may hold a role beside another that it must not meet without leave.

    Raises ``Invalid`` for a role that needs no dispensation or never gets one, or that clashes with two, for a place
    or organization that does not fit, and for days in the wrong order or more than ``LONGEST``; ``NotYours`` for a
    person whom the asker does not see; ``NotNow`` where the same is asked already, and where nobody could allow it.
    """
    if not User.objects.visible_to(by).filter(pk=person.pk).exists():
        raise NotYours(_("这个人不在您管理的范围内。"), rule="S33")
    giving.require_no_past_day(valid_from)
    first = valid_from or moments.today()
    giving.require_days(first, valid_to)
    latest = first + timedelta(days=LONGEST)
    if valid_to > latest:
        message = _("例外最长一年，最后一天不能晚于 %(day)s。") % {"day": day(latest)}
        raise Invalid(message, fields={"valid_to": message}, rule="S33")
    scopes.require(role, organization, place)
    User.objects.select_for_update().get(pk=person.pk)
    held = list(person.memberships.from_today().select_related("organization", "place"))
    incompatible.require_compatible(held, role, first, valid_to, alongside=[one.role for one in held])
    clashing = incompatible.clashing(held, role, first, valid_to)
    if not clashing:
        message = _("%(name)s现有的身份不妨碍这个身份，请直接给。") % {"name": person.full_name}
        raise Invalid(message, fields={"role": message}, rule="S33")
    other, *more = sorted({membership.role for membership in clashing})
    if more:
        message = _("“%(role)s”和%(roles)s都不相容\uff0c一次例外只管两个身份\uff0c请先结束其中一个。") % {
            "role": Role(role).label,
            "roles": listed(f"“{Role(one).label}”" for one in (other, *more)),
        }
        raise Invalid(message, fields={"role": message}, rule="S33")
    asked = Dispensation.objects.filter(
        user=person, role=role, other=other, status__in=DispensationStatus.unfinished()
    )
    if asked.exists():
        raise NotNow(_("已有一份同样的申请在等批准。"), rule="S33")
    _require_somebody_to_allow(person, by)
    return Dispensation.objects.create(
        user=person,
        role=role,
        organization=organization,
        place=place,
        other=other,
        valid_from=first,
        valid_to=valid_to,
        why=why,
    )


def _require_somebody_to_allow(person: User, by: Actor) -> None:
    """Raise ``NotNow`` where every administrator of the city is kept from allowing what is asked for this person."""
    lately, asker = letting_in.lately(), by.person
    near = letting_in.bound_to([person.pk], among=lately)[person.pk]
    made = letting_in.let_in_by([asker], among=lately)[asker]
    held = Membership.objects.of_today().filter(role=Role.ADMINISTRATOR, user__is_active=True, until=None)
    others = held.exclude(user__in={person.pk, asker})
    if not others.exists():
        words = _("现在没有人可以批准\uff1a没有别的系统管理员。请先邀请一位。")
        raise NotNow(words, rule="S33")
    if not others.exclude(user__in={*near, *made}).exists():
        words = _(
            "现在没有人可以批准\uff1a别的系统管理员都是您或这个人最近 30 天里用信邀请或给的身份\uff0c或者邀请了这个人。"
            "请等满 30 天\uff0c或者把两个身份分给两个人。"
        )
        raise NotNow(words, rule="S33")


@DISPENSATION.transition("allow")
def allow(dispensation: Dispensation, *, by: Actor) -> None:
    """Allow it: the person holds the role from now on, or from its first day; raises ``NotNow`` for one who has left."""
    ending.require_holding(dispensation.user)


@allow.then
def _give(dispensation: Dispensation, *, by: Actor) -> None:
    """Give the membership; raises ``Invalid`` where it has meanwhile come to meet a role that it never may."""
    giving.be_allowed(
        by=by.as_system(),
        person=dispensation.user,
        role=dispensation.role,
        organization=dispensation.organization,
        place=dispensation.place,
        valid_from=dispensation.valid_from,
        valid_to=dispensation.valid_to,
        dispensation=dispensation.pk,
        alongside=[dispensation.other],
    )


refuse = DISPENSATION.act("refuse", Dispensation)
withdraw = DISPENSATION.act("withdraw", Dispensation)
lapse = DISPENSATION.act("lapse", Dispensation)


@events.left.register
def end_with(person: User) -> None:
    """Drop what was asked for somebody who has left."""
    for dispensation in person.dispensations.filter(status__in=DispensationStatus.in_phase(ASKED)):
        lapse(dispensation, by=SYSTEM)


def follow_the_day() -> None:
    """Every night: drop what nobody has decided on before its last day passed."""
    over = Dispensation.objects.filter(
        status__in=DispensationStatus.in_phase(ASKED), valid_to__lt=moments.today()
    )
    for dispensation in over.order_by("pk"):
        with apart("dispensation.lapse", dispensation=dispensation.pk):
            lapse(dispensation, by=SYSTEM)
