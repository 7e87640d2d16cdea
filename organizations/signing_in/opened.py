"""What a person has open, in browsers and by tokens: noting its use, listing it, and ending it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.forms.typed import whole_number
from organizations.people.models import User
from organizations.signing_in import ended, tokens
from organizations.signing_in.models import BrowserSession, Opened, Token

#: How often it is written down that a session or a token was used.
NOTED = timedelta(minutes=1)

#: Where a session keeps the key of its row, when it began, and when it was used last (seconds since 1970).
ROW, BEGAN, SEEN = "row", "began", "seen"

#: Names of browsers and systems, in the order in which they are looked for in what a browser says of itself.
BROWSERS = (
    ("MicroMessenger", gettext_lazy("微信")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Shown:
    """One session or token, as its owner sees it; ``number`` names it in addresses."""

    number: str
    what: str
    address: str
    since: datetime
    last_used_at: datetime
    current: bool


def begin(request: HttpRequest, person: User) -> None:
    """Write down the session that has just begun."""
    ended.forget(request)
    now = moments.now()
    said = {"user": person, "started_at": now, "last_used_at": now, **said_by(request)}
    row, _new = BrowserSession.objects.update_or_create(key=request.session.session_key or "", defaults=said)
    request.session[ROW] = row.pk
    request.session[BEGAN] = request.session[SEEN] = now.timestamp()


def said_by(request: HttpRequest) -> dict[str, str]:
    """The address and the browser or program of a request."""
    agent = request.headers.get("User-Agent", "").replace("\0", "")[:300]
    return {"address": request.META.get("REMOTE_ADDR", "")[:45], "agent": agent}


def note_use(request: HttpRequest) -> None:
    """Write down that a session is used, once a minute; its key may have changed meanwhile."""
    seen = request.session.get(SEEN)
    if seen is not None and moments.now().timestamp() - seen >= NOTED.total_seconds():
        use(request)


def use(request: HttpRequest) -> None:
    """Write down that a session is used now."""
    request.session[SEEN] = moments.now().timestamp()
    follow(request)


def follow(request: HttpRequest) -> None:
    """Write down the key under which the session is kept now."""
    found = BrowserSession.objects.filter(pk=request.session.get(ROW, 0))
    found.update(key=request.session.session_key or "", last_used_at=moments.now())


def note_use_of(token: Token) -> None:
    """Write down that a token is used, once a minute."""
    now = moments.now()
    if now - token.last_used_at >= NOTED:
        Token.objects.filter(pk=token.pk, last_used_at__lte=now - NOTED).update(last_used_at=now)


def is_over(request: HttpRequest, idle: timedelta, whole: timedelta) -> bool:
    """Whether a session was unused for too long, or has lasted as long as it may."""
    seen, began = request.session.get(SEEN), request.session.get(BEGAN)
    if seen is None or began is None:
        return False
    now = moments.now().timestamp()
    return now - seen > idle.total_seconds() or now - began > whole.total_seconds()


def listed(request: HttpRequest, person: User, token: Token | None = None) -> list[Shown]:
    """The sessions and tokens of a person, what was used last before all others; ``token`` is that of the request."""
    own = request.session.session_key if hasattr(request, "session") and token is None else None
    found = [
        Shown(
            f"b{row.pk}",
            name_of(row),
            row.address,
            row.started_at,
            row.last_used_at,
            bool(own) and row.key == own,
        )
        for row in sessions_of(person)
    ]
    found += [
        Shown(
            f"t{row.digest[: tokens.ID]}",
            _("程序的令牌：%(agent)s") % {"agent": name_of(row)},
            row.address,
            row.created,
            row.last_used_at,
            token is not None and row.pk == token.pk,
        )
        for row in tokens.living(person)
    ]
    return sorted(found, key=lambda shown: (not shown.current, -shown.last_used_at.timestamp()))


def sessions_of(person: User) -> Iterable[BrowserSession]:
    """The sessions of a person that are open; rows of those that are over are deleted."""
    rows = list(BrowserSession.objects.filter(user=person))
    kept = Session.objects.filter(session_key__in=[row.key for row in rows], expire_date__gt=timezone.now())
    alive = {session.session_key for session in kept if _belongs_to(person, session.get_decoded())}
    if gone := [row.pk for row in rows if row.key not in alive]:
        BrowserSession.objects.filter(pk__in=gone).delete()
    return [row for row in rows if row.key in alive]


def _belongs_to(person: User, kept: Mapping[str, Any]) -> bool:
    """Whether a session is still the person's: it ends with the password, and with the generation."""
    mark = str(kept.get(HASH_SESSION_KEY, ""))
    return kept.get(USER_KEY) == str(person.pk) and constant_time_compare(
        mark, person.get_session_auth_hash()
    )


def end(person: User, number: str) -> bool:
    """End one session or token of a person; whether there was one of this number."""
    kind, key = number[:1], number[1:]
    if kind == "b" and (pk := whole_number(key)) is not None:
        row = BrowserSession.objects.filter(user=person, pk=pk).first()
        if row is None:
            return False
        SessionStore(row.key).delete()
        ended.leave_behind(row.key)
        row.delete()
        return True
    if kind == "t" and len(key) == tokens.ID:
        return bool(tokens.living(person).filter(digest__startswith=key).delete()[0])
    return False


def go_on(request: HttpRequest, person: User) -> None:
    """Let the session of this request go on after everything of its person was ended."""
    update_session_auth_hash(request, person)
    request.session.save()
    BrowserSession.objects.create(
        pk=request.session.get(ROW),
        user=person,
        key=request.session.session_key or "",
        started_at=datetime.fromtimestamp(request.session.get(BEGAN, 0), moments.now().tzinfo),
        **said_by(request),
    )


def known_name_of(row: Opened) -> str:
    """The browser and the system in words that are ours, and in nobody else's: Chrome · Windows."""
    parts = [
        next((str(name) for mark, name in names if mark in row.agent), "") for names in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, parts)) or _("未说明")


def name_of(row: Opened) -> str:
    """The same for whoever lists what he has open: a program that is not known by its own words."""
    known = any(mark in row.agent for mark, _name in (*BROWSERS, *SYSTEMS))
    return known_name_of(row) if known or not row.agent else row.agent[:60]


def forget_old() -> None:
    """Every night: forget what is over, of sessions and of tokens."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    Token.objects.filter(expiry__lt=timezone.now()).delete()
    before = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    gone = ~Q(key__in=Session.objects.values("session_key"))
    BrowserSession.objects.filter(gone, last_used_at__lt=before).delete()
