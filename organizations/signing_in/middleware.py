"""The actor of a request: the signed-in person in the membership that the session chose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from foundation.forms.typed import whole_number
from foundation.permissions import NOBODY, ActorRequest
from foundation.roles import Actor
from organizations.emergencies import recording
from organizations.people.incompatible import compatible
from organizations.people.models import Membership, User
from organizations.signing_in import ended, gate, opened

SESSION_KEY = "membership"

#: Where a session keeps that its person has given a second factor.
PROVED = "proved"

#: Where it keeps which page somebody wanted who was held back, and goes to once a factor is set up.
WANTED = "wanted"


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
    """Sets ``request.actor``, ``request.memberships``, ``request.membership`` and ``request.held_back``, and ends what was
    unused for too long. Whoever was signed out otherwise finds why (``ended``).

    Whoever acts in a membership that needs a second factor and has given none in this session is held back: pages say
    by ``without_factor`` that they are for him too, those that admit anybody he sees as anybody, and from all others
    he is sent to where a factor is set up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        request.actor, request.memberships, request.held_back = None, [], False
        request.membership, request.unused_seconds = None, 0
        whose = request.session.get(USER_KEY)
        if request.user.is_authenticated:
            self._act(request, request.user)
        elif whose is not None:
            ended.note_whose(request, whole_number(str(whose)))
        else:
            ended.find(request)
        return self.get_response(request)

    def _act(self, request: ActorRequest, user: User) -> None:
        held = request.memberships = memberships_of(user)
        # A chosen membership that has ended is not replaced by another one unasked.
        first = held[0].pk if held else None
        chosen = request.session.get(SESSION_KEY, first)
        membership = next((other for other in held if other.pk == chosen), None)
        named = whole_number(request.headers.get("X-Membership", ""))
        times = gate.strictest([one for one in held if one.pk in (chosen, named)] or held)
        if opened.is_over(request, times.idle, times.whole):
            request.memberships = []
            logout(request)
            ended.note(request, ended.UNUSED)
            return
        if membership is not None:
            request.held_back = gate.must_prove(membership) and PROVED not in request.session
            request.unused_seconds = int(times.idle.total_seconds()) if opened.SEEN in request.session else 0
        request.membership = membership
        request.actor = actor_in(request, membership)

    @staticmethod
    def _names_another(request: ActorRequest) -> bool:
        """Whether a request for a page names another membership than that in which its session acts: it is refused, so
        that nothing is done in a role that was not meant.
        """
        named = request.headers.get("X-Membership") if request.user.is_authenticated else None
        return named is not None and named.strip() != str(request.membership and request.membership.pk)

    def process_view(
        self, request: ActorRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Note that the session is used, and what for in an emergency, unless a script asks by itself (``unasked``);
        hold back from a view whoever must give a second factor first.
        """
        page = getattr(view, "view_class", None)
        if request.user.is_authenticated and not getattr(page, "unasked", False):
            opened.note_use(request)
            recording.note(request)
        of_the_api = hasattr(view, "cls")  # its own authentication refuses, as a problem document
        if not of_the_api and self._names_another(request):
            raise PermissionDenied
        if not request.held_back or getattr(page, "without_factor", False):
            return None
        request.actor = None
        if page is None or of_the_api or NOBODY in page.access.admitted(request.method):
            return None
        if request.method in ("GET", "HEAD"):
            if not getattr(page, "unasked", False):
                request.session[WANTED] = request.get_full_path()
            return redirect("security")
        raise PermissionDenied
