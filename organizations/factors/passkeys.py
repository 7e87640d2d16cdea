"""Passkeys (WebAuthn): what a telephone, a computer or a security key signs for this site alone.

A passkey asks its owner for a finger, a face or a PIN each time, so that it is two factors at once and signs in
without a password.
"""

from __future__ import annotations

import ipaddress
import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from foundation.refusals import Invalid
from organizations.factors.models import Factor, FactorKind
from organizations.people.models import User

#: Where the session keeps what a browser was asked to sign.
ASKED = "passkey"

#: Characters of an answer of a browser at most.
LONGEST = 20_000


def possible(request: HttpRequest) -> bool:
    """Whether browsers know passkeys at this address: by a name and HTTPS, or on this machine; never by a number."""
    host = _host(request)
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost"
    return False


def ask_to_register(request: HttpRequest, person: User) -> str:
    """What the browser is asked to make a new passkey of, as JSON."""
    known = [_data(factor) for factor in Factor.objects.filter(user=person, kind=FactorKind.PASSKEY)]
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(
            name=person.username, id=handle_of(person), display_name=person.full_name
        ),
        credentials=known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[ASKED] = state
    return json.dumps(dict(options)["publicKey"])


def read_new(request: HttpRequest, answer: str) -> tuple[str, bytes]:
    """Number and public key of the passkey that a browser has made; raises ``Invalid`` at ``answer``."""
    state = request.session.pop(ASKED, None)
    try:
        made = _server(request).register_complete(state or {}, _object(answer)).credential_data
    except Exception:  # the library raises all kinds of errors for what no browser sends
        made = None
    if made is None:
        raise _wrong()
    return websafe_encode(made.credential_id), bytes(made)


def ask_to_sign(request: HttpRequest, person: User | None = None) -> str:
    """What the browser is asked to sign with a passkey of this person, or of whoever sits there, as JSON."""
    known = None
    if person is not None:
        known = [_data(factor) for factor in Factor.objects.filter(user=person, kind=FactorKind.PASSKEY)]
    options, state = _server(request).authenticate_begin(
        credentials=known, user_verification=UserVerificationRequirement.REQUIRED
    )
    request.session[ASKED] = state
    return json.dumps(dict(options)["publicKey"])


def signed_with(request: HttpRequest, answer: str) -> Factor | None:
    """The passkey with which a browser has signed what it was asked last; None for any other answer."""
    state = request.session.pop(ASKED, None)
    try:
        response = AuthenticationResponse.from_dict(_object(answer))
    except Exception:  # as above
        return None
    try:
        number = websafe_encode(response.raw_id)
        factor = Factor.objects.select_related("user").filter(credential=number, user__is_active=True).first()
        if factor is None or state is None:
            return None
        _server(request).authenticate_complete(state, [_data(factor)], response)
    except (ValueError, TypeError, KeyError):
        return None
    owner = response.response.user_handle
    return factor if owner in (None, b"", handle_of(factor.user)) else None


def owner_named_by(answer: str) -> User | None:
    """Whose passkey an answer says that it was signed with; it is not checked here."""
    try:
        number = websafe_encode(AuthenticationResponse.from_dict(_object(answer)).raw_id)
    except Exception:  # as above
        return None
    factor = Factor.objects.select_related("user").filter(credential=number, user__is_active=True).first()
    return factor.user if factor is not None else None


def handle_of(person: User) -> bytes:
    """By which an authenticator knows the person: nothing that tells who it is."""
    return salted_hmac("organizations.factors.passkeys", str(person.pk), algorithm="sha256").digest()


def _server(request: HttpRequest) -> Fido2Server:
    """The checks for the name by which the browser knows this site."""
    host = _host(request)
    origin = f"{request.scheme}://{request.get_host()}"
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name=_("联动")), verify_origin=origin.__eq__)


def _host(request: HttpRequest) -> str:
    """The name of this site, without the port."""
    return urlsplit(f"//{request.get_host()}").hostname or ""


def _data(factor: Factor) -> AttestedCredentialData:
    """Number and public key of a passkey, as the library reads them."""
    return AttestedCredentialData(bytes(factor.public_key or b""))


def _object(answer: str) -> Any:
    """The answer of a browser; raises ``ValueError`` for what is no JSON object."""
    found = json.loads(answer) if len(answer) <= LONGEST else None
    return found if isinstance(found, dict) else {}


def _wrong() -> Invalid:
    message = _("浏览器没有给出可用的通行密钥，请再试一次。")
    return Invalid(message, fields={"answer": message})
