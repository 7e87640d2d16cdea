"""The actor of a request: the signed-in person in the membership that the session chose."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.permissions import ActorRequest
from foundation.roles import Actor
from organizations.people.incompatible import compatible
from organizations.people.models import Membership, User

SESSION_KEY = "membership"


def memberships_of(user: User) -> list[Membership]:
    """The memberships of a person that are valid today, with organizations and places."""
    return compatible(user.memberships.of_today() if user.held_today is None else user.held_today)


def begin(request: HttpRequest, user: User) -> None:
    """Let the session act in the first membership of today, until the person chooses another.

    Otherwise the session of a person with two memberships would continue in the second, unasked,
    when the first one ends.
    """
    held = memberships_of(user)
    if held:
        request.session[SESSION_KEY] = held[0].pk


def actor_in(request: ActorRequest, membership: Membership | None) -> Actor | None:
    """The actor of a membership, with the address of the request; None without one."""
    if membership is None:
        return None
    return membership.actor(request_id=request.request_id, address=request.META.get("REMOTE_ADDR", ""))


class ActorMiddleware:
    """Sets ``request.actor`` and ``request.memberships``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        request.actor, request.memberships = None, []
        if request.user.is_authenticated:
            held = request.memberships = memberships_of(request.user)
            # A chosen membership that has ended is not replaced by another one unasked.
            first = held[0].pk if held else None
            chosen = request.session.get(SESSION_KEY, first)
            membership = next((other for other in held if other.pk == chosen), None)
            request.actor = actor_in(request, membership)
        return self.get_response(request)
