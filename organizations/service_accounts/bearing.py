"""Tokens of service accounts: making one, and knowing whose it is.

A token has 256 random bits, so that its plain hash is kept and nothing slows guessing down.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation import moments
from foundation.wording import listed
from organizations.people.incompatible import compatible
from organizations.service_accounts.models import ServiceAccount
from organizations.signing_in import tokens

if TYPE_CHECKING:
    from rest_framework.views import APIView

#: How a token begins, so that one that was published by mistake is recognized by those who look for such.
BEGINNING = "liandong_"

TOKEN = re.compile(rf"{BEGINNING}[A-Za-z0-9_-]{{43}}", re.ASCII)

#: How often it is written down that a token was used.
NOTED = timedelta(minutes=1)

#: What everybody may ask who is known: which membership the token acts in, and what the API is like.
OWN = "marketplace"

#: Who may act, and as whom, is decided by people alone: no program asks for any of these, or decides on one.
OF_PEOPLE_ALONE = frozenset(
    f"organizations.{name}"
    for name in ("Dispensation", "EmergencyAccess", "Invitation", "Membership", "ServiceAccount", "StaffList")
)


def new_text() -> str:
    """The text of a new token."""
    return BEGINNING + secrets.token_urlsafe(32)


def digest_of(text: str) -> str:
    """The hash by which a token is found."""
    return hashlib.sha256(text.encode()).hexdigest()


def live(text: str) -> ServiceAccount | None:
    """The account of a token that is valid now; None for any other text.

    It is valid between its issue and its last day, while it is not revoked, its maker's account is in use, the
    password is that under which it was issued, and its membership is held and may be used.
    """
    if not TOKEN.fullmatch(text):
        return None
    accounts = ServiceAccount.objects.in_use_on(moments.today()).filter(digest=digest_of(text))
    found = accounts.select_related(
        "membership__user", "membership__organization", "membership__place"
    ).first()
    if found is None or not stands(found):
        return None
    held = found.membership.user.memberships.of_today()
    return found if found.membership in compatible(held) else None


def stands(account: ServiceAccount) -> bool:
    """Whether what it was issued under still holds: its maker's account, the password, the membership."""
    user = account.membership.user
    return user.is_active and account.mark == tokens.mark(user) and not account.membership.over


def note_use(account: ServiceAccount) -> None:
    """Write down that the token is used, once a minute."""
    now = moments.now()
    if account.last_used_at is None or now - account.last_used_at >= NOTED:
        before = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED)
        ServiceAccount.objects.filter(before, pk=account.pk).update(last_used_at=now)


def refusal(account: ServiceAccount, view: APIView, *, changes: bool) -> str:
    """Why what a view answers with is beyond the scope of the account; "" where it is within. ``changes``: whether the
    request changes anything.

    What is about the person's own account never is, nor what is asked of an object of another package by its label.
    """
    lifecycle = getattr(view, "lifecycle", None)
    if getattr(view, "about_the_account", False) or (changes and part_of(view) == OWN):
        return _("这里是本人的账号，只能本人登录后用，程序的令牌不能用。")
    if changes and lifecycle is not None and lifecycle.label in OF_PEOPLE_ALONE:
        return _("“%(what)s”只由人登录后办理，程序的令牌不能用。") % {"what": lifecycle.title}
    label = view.kwargs.get("label", "")
    asked = {part_of(view)} - {OWN}
    beyond = sorted((asked | ({label.partition(".")[0]} if label else set())) - set(account.parts))
    if beyond:
        return _("这个程序的令牌不包括“%(parts)s”。") % {"parts": listed(map(_named, beyond))}
    return _("这个程序的令牌只能读取，不能办理。") if changes and not account.acts else ""


def _named(part: str) -> str:
    """What a package is called; the name itself of none."""
    config = apps.app_configs.get(part)
    return str(config.verbose_name) if config is not None else part


def part_of(view: Any) -> str:
    """The package that a view of the API is about: that of its objects, else the one in which it stands."""
    lifecycle = getattr(view, "lifecycle", None)
    model = getattr(view, "whole", None) or getattr(lifecycle, "model", None) or getattr(view, "model", None)
    return str(model._meta.app_label) if model else type(view).__module__.partition(".")[0]
