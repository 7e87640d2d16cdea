"""What the frame of every page shows: top, rail, role, inbox, language, elder mode.

The same person gets the same frame a hundred times a day. It is drawn once for each
language, role and person; what differs between two requests is put into it last.
"""

from __future__ import annotations

from functools import lru_cache
from secrets import token_hex
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from foundation.models import Notice
from foundation.roles import Actor, Role
from marketplace.navigation import PUBLIC, RAIL
from organizations.models import Membership

#: Where the drawn top holds what a request puts in; nobody can type these.
SLOTS = {name: SafeString(f"slot-{token_hex(8)}") for name in ("token", "here", "asked", "unread")}


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame; what costs a query is asked only where it is shown."""
    actor = getattr(request, "actor", None)
    memberships = getattr(request, "memberships", [])
    elder = request.session.get("elder", False) if hasattr(request, "session") else False
    token = SimpleLazyObject(lambda: get_token(request))
    return {
        "actor": actor,
        "links": links(),
        "form_token": token,
        "navigation": navigation(request.path, actor.role) if actor else {},
        "public_entries": PUBLIC,
        "elder": elder,
        "top": lambda: top(request, str(token), actor, memberships, elder=elder),
    }


@lru_cache
def links() -> SafeString:
    """The styles and scripts of every page."""
    return SafeString(render_to_string("components/links.html"))


def top(
    request: HttpRequest, token: str, actor: Actor | None, memberships: list[Membership], *, elder: bool
) -> SafeString:
    """The top of the page for whoever looks at it, with this request's token and counts."""
    unread = Notice.objects.unread_of(actor) if actor else 0
    now = {
        "token": str(token),
        "here": escape(request.get_full_path()),
        "asked": escape(request.GET.get("q", "")) if request.path == reverse("search") else "",
        "unread": format_html('<span class="count">{}</span>', unread) if unread else "",
    }
    drawn = _top(
        get_language() or "",
        elder,
        (actor.name, actor.role, actor.organization_name) if actor else None,
        tuple(
            (each.pk, each.role, each.organization.name if each.organization else "") for each in memberships
        ),
    )
    for name, slot in SLOTS.items():
        drawn = drawn.replace(slot, now[name])
    return SafeString(drawn)


@lru_cache(maxsize=2000)
def _top(
    language: str,
    elder: bool,
    who: tuple[str, str, str] | None,
    memberships: tuple[tuple[int, str, str], ...],
) -> str:
    name, role, organization = who or ("", "", "")
    shown = {
        "signed_in": who is not None,
        "elder": elder,
        "name": name,
        "role": Role(role).label if who else "",
        "organization": organization,
        "memberships": [(pk, Role(held).label, at) for pk, held, at in memberships],
        **SLOTS,
    }
    return render_to_string("components/top.html", shown)


def navigation(path: str, role: str) -> dict[str, SafeString]:
    """Rail and bottom bar of a role, with the entry of ``path`` marked."""
    return _navigation(role, get_language() or "", path if path in _addresses(role) else "")


@lru_cache
def _addresses(role: str) -> frozenset[str]:
    return frozenset(reverse(each.name) for each in RAIL.get(role, ()))


@lru_cache(maxsize=512)
def _navigation(role: str, language: str, current: str) -> dict[str, SafeString]:
    shown = {"rail": RAIL.get(role, ()), "current": current}
    return {name: SafeString(render_to_string(f"components/{name}.html", shown)) for name in ("rail", "tabs")}
