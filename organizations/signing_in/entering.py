"""Signing in: the one way in which a session begins, and a sign-in that waits for the second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from foundation import moments
from organizations.people.models import User
from organizations.signing_in import devices, opened, unfamiliar
from organizations.signing_in.middleware import PROVED, begin

#: How Django names the backend of a session.
BACKEND = "organizations.signing_in.backends.Backend"

#: Where a session keeps who gave the right password, and for how many minutes the factor is waited for.
WAITING, MINUTES = "waiting", 10


def enter(request: HttpRequest, person: User, *, proved: bool = False) -> None:
    """Begin the session of a person, in the first membership of today; ``proved``: a second factor was given.

    The person is told of one in a browser that the account has not used before.
    """
    unfamiliar_here = unfamiliar.is_new(request, person)
    login(request, person, backend=BACKEND)
    begin(request, person)
    if proved:
        prove(request)
    request.session.save()
    opened.begin(request, person)
    if unfamiliar_here:
        unfamiliar.tell(request, person)


def entered(request: HttpRequest, person: User, address: str, *, proved: bool = False) -> HttpResponse:
    """Begin the session of a person, whose browser is known from now on, and go to an address of ours."""
    enter(request, person, proved=proved)
    answer = redirect(address)
    devices.remember(request, answer, person)
    return answer


def prove(request: HttpRequest) -> None:
    """Write into the session that its person has given a second factor."""
    request.session[PROVED] = moments.now().timestamp()


@dataclass(frozen=True)
class Waiting:
    """Whose password was right and whose factor is waited for, and where the person goes then."""

    person: User
    address: str


def wait(request: HttpRequest, person: User, address: str) -> None:
    """Let the session wait for the factor of a person who gave the right password; one that is open already goes on
    under its new key.
    """
    request.session.cycle_key()
    opened.follow(request)
    request.session[WAITING] = {
        "person": person.pk,
        "mark": person.get_session_auth_hash(),
        "since": moments.now().timestamp(),
        "address": address,
    }


def waiting(request: HttpRequest) -> Waiting | None:
    """For whose factor the session waits; None for nobody, after ``MINUTES``, or if the password changed meanwhile."""
    kept: dict[str, Any] | None = request.session.get(WAITING)
    if not kept or moments.now().timestamp() - kept["since"] > MINUTES * 60:
        return None
    person = User.objects.filter(pk=kept["person"], is_active=True).first()
    if person is None or not constant_time_compare(kept["mark"], person.get_session_auth_hash()):
        return None
    return Waiting(person, kept["address"])


def fresh(request: HttpRequest) -> bool:
    """Whether the person of the session has signed in within the last ``MINUTES``."""
    began = request.session.get(opened.BEGAN, 0)
    return moments.now().timestamp() - began <= MINUTES * 60
