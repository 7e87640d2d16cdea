"""Inviting people, sending links, and using them; each link is used once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.advisory_locks import take_lock
from foundation.forms import phones
from foundation.forms.typed import compared
from foundation.inbox import notices
from foundation.isolation import apart
from foundation.journal.models import Entry
from foundation.messaging import sending, texts
from foundation.parties import SeenQuerySet, is_one_of
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import DECIDES_FOR_THE_CITY, GIVES_MEMBERSHIPS, SYSTEM, Actor, Role
from foundation.rules import reading
from foundation.wording import said_when_shown
from organizations.bodies import events as body_events
from organizations.bodies.models import Organization
from organizations.invitations import codes, namesakes
from organizations.invitations.clashing import Expected
from organizations.invitations.models import Channel, Invitation
from organizations.invitations.namesakes import Reached, Seat
from organizations.invitations.states import BASIS, INVITATION, InvitationStatus, Purpose
from organizations.people import arrivals, events, giving, helping, scopes
from organizations.people.helping import SENDS_LINKS, Half
from organizations.people.models import Membership, User
from organizations.permissions import renewing
from organizations.places import events as place_events
from organizations.places.models import Place

RULE = "people.links"

#: The acts by which a link goes out on somebody's word.
SENDING = ("invite", "renew", "send_again")


@INVITATION.start("invite")
def invite(
    *,
    by: Actor,
    full_name: str,
    role: str,
    channel: str,
    phone: str = "",
    email: str = "",
    organization: Organization | None = None,
    place: Place | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Invitation:
    """Invite somebody to join in a role; the link is sent, or printed as a letter.

    Raises ``Invalid`` for a role that the inviter does not give, an organization or a place that does not fit, days in
    the wrong order or passed, a channel without a number or an address, and a role that must not meet what the same
    person holds or is invited to; ``NotNow`` where the same person is invited already, or holds the seat on one of
    the days.
    """
    if role not in giving.roles_given_by(by):
        raise NotYours(_("您不能给这个身份。"), rule=BASIS)
    take_lock("invitation", compared(full_name))
    giving.require_no_past_day(valid_from)
    first = valid_from or moments.today()
    giving.require_days(first, valid_to)
    scopes.require(role, organization, place)
    require_reach(channel, phone, email)
    seat = Seat(full_name, role, organization.pk if organization else None, place.pk if place else None)
    reached = Reached.by(phone, email)
    if any(held.meets(reached, first, valid_to) for held in namesakes.holding([full_name]).get(seat, ())):
        raise NotNow(namesakes.held_already(full_name), rule=BASIS)
    if any(reached.is_same(other) for other in namesakes.waiting([full_name]).get(seat, ())):
        raise NotNow(namesakes.invited_already(full_name), rule=BASIS)
    if fault := Expected([full_name], by).fault_of(full_name, reached, role, first, valid_to):
        raise Invalid(fault, fields={"role": fault}, rule=BASIS)
    invitation = Invitation.objects.create(
        purpose=Purpose.JOIN,
        full_name=full_name,
        phone=phone or None,
        email=email,
        channel=channel,
        role=role,
        organization=organization,
        place=place,
        valid_from=first,
        valid_to=valid_to,
        expires_at=_end(Purpose.JOIN),
    )
    _open(invitation)
    if role in DECIDES_FOR_THE_CITY:
        arrivals.tell_of_an_invitation(invitation, by)
    return invitation


@INVITATION.start("renew")
def renew(*, by: Actor, person: User, channel: str) -> Invitation:
    """Send somebody of the staff a link by which to set a new password.

    Raises ``NotYours`` for a person whose password the administrator may not have renewed, and for one whose second
    factor he has lately taken away; ``Invalid`` where the person has neither number nor address for the channel. An
    earlier link of the person that waits is over.
    """
    if by.role is not Role.SYSTEM:
        helping.require(person, by)
        helping.require_another(person, by, Half.PASSWORD)
    phone = person.phone.plain() if person.phone else ""
    require_contact(channel, person, phone)
    end_password_links(person)
    invitation = Invitation.objects.create(
        purpose=Purpose.PASSWORD,
        user=person,
        full_name=person.full_name,
        phone=phone or None,
        email=person.email,
        channel=channel,
        organization_id=_on_whose_word(by),
        expires_at=_end(Purpose.PASSWORD),
    )
    _open(invitation)
    if by.role is not Role.SYSTEM:
        arrivals.tell_of_a_new_password(person, by)
    return invitation


def _on_whose_word(by: Actor) -> int | None:
    """The organization whose administrator sends a link for a new password; None for the city and the system."""
    return by.organization_id if by.role is Role.STAFF_MANAGER else None


def waiting_for_a_password(person: User) -> SeenQuerySet[Invitation]:
    """The links of a person for a new password that are not used yet."""
    return Invitation.objects.filter(
        user=person, purpose=Purpose.PASSWORD, status__in=InvitationStatus.unfinished()
    )


def end_password_links(person: User) -> None:
    """End the links for a new password: where they are sent, or who may send them, is another now."""
    for link in waiting_for_a_password(person):
        expire(link, by=SYSTEM)


@events.password_set.register
def end_links_after_another_password(person: User) -> None:
    """End the links for a new password of somebody who has set one otherwise."""
    end_password_links(person)


@events.given.register
def end_links_of_others(membership: Membership) -> None:
    """End the links that an organization sent while its administrators alone answered for the person."""
    sent = waiting_for_a_password(membership.user).exclude(organization=None)
    for link in sent.exclude(organization=membership.organization_id):
        expire(link, by=SYSTEM)


@events.ended.register
def end_links_sent_by(person: User) -> None:
    """End the links that rest on the word of somebody who does not answer for them any more, and tell who does."""
    words = gettext_lazy("发出这个链接的人不再管理人员，链接作废，请重发或另发邀请。")
    sent = Entry.objects.filter(lifecycle=INVITATION.label, move__in=SENDING, actor_id=person.pk)
    waiting = Invitation.objects.filter(status__in=InvitationStatus.unfinished())
    for invitation in waiting.filter(pk__in=sent.values("object_id")).order_by("pk"):
        if not is_answered_for(invitation):
            expire(invitation, by=SYSTEM)
            for role in GIVES_MEMBERSHIPS:
                notices.send(invitation, role, words)


@body_events.closed.register
def end_invitations_to(organization: Organization) -> None:
    """End the invitations to an organization that is closed."""
    _end_of_what_is_closed(Invitation.objects.filter(organization=organization))


@place_events.closed.register
def end_invitations_at(place: Place) -> None:
    """End the invitations to a place that is closed."""
    _end_of_what_is_closed(Invitation.objects.filter(place=place))


def _end_of_what_is_closed(sent: SeenQuerySet[Invitation]) -> None:
    """End those that wait, and tell the administrators."""
    words = gettext_lazy("邀请的机构或者地点已停用，链接作废。")
    waiting = sent.filter(status__in=InvitationStatus.unfinished(), purpose=Purpose.JOIN)
    for invitation in waiting.order_by("pk"):
        expire(invitation, by=SYSTEM)
        for role in GIVES_MEMBERSHIPS:
            notices.send(invitation, role, words)


def is_answered_for(invitation: Invitation) -> bool:
    """Whether whoever has sent a link at last still may; always for what no person has sent."""
    sent = Entry.objects.filter(lifecycle=INVITATION.label, object_id=invitation.pk, move__in=SENDING)
    sender = sent.order_by("at", "pk").values_list("actor_id", flat=True).last()
    if sender is None or sender == invitation.user_id:
        return True
    held = Membership.objects.of_today().filter(user=sender, user__is_active=True)
    return any(is_one_of(renewing, one.actor(), invitation) for one in held.select_related("user"))


def may_send(invitation: Invitation, by: Actor) -> bool:
    """Whether somebody may print the link or see it: that for a new password who has sent it, and may help the person.

    Whoever sends it again is written down as one who did.
    """
    if not (invitation.usable and is_one_of(renewing, by, invitation)):
        return False
    person = invitation.user
    if invitation.purpose != Purpose.PASSWORD or person is None:
        return True
    sent = Entry.objects.filter(lifecycle=INVITATION.label, object_id=invitation.pk, move__in=SENDS_LINKS)
    last = sent.order_by("-at", "-pk").values_list("actor_id", flat=True).first()
    return last == by.user_id and helping.may_help(person, by)


def require_contact(channel: str, person: User, phone: str) -> None:
    """Raise ``Invalid`` at the channel where nothing is registered of a person by which it reaches him."""
    message = ""
    if channel == Channel.TEXT and not phones.takes_texts(phone):
        message = _("%(name)s没有登记能收短信的手机。请先改他的手机和邮箱，或者改用打印的信。")
    elif channel == Channel.MAIL and not person.email:
        message = _("%(name)s没有登记邮箱。请先改他的手机和邮箱，或者改用打印的信。")
    if message:
        words = message % {"name": person.full_name}
        raise Invalid(words, fields={"channel": words}, rule=BASIS)
    require_reach(channel, phone, person.email)


def require_reach(channel: str, phone: str, email: str) -> None:
    """Raise ``Invalid`` at the number or the address that a channel needs."""
    if channel == Channel.TEXT and not phones.takes_texts(phone):
        message = _("用短信送达要写手机号码。")
        raise Invalid(message, fields={"phone": message}, rule=BASIS)
    if channel == Channel.MAIL and not email:
        message = _("用邮件送达要写邮箱。")
        raise Invalid(message, fields={"email": message}, rule=BASIS)
    if not Channel(channel).served:
        message = _("本平台没有接%(channel)s，发不出去。请改用打印的信。") % {
            "channel": Channel(channel).label
        }
        raise Invalid(message, fields={"channel": message}, rule=BASIS)


def _end(purpose: str) -> datetime:
    """Until when a link that is sent now is valid."""
    hours = int(reading.current(RULE).value[str(purpose)])
    return moments.now() + timedelta(hours=hours)


def _open(invitation: Invitation) -> None:
    """Give the invitation its next code, and send it."""
    if invitation.digest:
        invitation.replaced = [*invitation.replaced, invitation.digest]
    invitation.serial += 1
    invitation.digest = codes.digest_of(codes.code_of(invitation))
    Invitation.objects.filter(pk=invitation.pk).update(
        serial=invitation.serial, digest=invitation.digest, replaced=invitation.replaced
    )
    _send(invitation)


def _send(invitation: Invitation) -> None:
    """Queue the message with the link; a letter is printed from the page of the invitation."""
    given: dict[str, object] = {"name": invitation.full_name, "link": codes.link_of(invitation)}
    if invitation.purpose == Purpose.JOIN:
        given["seat"] = said_when_shown(lambda: invitation.seat)
    text = texts.worded("messages.people", invitation.purpose, **given)
    about = f"invitation:{invitation.purpose}"
    if invitation.channel == Channel.TEXT and invitation.phone:
        sending.send(invitation.phone.plain(), text, about=about, until=invitation.expires_at)
    elif invitation.channel == Channel.MAIL:
        sending.send_mail(invitation.email, text, about=about, until=invitation.expires_at)


@INVITATION.transition("send_again")
def send_again(invitation: Invitation, *, by: Actor) -> None:
    """Send a new link; the earlier one is over. One for a new password goes where its person is reached now.

    Raises ``Invalid`` where that person has neither number nor address for the channel.
    """
    person = invitation.user
    if invitation.purpose == Purpose.PASSWORD and person is not None:
        helping.require_another(person, by, Half.PASSWORD)
        phone = person.phone.plain() if person.phone else ""
        require_contact(invitation.channel, person, phone)
        invitation.phone, invitation.email = phone or None, person.email
        invitation.organization_id = _on_whose_word(by)
    invitation.expires_at = _end(invitation.purpose)


@send_again.then
def _again(invitation: Invitation, **given: object) -> None:
    _open(invitation)


withdraw = INVITATION.act("withdraw", Invitation)
expire = INVITATION.act("expire", Invitation)


@INVITATION.transition("accept")
def accept(invitation: Invitation, *, by: Actor, person: User) -> None:
    """Use the link: ``person`` joins in the role, or has set a new password.

    Raises ``NotNow`` for a link that has expired meanwhile, for one whose sender may send none any more, and for one by
    which an organization would have somebody
    set a new password who has come to hold something elsewhere; ``Invalid`` where the person may not hold the role.
    """
    if not invitation.usable:
        raise NotNow(codes.over(invitation), rule=BASIS)
    if not is_answered_for(invitation):
        raise NotNow(_("发出这个链接的人不再管理人员，链接作废。请现任的管理员另发一个。"), rule=BASIS)
    sender = invitation.organization_id if invitation.purpose == Purpose.PASSWORD else None
    if sender is not None and not helping.is_only_of(person, sender):
        raise NotNow(_("您还在别处任职，这个链接不能再用。请找市系统管理员重设密码。"), rule=BASIS)
    invitation.user = person
    if invitation.purpose == Purpose.JOIN:
        giving.enter(
            by=by,
            person=person,
            role=invitation.role,
            organization=invitation.organization,
            place=invitation.place,
            valid_from=invitation.valid_from,
            valid_to=invitation.valid_to,
        )


def as_the_person(person: User) -> Actor:
    """Who uses a link: the system, for the person who holds it."""
    return replace(SYSTEM, user_id=person.pk, name=person.full_name)


def follow_the_minute() -> None:
    """Every minute: end the links whose time has passed."""
    over = Invitation.objects.filter(status__in=InvitationStatus.unfinished(), expires_at__lte=moments.now())
    for invitation in over.order_by("pk"):
        with apart("invitation.expire", invitation=invitation.pk):
            expire(invitation, by=SYSTEM)
