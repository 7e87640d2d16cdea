"""Connecting an account with the single sign-on, and finding whose a connection is."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.journal import sentences, writing
from foundation.refusals import NotNow
from foundation.roles import Actor, Role
from foundation.transactions import whole
from organizations.people import helping, telling
from organizations.people.models import User
from organizations.people.states import BASIS
from organizations.single_sign_on.models import Connection
from organizations.single_sign_on.provider import Told

#: What is written into the journal here.
CONNECT = sentences.act("connect_single_sign_on", gettext_lazy("%(who)s把账号和统一身份认证连在一起"))
DISCONNECT = sentences.act("disconnect_single_sign_on", gettext_lazy("%(who)s断开了账号和统一身份认证"))


def known(told: Told) -> User | None:
    """The person in use whose connection this is; None for anybody else."""
    found = Connection.objects.filter(issuer=told.issuer, subject=told.subject, user__is_active=True)
    connection = found.select_related("user").first()
    if connection is None:
        return None
    Connection.objects.filter(pk=connection.pk).update(last_used_at=moments.now())
    return connection.user


@whole
def connect(person: User, told: Told, *, by: Actor) -> None:
    """Connect a person's account; raises ``NotNow`` where either is connected already."""
    try:
        with transaction.atomic():
            Connection.objects.create(user=person, issuer=told.issuer, subject=told.subject)
    except IntegrityError:
        raise NotNow(_("您的账号已经连过，或者这个统一身份已连在另一个账号上。")) from None
    writing.write(User._meta.label, person, CONNECT, by, basis=BASIS, name=person.full_name)
    words = gettext_lazy("您的账号连上了统一身份认证。不是您本人的，请马上断开并告诉管理员。")
    telling.tell(person, words, about="sign-in:connection")


@whole
def disconnect(connection: Connection, *, by: Actor) -> None:
    """Let a connection open nothing any more: one's own, or that of somebody whom an administrator may help; its person
    is told. Raises ``NotYours``.
    """
    person = connection.user
    if by.role is not Role.SYSTEM and person.pk != by.user_id:
        helping.require(person, by)
    connection.delete()
    writing.write(User._meta.label, person, DISCONNECT, by, basis=BASIS, name=person.full_name)
    words = gettext_lazy("您的账号已和统一身份认证断开，要用请重新连接。不是您本人要求的，请马上告诉管理员。")
    telling.tell(person, words, about="sign-in:connection")


def disconnect_all(person: User, *, by: Actor) -> None:
    """Let none of a person's connections open anything: whoever gets the account back begins anew."""
    for connection in person.connections.select_related("user"):
        disconnect(connection, by=by)
