"""Access to addresses: which roles may use which method, declared on each view.

``docs/access.md`` and the test that walks every address are made from these declarations, and
fail for a view without one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import resolve, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from foundation.roles import OVERSEERS, PEOPLE, Actor, Role

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


#: A visitor who has not signed in.
NOBODY = "nobody"


SIGNED_IN = frozenset(PEOPLE)


ANYONE = SIGNED_IN | {NOBODY}


class ActorRequest(HttpRequest):
    """A request after the middleware.

    ``actor`` acts in one of the person's ``memberships``, of which ``chosen`` is the key; ``held_back`` says that this one needs a second factor that
    was not given, ``unused_seconds`` after how many the sign-in ends unused (0: it does not); ``request_id`` identifies the request in the
    log and in the journal; ``htmx`` is true if a script of a page sent it.
    """

    actor: Actor | None
    memberships: list[Any]
    chosen: int | None
    held_back: bool
    unused_seconds: int
    request_id: str
    htmx: HtmxDetails


@dataclass(frozen=True)
class Access:
    """The admitted roles (perhaps with ``NOBODY``) by method."""

    methods: tuple[tuple[str, frozenset[str]], ...]

    def admitted(self, method: str | None) -> frozenset[str]:
        """The roles that may use ``method``; HEAD and OPTIONS count as GET."""
        wanted = "GET" if method in ("HEAD", "OPTIONS", None) else method
        return dict(self.methods).get(wanted, frozenset())

    def allows(self, method: str | None, role: str | None) -> bool:
        """Whether somebody in ``role`` (None: not signed in) may use ``method``."""
        return (role or NOBODY) in self.admitted(method)


def access(**methods: Iterable[str]) -> Access:
    """Declare access: ``access(GET=SIGNED_IN, POST=(Role.WINDOW,))``."""
    return Access(tuple((name, frozenset(roles)) for name, roles in methods.items()))


def access_to(shown: Any, **methods: Iterable[str]) -> Access:
    """The access to pages that show objects of a model: of whoever is a party that sees any, as it says itself."""
    return access(GET={party.role for party in shown.seen_by} - {Role.SYSTEM}, **methods)


@lru_cache(maxsize=512)
def page_of(name: str, *arguments: str | int) -> Any:
    """The class of the page of a named address."""
    view: Any = resolve(reverse(name, args=arguments)).func
    return view.view_class


def access_of(name: str, *arguments: str | int) -> Access:
    """The access that the page of a named address declares."""
    return cast(Access, page_of(name, *arguments).access)


def role_of(request: HttpRequest) -> Role | None:
    """The role in which the request is made; None if nobody is signed in."""
    actor = getattr(request, "actor", None)
    return actor.role if actor else None


def refuse(request: HttpRequest, declared: Access) -> HttpResponseBase | None:
    """None if the request is admitted; else the redirect to sign-in, or raises ``PermissionDenied``."""
    method = request.method or "GET"
    if declared.allows(method, role_of(request)):
        return None
    if not declared.admitted(method):
        return None  # the view answers 405 itself
    if role_of(request) is None and not request.user.is_authenticated:
        return _sign_in_first(request)
    raise PermissionDenied


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of the product asks for JSON instead of a page."""
    return request.headers.get("X-Answer") == "json"


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """The redirect to sign-in; for scripts 401 with words, so that no page is drawn into another."""
    words = _("登录已过期，内容留在本页没有丢。")
    if wants_json(request):
        return JsonResponse({"words": words, "sign_in": reverse("sign-in")}, status=401)
    if getattr(request, "htmx", False):
        answer = HttpResponse(
            format_html(
                '<p class="consequence">{} <a href="{}" target="_blank">{}</a></p>',
                words,
                reverse("sign-in"),
                _("在新页登录，再回到这里继续"),
            ),
            status=401,
        )
        answer["HX-Retarget"], answer["HX-Reswap"] = "#ended", "innerHTML"
        return answer
    return redirect_to_login(request.get_full_path())


OVERSIGHT = access(GET=OVERSEERS)
