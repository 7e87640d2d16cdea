"""Asking the city's single sign-on who somebody is: OpenID Connect with a code, PKCE, state and nonce."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
import structlog
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from foundation import moments
from foundation.refusals import NotNow, Refused

log = structlog.stdlib.get_logger(__name__)

#: Seconds for reaching the provider and for its answer to one question.
PATIENCE = (3, 7)

#: Seconds for which its description is kept, for which nobody asks a provider that gave no answer, and by which its
#: clock may differ.
KEPT, SPARED, LENIENCE = 600, 20, 60

#: Signatures that are read: those with a key that the provider alone has.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")

#: Where the session keeps what was asked, and minutes for which the answer is waited for.
ASKED, MINUTES = "single-sign-on", 15

#: Descriptions of providers by their issuer, with the second until which each is kept.
_described: dict[str, tuple[float, Mapping[str, Any]]] = {}

#: Until which second a provider is not asked, by its issuer, since it gave no answer.
_away: dict[str, float] = {}


@dataclass(frozen=True)
class Asked:
    """What the session asked the provider for: a purpose, and where the person goes then."""

    purpose: str
    address: str


@dataclass(frozen=True)
class Told:
    """What the provider says: whom it knows by which name, and whether it asked for a second factor."""

    issuer: str
    subject: str
    proved: bool


def offered() -> bool:
    """Whether the city has a single sign-on here."""
    return bool(settings.SSO_ISSUER)


def begin(request: HttpRequest, asked: Asked) -> str:
    """The address of the provider to which the browser goes; raises ``Refused`` while the provider is away."""
    description = _description()
    verifier, state, nonce = (secrets.token_urlsafe(32) for _number in range(3))
    request.session[ASKED] = {
        "purpose": asked.purpose,
        "address": asked.address,
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "since": moments.now().timestamp(),
    }
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code",
        "client_id": settings.SSO_CLIENT_ID,
        "redirect_uri": _back(),
        "scope": "openid",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{description['authorization_endpoint']}?{urlencode(query)}"


def finish(request: HttpRequest) -> tuple[Asked, Told]:
    """What was asked, and what the provider answers to it; each answer is read once.

    Raises ``NotNow`` for an answer that this browser did not ask for, or not lately, and for a person who turned back;
    ``Refused`` for an answer that cannot be believed and while the provider is away.
    """
    kept: dict[str, Any] | None = request.session.pop(ASKED, None)
    old = kept is None or moments.now().timestamp() - kept["since"] > MINUTES * 60
    if kept is None or old or not constant_time_compare(kept["state"], request.GET.get("state", "")):
        raise NotNow(_("这次登录不是从这里开始的，或者等得太久。请重新开始。"))
    code = request.GET.get("code", "")
    if not code:
        raise NotNow(_("统一身份认证没有让您登录，或者您取消了。"))
    claims = _claims(code, kept["verifier"], kept["nonce"])
    told = Told(str(claims["iss"]), str(claims["sub"])[:255], _proved(claims))
    return Asked(kept["purpose"], kept["address"]), told


def _claims(code: str, verifier: str, nonce: str) -> Mapping[str, Any]:
    """What the provider has signed of the person; raises ``Refused`` for what cannot be believed."""
    description = _description()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _back(),
        "code_verifier": verifier,
        "client_id": settings.SSO_CLIENT_ID,
    }
    keys = _asked("GET", description["jwks_uri"])
    answer = _asked(
        "POST",
        description["token_endpoint"],
        data=form,
        auth=(settings.SSO_CLIENT_ID, settings.SSO_CLIENT_SECRET),
    )
    try:
        text = answer["id_token"]
        number = jwt.get_unverified_header(text).get("kid")
        known = jwt.PyJWKSet.from_dict(dict(keys)).keys
        key = next(key for key in known if number is None or key.key_id == number)
        claims: dict[str, Any] = jwt.decode(
            text,
            key,
            algorithms=list(ALGORITHMS),
            audience=settings.SSO_CLIENT_ID,
            issuer=settings.SSO_ISSUER,
            leeway=LENIENCE,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, KeyError, TypeError, StopIteration) as fault:
        log.warning("single_sign_on.unbelievable", why=type(fault).__name__)
        raise _unbelievable() from None
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise _unbelievable()
    return claims


def _proved(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says by ``acr`` or ``amr`` that it asked for a second factor, in a word that the city
    counts.
    """
    methods = claims.get("amr")
    said = {str(claims.get("acr", ""))} | (
        {str(way) for way in methods} if isinstance(methods, list) else set()
    )
    return bool(said & set(settings.SSO_PROVES))


def _description() -> Mapping[str, Any]:
    """Where the provider answers what; raises ``Refused`` while it is away or describes another issuer."""
    issuer = settings.SSO_ISSUER
    until, found = _described.get(issuer, (0.0, {}))
    if time.monotonic() > until:
        found = _asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if found.get("issuer") != issuer or not all(isinstance(found.get(name), str) for name in needed):
            log.error("single_sign_on.misconfigured")
            raise _unbelievable()
        _described[issuer] = (time.monotonic() + KEPT, found)
    return found


def _asked(method: str, address: str, **given: Any) -> Mapping[str, Any]:
    """The JSON object that the provider answers; raises ``Refused`` where none comes in time, and for ``SPARED``
    seconds after that at once: whoever waits holds a worker.
    """
    issuer = settings.SSO_ISSUER
    if time.monotonic() < _away.get(issuer, 0.0):
        raise _silent()
    try:
        answer = requests.request(method, address, timeout=PATIENCE, allow_redirects=False, **given)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as fault:
        if isinstance(fault, requests.Timeout | requests.ConnectionError):
            _away[issuer] = time.monotonic() + SPARED
        log.warning("single_sign_on.away", why=type(fault).__name__)
        raise _silent() from None
    return found if isinstance(found, dict) else {}


def _silent() -> Refused:
    return Refused(_("统一身份认证现在没有答复，请用用户名和密码登录，或稍后再试。"))


def _back() -> str:
    """The address of ours to which the provider sends people back."""
    return f"{settings.PUBLIC_ADDRESS}{reverse('single-sign-on-back')}"


def _unbelievable() -> Refused:
    return Refused(_("统一身份认证的答复核对不上，没有登录。请告诉管理员。"))
