"""Who asks: the signed-in person in the membership chosen for this session."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation import moments
from foundation.permissions import ActorRequest
from foundation.roles import Actor
from organizations.people.incompatible import compatible
from organizations.people.models import Membership, User

SESSION_KEY = "membership"


def memberships_of(user: User) -> list[Membership]:
    """What a person may act as today, with the organizations and places."""
    today = user.memberships.on(moments.today())
    return compatible(today.select_related("organization", "place"))


def begin(request: HttpRequest, user: User) -> None:
    """Let the session act in the first role of now, and in no other unless asked to.

    Without it the session of somebody with two roles would go on in the second, unasked, when
    the first one ends.
    """
    held = memberships_of(user)
    if held:
        request.session[SESSION_KEY] = held[0].pk


def actor_in(request: ActorRequest, membership: Membership | None) -> Actor | None:
    """The person acting in a membership, from where the request comes."""
    if membership is None:
        return None
    return membership.actor(request_id=request.request_id, address=request.META.get("REMOTE_ADDR", ""))


class ActorMiddleware:
    """Sets ``request.request_id``, ``request.actor`` and ``request.memberships``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex
        request.actor, request.memberships = None, []
        if request.user.is_authenticated:
            held = request.memberships = memberships_of(request.user)
            # One that was chosen and has ended is followed by another only when asked for.
            first = held[0].pk if held else None
            chosen = request.session.get(SESSION_KEY, first)
            membership = next((each for each in held if each.pk == chosen), None)
            request.actor = actor_in(request, membership)
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id
        return response
