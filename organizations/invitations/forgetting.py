"""A forgotten password: a link to the registered address, and nothing that tells strangers who has an account."""

from __future__ import annotations

from contextlib import suppress

from foundation.forms.typed import compared
from foundation.messaging.senders import mails_leave
from foundation.networks import network_of
from foundation.personal_data.keys import keyed_hash
from foundation.roles import SYSTEM
from organizations.invitations import inviting
from organizations.invitations.models import Channel
from organizations.people.models import User
from organizations.signing_in import tries
from organizations.signing_in.tries import Count, TooMany

#: What there may be in one period: questions for one account from one address, and from one address for all; links
#: that are really sent to one account.
MOST_HERE, MOST_FROM_ADDRESS, MOST_SENT = 3, 20, 3


def ask(username: str, email: str, *, address: str) -> None:
    """Send a link to the address of an account, if it is the one that is registered; raises ``TooMany`` where too much
    was asked from here.

    What strangers ask elsewhere keeps nobody from the own link: for an account alone only links that are sent are
    counted, and whoever asks for one too many of these is answered as everybody else.
    """
    here = network_of(address)
    tries.take(
        (
            Count("forgotten-here", keyed_hash(f"{username.upper()}|{here}")[:40], MOST_HERE),
            Count("forgotten-from", here, MOST_FROM_ADDRESS),
        )
    )
    person = User.objects.named(username).filter(is_active=True, private=False).first()
    if person is None or not person.email or compared(person.email) != compared(email) or not mails_leave():
        return
    with suppress(TooMany):
        tries.take((Count("forgotten", keyed_hash(person.username)[:40], MOST_SENT),))
        inviting.renew(by=SYSTEM, person=person, channel=Channel.MAIL)
