"""Asking for emergency access, deciding on it, and taking it back; nobody is left in it longer than the rule says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.isolation import apart
from foundation.lifecycle.phases import ASKED, SERVING
from foundation.refusals import Invalid, NotNow, Words
from foundation.roles import ANSWERS_FOR_THE_CITY, LENT_IN_AN_EMERGENCY, SYSTEM, Actor
from foundation.rules import reading
from foundation.wording import filled, moment
from organizations.bodies.models import Organization
from organizations.emergencies.models import RULE, EmergencyAccess, waiting_time
from organizations.emergencies.states import BASIS, EMERGENCY, EmergencyStatus
from organizations.people import ending, events, giving, incompatible, letting_in, scopes, telling
from organizations.people.models import Membership, User
from organizations.people.states import MembershipStatus
from organizations.places.models import Place


@EMERGENCY.start("ask")
def ask(
    *, by: Actor, role: str, why: str, organization: Organization | None = None, place: Place | None = None
) -> EmergencyAccess:
    """Ask to act in a role that one does not hold, until a second person has allowed it.

    Raises ``Invalid`` for a role that is never lent, a place or an organization that does not fit, for a role that
    one holds already or never may beside one's own; ``NotNow`` while another emergency of the same person waits or
    goes on, and where nobody could allow it.
    """
    person = User.objects.select_for_update().get(pk=by.person)
    if role not in LENT_IN_AN_EMERGENCY:
        message = _("这个身份不能在应急时借用。")
        raise Invalid(message, fields={"role": message}, rule=BASIS)
    organization = organization or scopes.at(role, place)
    scopes.require(role, *scopes.held(organization, place))
    today = moments.today()
    held = list(person.memberships.from_today().select_related("organization", "place"))
    own = [one for one in held if one.role == role and (place is None or one.place_id == place.pk)]
    if any(organization is None or one.organization_id == organization.pk for one in own):
        message = _("您本来就有这个身份，请在右上角切换。")
        raise Invalid(message, fields={"role": message}, rule=BASIS)
    incompatible.require_compatible(held, role, today, today, alongside=[one.role for one in held])
    if person.emergencies.filter(status__in=EmergencyStatus.in_phase(ASKED, SERVING)).exists():
        raise NotNow(_("您已有一份应急授权在等批准或正在使用。"), rule=BASIS)
    _require_somebody_to_allow(person)
    made = EmergencyAccess.objects.create(
        user=person, role=role, organization=organization, place=place, why=why
    )
    _call_those_who_decide(made)
    return made


def _require_somebody_to_allow(person: User) -> None:
    """Raise ``NotNow`` where everybody who decides is kept from allowing what this person asks for."""
    near = letting_in.bound_to([person.pk], among=letting_in.lately())[person.pk]
    deciding = Membership.objects.of_today().filter(role__in=ANSWERS_FOR_THE_CITY, user__is_active=True)
    if not deciding.filter(emergency=None).exclude(user__in={person.pk, *near}).exists():
        words = _(
            "现在没有人可以批准\uff1a能批准的人\uff0c都是您最近 30 天里用信邀请或给的身份\uff0c或者邀请了您。"
            "请让系统管理员直接给需要的身份。"
        )
        raise NotNow(words, rule=BASIS)


def _call_those_who_decide(access: EmergencyAccess) -> None:
    """Send a text to everybody who may allow it: an emergency does not wait for somebody to open the page."""
    deciding = Membership.objects.of_today().filter(role__in=ANSWERS_FOR_THE_CITY, user__is_active=True)
    words = gettext_lazy("%(name)s申请应急授权（%(role)s），请核实后批准或不批准。")
    told = filled(words, name=access.user.full_name, role=access.get_role_display())
    people = User.objects.filter(pk__in=deciding.exclude(user=access.user_id).values("user"))
    for person in people.order_by("pk"):
        telling.tell(person, told, about="emergency:asked", page=access.get_absolute_url())


@EMERGENCY.transition("allow")
def allow(access: EmergencyAccess, *, by: Actor) -> None:
    """Let the person act in the role from now until the time of the rule is over; raises ``NotNow`` for one who has left."""
    ending.require_holding(access.user)
    access.opened_at = moments.now()
    access.until = access.opened_at + timedelta(minutes=reading.current(RULE).value["lasts"])


@allow.then
def _give(access: EmergencyAccess, *, by: Actor) -> None:
    """Give the membership; raises ``Invalid`` where the person has meanwhile come to hold what it must not meet."""
    giving.stand_in(
        by=by.as_system(),
        person=access.user,
        role=access.role,
        organization=access.organization,
        place=access.place,
        emergency=access.pk,
        until=cast(datetime, access.until),
        alongside=sorted({held.role for held in access.user.memberships.from_today()}),
    )
    words = gettext_lazy("应急授权已批准：%(role)s，到 %(until)s 为止。请在右上角切换身份。")
    told = filled(words, role=access.get_role_display(), until=moment(access.until))
    telling.tell(access.user, told, about="emergency:allowed", page=reverse("workbench"))


refuse = EMERGENCY.act("refuse", EmergencyAccess)
withdraw = EMERGENCY.act("withdraw", EmergencyAccess)
lapse = EMERGENCY.act("lapse", EmergencyAccess)


@refuse.then
@lapse.then
def _tell_that_nothing_is_lent(access: EmergencyAccess, **given: object) -> None:
    """Tell whoever asked that he does not act in the role."""
    _tell(access, gettext_lazy("您申请的应急授权（%(role)s）没有批准。"), about="emergency:refused")


def _tell(access: EmergencyAccess, words: Words, *, about: str) -> None:
    """Tell whoever asked what became of it."""
    told = filled(words, role=access.get_role_display())
    telling.tell(access.user, told, about=about, page=access.get_absolute_url())


review = EMERGENCY.act("review", EmergencyAccess)


@EMERGENCY.transition("end")
def end(access: EmergencyAccess, *, by: Actor) -> None:
    """Take the role back before its time."""
    access.until = moments.now()


@EMERGENCY.transition("run_out")
def run_out(access: EmergencyAccess, *, by: Actor) -> None:
    """Take the role back whose time is over."""


@run_out.then
@end.then
def _take_back(access: EmergencyAccess, **given: object) -> None:
    """End the membership, which counts no more from ``until`` on even before this."""
    for membership in access.memberships.filter(status__in=MembershipStatus.unfinished()):
        ending.run_out(membership, by=SYSTEM)
    _tell(access, gettext_lazy("您的应急授权（%(role)s）已结束。"), about="emergency:over")


@events.left.register
def end_with(person: User) -> None:
    """Lend nothing to somebody who has left: what was asked lapses, what is open is taken back."""
    for access in person.emergencies.filter(status__in=EmergencyStatus.in_phase(ASKED)):
        lapse(access, by=SYSTEM)
    for access in person.emergencies.filter(status__in=EmergencyStatus.in_phase(SERVING)):
        run_out(access, by=SYSTEM)


def follow_the_minute() -> None:
    """Every minute: drop what nobody has allowed in time, and take back what is over."""
    now = moments.now()
    asked = EmergencyAccess.objects.filter(status__in=EmergencyStatus.in_phase(ASKED))
    for access in asked.filter(created_at__lte=now - waiting_time()).order_by("pk"):
        with apart("emergency.lapse", emergency=access.pk):
            lapse(access, by=SYSTEM)
    lent = EmergencyAccess.objects.filter(status__in=EmergencyStatus.in_phase(SERVING))
    for access in lent.filter(until__lte=now).order_by("pk"):
        with apart("emergency.run_out", emergency=access.pk):
            run_out(access, by=SYSTEM)
