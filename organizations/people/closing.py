"""Ending at once whatever a person has open, on the word of an administrator."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from foundation.journal import sentences, writing
from foundation.roles import Actor
from foundation.transactions import whole
from organizations.people import helping
from organizations.people.models import User
from organizations.people.states import BASIS
from organizations.signing_in import everywhere

#: What is written into the journal here.
SIGN_OUT = sentences.act("sign_out_everywhere", gettext_lazy("%(who)s结束了这个人在所有设备上的登录"))


@whole
def close(person: User, *, by: Actor) -> None:
    """End all sessions and tokens of a person; raises ``NotYours``."""
    helping.require(person, by)
    everywhere.sign_out(person)
    writing.write(User._meta.label, person, SIGN_OUT, by, basis=BASIS, name=person.full_name)
