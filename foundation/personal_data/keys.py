"""Keys of personal data, from the environment.

``LIANDONG_DATA_KEYS`` holds ``id:base64`` pairs separated by commas, each key of 32 bytes; the
first encrypts, all decrypt, so a key is rotated by putting a new one first and running
``manage.py rotate_keys``. ``LIANDONG_HASH_KEY`` keys the hashes by which equal values are found.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from foundation.forms import typed

NONCE = 12
#: The bytes of a key, and its highest number: the number is the first byte of what it has encrypted.
LENGTH, HIGHEST = 32, 255


@lru_cache(maxsize=4)
def _ring(text: str) -> tuple[int, dict[int, AESGCM]]:
    """The number of the encrypting key, and all keys by number; raises ``ImproperlyConfigured``."""
    ring: dict[int, AESGCM] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        said, _, key = part.partition(":")
        number = typed.whole_number(said)
        if number is None or not 1 <= number <= HIGHEST:
            raise ImproperlyConfigured(
                f"LIANDONG_DATA_KEYS: before each key stands its number, from 1 to {HIGHEST}, and a colon（2：…，1：…）."
            )
        if number in ring:
            raise ImproperlyConfigured(
                f"LIANDONG_DATA_KEYS names key {number} twice. A new key has a number of its own, which no key had before."
            )
        ring[number] = AESGCM(_raw(number, key))
    if not ring:
        raise ImproperlyConfigured("LIANDONG_DATA_KEYS is not set.")
    return next(iter(ring)), ring


def _raw(number: int, key: str) -> bytes:
    """The bytes of a key; raises ``ImproperlyConfigured``."""
    try:
        raw = base64.b64decode(key, validate=True)
    except ValueError as fault:
        raise ImproperlyConfigured(f"LIANDONG_DATA_KEYS: key {number} is no base64: {fault}.") from fault
    if len(raw) != LENGTH:
        raise ImproperlyConfigured(
            f"LIANDONG_DATA_KEYS: a key must have {LENGTH} bytes, in base64, and key {number} has {len(raw)}."
        )
    return raw


def refusal() -> str:
    """Why nothing can be encrypted with the keys that are set, in words; "" if it can."""
    try:
        _ring(settings.LIANDONG_DATA_KEYS)
    except ImproperlyConfigured as fault:
        return str(fault)
    return ""


def current_id() -> int:
    """The number of the key that encrypts now (1 to 255)."""
    return _ring(settings.LIANDONG_DATA_KEYS)[0]


def ids() -> list[int]:
    """The numbers of all keys, that of the current one first."""
    first, ring = _ring(settings.LIANDONG_DATA_KEYS)
    return [first, *sorted(ring.keys() - {first})]


def encrypt(plain: bytes, purpose: str, key: int | None = None) -> bytes:
    """The cipher text under the current key, or that of a number, bound to ``purpose``."""
    current, ring = _ring(settings.LIANDONG_DATA_KEYS)
    number = current if key is None else key
    nonce = os.urandom(NONCE)
    return bytes([number]) + nonce + ring[number].encrypt(nonce, plain, purpose.encode())


def decrypt(sealed: bytes, purpose: str) -> bytes:
    """The plain text of what was encrypted for the same purpose; raises ``ValueError`` if it was changed."""
    number, nonce, text = sealed[0], sealed[1 : NONCE + 1], sealed[NONCE + 1 :]
    try:
        return _ring(settings.LIANDONG_DATA_KEYS)[1][number].decrypt(nonce, text, purpose.encode())
    except (InvalidTag, KeyError) as fault:
        raise ValueError(f"cannot be read with key {number}") from fault


def fingerprint(text: str, purpose: str) -> str:
    """The keyed hash of a whole text, under a key for its ``purpose`` alone: equal texts have it again, and without the
    key nobody finds a text by trying.
    """
    derived = HKDF(hashes.SHA256(), LENGTH, salt=None, info=purpose.encode())
    return hmac.new(
        derived.derive(settings.LIANDONG_HASH_KEY.encode()), text.encode(), hashlib.sha256
    ).hexdigest()


def keyed_hash(text: str) -> str:
    """The hash by which equal values are found without being readable.

    Width, case, spaces and invisible characters do not matter.
    """
    key = settings.LIANDONG_HASH_KEY.encode()
    plain = re.sub(r"\s", "", typed.folded(text)).upper()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()
