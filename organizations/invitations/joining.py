"""Whoever holds a link: a new account, one's own account, or a new password."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms.typed import compared
from foundation.inbox import notices
from foundation.journal.models import Entry
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import GIVES_MEMBERSHIPS
from foundation.transactions import whole
from foundation.wording import filled, listed, said_when_shown
from foundation.work_items import rebuilding
from organizations.invitations import inviting
from organizations.invitations.models import Invitation
from organizations.people import reached
from organizations.people.models import User
from organizations.people.states import BASIS
from organizations.signing_in import everywhere, own, tries
from organizations.signing_in.tries import Count
from organizations.single_sign_on import connecting

#: Names of accounts that others have already, which one may try in one period with one invitation.
MOST_TAKEN = 10


def count_taken(invitation: Invitation) -> tuple[Count, ...]:
    """Whose tries are counted together of whoever makes an account by a link: those of the link, from everywhere."""
    return (Count("join", str(invitation.pk), MOST_TAKEN),)


def counted_join(invitation: Invitation, *, username: str, password: str) -> User:
    """``join``, where each try that fails counts, since it may tell who has an account; raises ``TooMany`` too."""
    counts = count_taken(invitation)
    tries.take(counts)
    person = join(invitation, username=username, password=password)
    tries.give_back(counts)
    return person


@whole
def join(invitation: Invitation, *, username: str, password: str) -> User:
    """A new account of the invited person, in the role; raises ``Invalid`` at a name that is taken or a password that
    is too weak, and for somebody who has an account already, in which the roles of one person are kept apart; one that
    holds nothing any more leaves its telephone and mail address to the new one. ``NotNow`` for a link that is over.
    """
    _hold(invitation)
    phone = invitation.phone.plain() if invitation.phone else ""
    reached.require_free(phone, invitation.email, holding=True)
    person = new_account(
        username=username,
        password=password,
        full_name=invitation.full_name,
        email=invitation.email,
        phone=phone,
    )
    by = inviting.as_the_person(person)
    reached.leave_to(person, by=by)
    inviting.accept(invitation, by=by, person=person)
    if not phone and not invitation.email:
        _tell_of_namesakes(invitation, person)
    return person


def _tell_of_namesakes(invitation: Invitation, person: User) -> None:
    """Tell the administrators of other accounts of the same name: of somebody who is reached nowhere, nothing else shows
    that it is one person, whose roles are kept apart.
    """
    same = User.objects.filter(full_name=person.full_name, private=False, is_active=True).exclude(
        pk=person.pk
    )
    names = list(same.order_by("pk").values_list("username", flat=True)[:5])
    if not names:
        return
    words = gettext_lazy("%(name)s新开了账号“%(own)s”，已有同名账号：%(others)s。是同一个人的，请停用一个。")
    told = filled(words, name=person.full_name, own=person.username, others=said_when_shown(listed, names))
    for role in GIVES_MEMBERSHIPS:
        notices.send(invitation, role, told)


def _hold(invitation: Invitation) -> None:
    """Lock the link, so that whoever comes with it a moment later is told that; raises ``NotNow`` for one that is over."""
    if not Invitation.objects.select_for_update().get(pk=invitation.pk).usable:
        words = _("这个链接刚才已经用过、撤回或过期。是您自己用的，请直接登录；不是的，请告诉邀请您的人。")
        raise NotNow(words, rule=BASIS)


def new_account(*, username: str, password: str, full_name: str, email: str = "", phone: str = "") -> User:
    """A new account; raises ``Invalid`` at a name that is taken or a password that is too weak."""
    person = User(username=username, full_name=full_name, email=email, phone=phone or None)
    _set(person, password)
    try:
        person.clean_fields(exclude=["password"])
    except ValidationError as fault:
        fields = {name: " ".join(words) for name, words in fault.message_dict.items()}
        raise Invalid(next(iter(fields.values())), fields=fields) from None
    taken = _("这个用户名已有人用，请换一个。")
    if User.objects.named(username).exists():
        raise Invalid(taken, fields={"username": taken})
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise Invalid(taken, fields={"username": taken}) from None
    return person


def is_named(invitation: Invitation, person: User) -> bool:
    """Whether an account has the name that stands on the invitation."""
    return compared(person.full_name) == compared(invitation.full_name)


@whole
def join_as(invitation: Invitation, person: User, *, myself: bool = False) -> User:
    """Somebody who has an account already holds the role as well.

    Raises ``Invalid`` for an account of another name unless it says that the invitation means ``myself``, of which the
    administrators are told, and where the person may not hold the role, of which whoever sent it is told; ``NotNow``
    for a link that is over, and ``NotYours`` for whoever sent the invitation.
    """
    _hold(invitation)
    named = is_named(invitation, person)
    if not named and not myself:
        words = _("邀请写的是“%(name)s”，您登录的账号是“%(own)s”。不是同一个人的，请先退出登录。") % {
            "name": invitation.full_name,
            "own": person.full_name,
        }
        raise Invalid(words, fields={"myself": words}, rule=BASIS)
    sent = Entry.objects.filter(lifecycle=Invitation._meta.label, object_id=invitation.pk)
    if sent.filter(actor_id=person.pk).exists():
        raise NotYours(_("这是您自己发的邀请，不能给自己身份，请另一位管理员给。"), rule=BASIS)
    try:
        with transaction.atomic():
            inviting.accept(invitation, by=inviting.as_the_person(person), person=person)
    except Invalid as refusal:
        _tell_of_a_refusal(invitation, str(refusal.message))
        refusal.leaves_trace = True
        raise
    if not named:
        _tell_of_another_name(invitation, person)
    return person


def _tell_of_a_refusal(invitation: Invitation, why: str) -> None:
    """Tell the administrators that somebody wanted to join, and may not hold the role."""
    words = gettext_lazy("%(name)s打开了邀请，不能加入：%(why)s请撤回邀请，或者改邀请别人。")
    told = filled(words, name=invitation.full_name, why=why)
    for role in GIVES_MEMBERSHIPS:
        notices.send(invitation, role, told)


def _tell_of_another_name(invitation: Invitation, person: User) -> None:
    """Tell the administrators which account took an invitation that bears another name."""
    words = gettext_lazy("给“%(name)s”的邀请，由账号“%(own)s（%(username)s）”接受，姓名不同，请核对。")
    told = filled(words, name=invitation.full_name, own=person.full_name, username=person.username)
    for role in GIVES_MEMBERSHIPS:
        notices.send(invitation, role, told)


@whole
def set_password(invitation: Invitation, *, password: str) -> User:
    """The person of the link has a new password, and is told; everything that was open is ended, connections with the
    single sign-on too.

    Raises ``Invalid`` for a password that is too weak, ``NotNow`` for a link that is over.
    """
    _hold(invitation)
    person = User.objects.select_for_update().get(invitations=invitation)
    _set(person, password)
    person.save(update_fields=["password"])
    everywhere.sign_out(person)
    by = inviting.as_the_person(person)
    inviting.accept(invitation, by=by, person=person)
    connecting.disconnect_all(person, by=by)
    own.tell_of_new_password(person)
    rebuilding.soon()  # whoever has read the letter is his second person no more
    return person


def _set(person: User, password: str) -> None:
    """Give the person the password; raises ``Invalid`` for one that is too weak."""
    try:
        validate_password(password, person)
    except ValidationError as fault:
        words = " ".join(fault.messages)
        raise Invalid(words, fields={"password": words}) from None
    person.set_password(password)
