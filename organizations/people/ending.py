"""Ending memberships, by hand or by their last day; whoever leaves hands the open cases on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.advisory_locks import take_lock
from foundation.isolation import apart
from foundation.journal import sentences, timeline, writing
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import SYSTEM, Actor, Role
from foundation.wording import listed
from foundation.work_items import rebuilding
from organizations.people import administrators, changes, events, giving, incompatible, leaving, vacancies
from organizations.people.events import Carried
from organizations.people.models import Membership, User
from organizations.people.states import BASIS, MEMBERSHIP, MembershipStatus
from organizations.signing_in import everywhere

#: What is written into the journal here.
HANDED_TO = sentences.act("handed_to", gettext_lazy("%(who)s把名下的事交给了%(to)s"))


def _require_administrators(membership: Membership, *, last: date | None = None, ends: bool = False) -> None:
    """Raise ``NotNow`` where the city would have an administrator for less long than it has."""
    if membership.role != Role.ADMINISTRATOR:
        return
    if refused := administrators.refusal(membership, administrators.held(), last=last, ends=ends):
        raise refused


@MEMBERSHIP.transition("limit")
def limit(membership: Membership, *, by: Actor, valid_to: date | None = None) -> None:
    """Set the last day of a membership, or take the limit away; raises ``Invalid`` for a day that has passed, and for
    a longer time in which it would meet another that it must not; ``NotNow`` for that of the last administrator, and
    ``NotYours`` for a longer time of one's own. The person is told.
    """
    longer = membership.valid_to is not None and (valid_to is None or valid_to > membership.valid_to)
    if longer and by.person == membership.user_id:
        raise NotYours(_("不能延长自己的身份，请另一位管理员办理。"), rule=BASIS)
    giving.require_days(membership.valid_from, valid_to)
    _require_administrators(membership, last=valid_to)
    others = list(membership.user.memberships.from_today().exclude(pk=membership.pk).select_related("user"))
    seat = (membership.role, membership.organization_id, membership.place_id)
    giving.require_once(others, seat, membership.valid_from, valid_to)
    alongside = membership.alongside
    incompatible.require_compatible(
        others, membership.role, membership.valid_from, valid_to, alongside=alongside
    )
    if membership.with_leave and (longer or valid_to is None):
        message = _("例外是按原来的日子批准的，不能延长；请另外申请。")
        raise Invalid(message, fields={"valid_to": message}, rule=BASIS)
    membership.valid_to = valid_to


@MEMBERSHIP.transition("end")
def end(membership: Membership, *, by: Actor, colleague: Membership | None = None, reason: str) -> None:
    """End a membership at once: the next request in it is refused.

    What stands under the person's name is handed to ``colleague``, who holds the same role in the same seat; raises
    ``Invalid`` where something does and there is a colleague, but none is named; ``NotNow`` for the last administrator
    of the city.
    """
    _require_administrators(membership, ends=True)
    passing = passing_on(membership)
    if passing and colleague is None and colleagues_of(membership).exists():
        message = _("还有%(cases)s在其名下，请选一位接手的同事。") % {
            "cases": listed(str(one.words) % {"count": one.count} for one in passing)
        }
        raise Invalid(message, fields={"colleague": message}, rule=BASIS)
    if colleague is not None:
        _require_colleague(membership, colleague)
    membership.valid_to = max(moments.today(), membership.valid_from)


@limit.then
def _limited(membership: Membership, *, by: Actor, **given: object) -> None:
    changes.tell_of_the_last_day(membership, by=by)


@end.foreseen
def last_of_the_city(memberships: Sequence[Membership]) -> dict[int, Refused]:
    """Why memberships are not ended: the city would have an administrator for less long."""
    ending = [membership for membership in memberships if membership.role == Role.ADMINISTRATOR]
    among = administrators.held() if ending else []
    found = {one.pk: administrators.refusal(one, among, last=None, ends=True) for one in ending}
    return {pk: refused for pk, refused in found.items() if refused is not None}


@limit.first
@end.first
def _one_administrator_after_the_other(membership: Membership) -> None:
    if membership.role == Role.ADMINISTRATOR:
        take_lock(administrators.LOCK)


@end.then
def _ended(
    membership: Membership, *, by: Actor, colleague: Membership | None = None, **given: object
) -> None:
    if colleague is not None:
        _pass_on(membership, colleague, by)
    _leave(membership)
    leaving.tell_of_what_is_left(membership)
    changes.tell_of_the_end(membership, by=by)


@MEMBERSHIP.transition("hand_on")
def hand_on(membership: Membership, *, by: Actor, colleague: Membership) -> None:
    """Hand what still stands under the name of somebody who has left to ``colleague``, who holds the same role in the
    same seat; raises ``Invalid`` for somebody else, ``NotNow`` where nothing is left.
    """
    if not membership.left_behind:
        raise NotNow(_("名下没有可以交给同事的事。"), rule=BASIS)
    _require_colleague(membership, colleague)


@hand_on.then
def _hand_on(membership: Membership, *, by: Actor, colleague: Membership) -> None:
    _pass_on(membership, colleague, by)


def passing_on(membership: Membership) -> list[Carried]:
    """What has to be handed to a colleague when a membership ends now: nothing where the person holds the same seat by
    another.
    """
    if leaving.holds_on(membership, moments.today()):
        return []
    return [one for one in leaving.carried_by(membership) if one.passes]


def _require_colleague(membership: Membership, colleague: Membership) -> None:
    """Raise ``Invalid`` for a colleague who does not hold the same role in the same seat."""
    if not colleagues_of(membership).filter(pk=colleague.pk).exists():
        message = _("接手的人要在同一处担任同一身份。")
        raise Invalid(message, fields={"colleague": message}, rule=BASIS)


def _pass_on(membership: Membership, colleague: Membership, by: Actor) -> None:
    """Hand what stands under the name to a colleague, and write down to whom."""
    events.handed_on.call(membership, colleague, by)
    told = {timeline.TO: colleague.user.full_name}
    writing.write(MEMBERSHIP.label, membership, HANDED_TO, by, after=told, basis=BASIS)


@MEMBERSHIP.transition("run_out")
def run_out(membership: Membership, *, by: Actor) -> None:
    """End a membership whose last day has passed, or that was held in an emergency which is over."""
    membership.valid_to = min(membership.valid_to or moments.today(), moments.today())
    if membership.until is not None:
        membership.until = min(membership.until, moments.now())


@run_out.then
def _run_out(membership: Membership, *, by: Actor, **given: object) -> None:
    if membership.emergency_id is not None and passing_on(membership):
        _back_to_the_seat(membership)
    _leave(membership)
    leaving.tell_of_what_is_left(membership)
    changes.tell_of_the_end(membership, by=by)


def _back_to_the_seat(membership: Membership) -> None:
    """Hand what was taken on in a lent role to one who holds it, of several to whom the least stands under the name."""
    colleagues = colleagues_of(membership).order_by("pk")
    if colleagues:
        least = min(colleagues, key=lambda one: sum(found.count for found in leaving.carried_by(one)))
        _pass_on(membership, least, SYSTEM)


@MEMBERSHIP.transition("end_with_the_organization")
def end_with_the_organization(membership: Membership, *, by: Actor) -> None:
    """End a membership of an organization that is closed, of which nothing is carried on."""
    membership.valid_to = max(moments.today(), membership.valid_from)


@end_with_the_organization.then
def _ended_with_the_organization(membership: Membership, *, by: Actor, **given: object) -> None:
    _leave(membership)
    changes.tell_of_the_end(membership, by=by)


def holds_own(person: User) -> bool:
    """Whether a person holds anything from today on that is not lent in an emergency."""
    return person.memberships.from_today().filter(emergency=None).exists()


def require_holding(person: User) -> None:
    """Raise ``NotNow`` for a person who has left, and so is lent and given nothing beside."""
    if not holds_own(person):
        raise NotNow(_("%(name)s已不再任职。") % {"name": person.full_name}, rule=BASIS)


def _leave(membership: Membership) -> None:
    """Whoever holds nothing of his own any more is signed out everywhere, and nothing is lent to him; who is awaited for
    what is made anew.
    """
    if holds_own(membership.user):
        events.ended.call(membership.user)
    else:
        events.left.call(membership.user)
        everywhere.sign_out(membership.user)
    rebuilding.soon()


def colleagues_of(membership: Membership) -> QuerySet[Membership]:
    """The other people who hold the same role in the same seat today."""
    held = vacancies.colleagues_of(membership, moments.today())
    return held.select_related("user", "organization", "place")


def follow_the_day() -> None:
    """Every night: end the memberships whose last day has passed."""
    over = Membership.objects.filter(
        status__in=MembershipStatus.unfinished(), valid_to__lt=moments.today()
    ).select_related("user", "organization")
    for membership in over.order_by("pk"):
        with apart("membership.run_out", membership=membership.pk):
            run_out(membership, by=SYSTEM)
