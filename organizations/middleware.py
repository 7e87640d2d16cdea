"""Who asks: the signed-in person in the membership chosen for this session."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.roles import Actor
from organizations.backends import person
from organizations.models import Membership, User

SESSION_KEY = "membership"


def actor_of(
    request: HttpRequest, user: User, chosen: int | None
) -> tuple[Actor | None, list[Membership]]:
    """The actor in the chosen membership, else the first; and all there are."""
    held = user.held if user.held is not None else person(user.pk).held
    membership = next((each for each in held if each.pk == chosen), held[0] if held else None)
    actor = (
        membership.actor(request_id=request.request_id, address=request.META.get("REMOTE_ADDR", ""))
        if membership
        else None
    )
    return actor, held


class ActorMiddleware:
    """Sets ``request.request_id``, ``request.actor`` and ``request.memberships``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex
        request.actor, request.memberships = None, []
        if request.user.is_authenticated:
            request.actor, request.memberships = actor_of(
                request, request.user, request.session.get(SESSION_KEY)
            )
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id
        return response
