"""A forgotten password: a link to the registered address, and nothing that tells strangers who has an account."""

from __future__ import annotations

from foundation.forms.typed import compared
from foundation.networks import network_of
from foundation.personal_data.keys import keyed_hash
from foundation.roles import SYSTEM
from organizations.invitations import inviting
from organizations.invitations.models import Channel
from organizations.people.models import User
from organizations.signing_in import tries
from organizations.signing_in.tries import Count

#: Links that may be asked for in one period: for one account, and from one address.
MOST_FOR_ACCOUNT, MOST_FROM_ADDRESS = 3, 20


def ask(username: str, email: str, *, address: str) -> None:
    """Send a link to the address of an account, if it is the one that is registered; raises ``TooMany``."""
    tries.take(
        (
            Count("forgotten", keyed_hash(username)[:40], MOST_FOR_ACCOUNT),
            Count("forgotten-from", network_of(address), MOST_FROM_ADDRESS),
        )
    )
    person = User.objects.filter(username=username, is_active=True, private=False).first()
    if person is not None and person.email and compared(person.email) == compared(email):
        inviting.renew(by=SYSTEM, person=person, channel=Channel.MAIL)
