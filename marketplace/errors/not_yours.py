"""The page of 403: who is signed in and holds no role is told which one has ended, and whom to ask."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from organizations.people import holding_nothing
from organizations.people.models import Membership, User
from organizations.signing_in.middleware import SESSION_KEY


def not_yours(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The handler of 403."""
    signed_in = hasattr(request, "user") and request.user.is_authenticated
    nothing = signed_in and not getattr(request, "memberships", ())
    said = holding_nothing.in_words(cast(User, request.user)) if nothing else ""
    told = {"holds_nothing": said, "title": _title(request, nothing=nothing)}
    return render(request, "403.html", told, status=403)


def _title(request: HttpRequest, *, nothing: bool) -> str:
    """What the page is called: why the address does not open."""
    if getattr(request, "held_back", False):
        return _("请先完成第二步验证")
    if nothing:
        return _("您现在没有身份")
    if getattr(request, "actor", None) or not getattr(request, "memberships", ()):
        return _("不在您的职责范围")
    chosen = Membership.objects.filter(pk=request.session.get(SESSION_KEY, 0), emergency__isnull=False)
    return _("应急授权已经结束") if chosen.exists() else _("您原来的身份已经结束")
