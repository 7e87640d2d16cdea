"""Codes of authenticator apps: six digits that change every 30 seconds (RFC 6238, SHA-1, as all apps do)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

import segno

from foundation.forms import typed

#: Seconds of one code, its digits, and how many codes before and after the present one are right.
STEP, DIGITS, LENIENCE = 30, 6, 1

#: Bytes of a secret, and characters of the typed key that stand together.
BYTES, GROUP = 20, 4


def new_secret() -> bytes:
    """A new secret of 160 bits."""
    return secrets.token_bytes(BYTES)


def step_of(moment: datetime) -> int:
    """The number of the 30 seconds in which a moment is."""
    return int(moment.timestamp()) // STEP


def code_of(secret: bytes, step: int) -> str:
    """The code of a step."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def typed_code(text: str) -> str:
    """The digits of a code, however they were typed; "" for anything else."""
    digits = "".join(typed.folded(text).split())
    return digits if len(digits) == DIGITS and typed.whole_number(digits) is not None else ""


def step_with(secret: bytes, code: str, moment: datetime) -> int | None:
    """The step near a moment whose code this is; None if there is none."""
    now = step_of(moment)
    near = range(now - LENIENCE, now + LENIENCE + 1)
    return next((step for step in near if hmac.compare_digest(code_of(secret, step), code)), None)


def typed_key(secret: bytes) -> str:
    """The secret for whoever types it into the app, in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def address_of(secret: bytes, username: str, issuer: str) -> str:
    """The address that the app reads from the QR code."""
    given = {"secret": base64.b32encode(secret).decode(), "issuer": issuer}
    return f"otpauth://totp/{quote(issuer)}:{quote(username)}?{urlencode(given)}"


def drawn(address: str) -> str:
    """The QR code of an address, as the address of a picture."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=2)
