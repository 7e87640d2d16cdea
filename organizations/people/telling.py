"""Telling a person of the staff something about the own account: in the inbox, and by text or mail."""

from __future__ import annotations

from django.urls import reverse

from foundation.inbox import notices
from foundation.messaging import sending, texts
from foundation.parties import Addressee
from foundation.refusals import Unsaid
from foundation.roles import Role
from organizations.people.models import User


def tell(
    person: User, words: Unsaid, *, about: str, link: str = "", page: str = "", everywhere: bool = False
) -> None:
    """Tell a person: a notice in each role of today, and a text to the registered number, else a mail; both with
    ``everywhere``.

    ``about`` says in the list of messages what it was for; ``link`` is an address of ours that the message names,
    ``page`` the one to which the notice leads (by default that of the own account's safety).
    """
    roles = set(person.memberships.of_today().order_by().values_list("role", flat=True))
    to = [Addressee(Role(role), user=person.pk) for role in sorted(roles)]
    notices.deliver(person, to, words, link=page or reverse("security"))
    text = texts.worded("messages.people", "account", matter=words, link=link).rstrip()
    if person.phone:
        sending.send(person.phone.plain(), text, about=about)
    if person.email and (everywhere or not person.phone):
        sending.send_mail(person.email, text, about=about)
