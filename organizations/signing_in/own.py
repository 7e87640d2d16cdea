"""What people change of their own sign-in: the password, and what they have open; it is written down."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy

from foundation.journal import sentences, writing
from foundation.personal_data.masking import mask_name
from foundation.roles import SYSTEM, Actor
from foundation.transactions import whole
from organizations.people import events, telling
from organizations.people.models import User
from organizations.people.states import BASIS
from organizations.signing_in import everywhere, opened

#: What is written into the journal here.
CHANGE_PASSWORD = sentences.act("change_own_password", gettext_lazy("%(who)s改了自己的密码"))
END_ALL = sentences.act("end_own_sign_ins", gettext_lazy("%(who)s结束了自己的其他登录"))
END_ONE = sentences.act("end_own_sign_in", gettext_lazy("%(who)s结束了自己的一个登录"))


@whole
def change_own_password(person: User, *, by: Actor | None, password: str) -> None:
    """Set a password that was checked; sessions elsewhere, tokens and programs under the old one end, and the person
    is told.

    ``by`` is the person in a role, None for one who acts in none.
    """
    person.set_password(password)
    person.save(update_fields=["password"])
    _write(person, CHANGE_PASSWORD, by)
    tell_of_new_password(person)
    events.password_set.call(person)
    events.ended.call(person)


def tell_of_new_password(person: User) -> None:
    """Tell a person that the account has a new password."""
    words = gettext_lazy("您的账号换了新密码。不是您本人换的，请马上告诉管理员。")
    telling.tell(person, words, about="sign-in:password")


@whole
def end_all(person: User, *, by: Actor | None) -> None:
    """End everything that one has open; the page on which it is asked for may go on (``opened.go_on``)."""
    everywhere.sign_out(person)
    _write(person, END_ALL, by)


@whole
def end_one(person: User, number: str, *, by: Actor | None) -> bool:
    """End one session or token of one's own; whether there was one of this number."""
    ended = opened.end(person, number)
    if ended:
        _write(person, END_ONE, by)
    return ended


def _write(person: User, act: str, by: Actor | None) -> None:
    """Write into the journal what a person did; of private persons no name."""
    name = mask_name(person.full_name) if person.private else person.full_name
    doing = by or replace(SYSTEM, user_id=person.pk, name=name)
    writing.write(User._meta.label, person, act, doing, basis=BASIS, name=name)
