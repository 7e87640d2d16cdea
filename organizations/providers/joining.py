"""An organization joins by itself: it is registered with the account of whoever answers for it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.messaging import codes
from foundation.networks import network_of
from foundation.refusals import Invalid
from foundation.roles import ANSWERS_FOR_A_PROVIDER, Actor
from foundation.transactions import whole
from organizations.bodies import alike
from organizations.bodies.keeping import hold_code
from organizations.bodies.models import Organization
from organizations.invitations import inviting
from organizations.invitations.joining import new_account
from organizations.people import giving, reached
from organizations.people.models import User
from organizations.places.models import Place
from organizations.providers.accreditation import founded
from organizations.providers.models import Provider
from organizations.providers.states import BASIS, PROVIDER, Standing
from organizations.signing_in import tries
from organizations.signing_in.tries import Count

#: What codes by text are for here.
PURPOSE = "providers.join"

#: Registrations from one address in one period.
MOST_FROM_ADDRESS = 10


def send_code(phone: str, *, address: str, asker: str) -> str:
    """Send a code to the telephone of whoever will answer for the organization; raises ``TooOften``.

    Returns the code where no message leaves the machine.
    """
    with transaction.atomic():
        return codes.send(phone, PURPOSE, address=address, asker=asker)


def count(address: str) -> None:
    """Count a registration that is sent from an address; raises ``TooMany``."""
    tries.take((Count("joining", network_of(address), MOST_FROM_ADDRESS),))


@PROVIDER.start("join")
def _join(
    *,
    by: Actor,
    name: str,
    credit_code: str,
    nature: str,
    legal_representative: str,
    place: Place,
    serves: list[Place],
    phone: str,
    address: str,
    services: str = "",
) -> Provider:
    """Register an organization that is not known here yet; raises ``Invalid`` at a credit code that is."""
    alike.require_no_body(name, rule=BASIS)
    hold_code(credit_code)
    if Organization.objects.filter(credit_code=credit_code).exists():
        message = _("这个统一社会信用代码已经登记。请找本机构已有账号的同事邀请您，或联系民政部门。")
        raise Invalid(message, fields={"credit_code": message}, rule=BASIS)
    provider = Provider.objects.create(
        organization=founded(name, credit_code, place, phone, address),
        nature=nature,
        legal_representative=legal_representative,
        services=services,
        status=Standing.PREPARING,
    )
    provider.serves.set(serves)
    return provider


@whole
def join(*, full_name: str, mobile: str, username: str, password: str, **facts: Any) -> User:
    """Register the organization, and whoever does so as the one who answers for it; the account.

    Raises ``Invalid`` at a credit code or a user name that is taken, at a telephone that has an account here already,
    whose person is invited by a colleague or registers with another one's, and at a password that is too weak.
    """
    # Whose registration has ended holds nothing any more, and registers anew with the same telephone.
    reached.require_free(mobile, "", field="mobile", holding=True)
    person = new_account(username=username, password=password, full_name=full_name, phone=mobile)
    by = inviting.as_the_person(person)
    reached.leave_to(person, by=by)
    organization = _join(by=by, **facts).organization
    for role in ANSWERS_FOR_A_PROVIDER:
        giving.found(by=by, person=person, role=role, organization=organization)
    return person
