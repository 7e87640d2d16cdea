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
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from foundation.forms import typed

NONCE = 12


@lru_cache(maxsize=4)
def _ring(text: str) -> tuple[int, dict[int, AESGCM]]:
    """The number of the encrypting key, and all keys by number; raises ``ImproperlyConfigured``."""
    ring: dict[int, AESGCM] = {}
    first = None
    for part in filter(None, text.split(",")):
        number, _, key = part.strip().partition(":")
        raw = base64.b64decode(key)
        if len(raw) != 32:
            raise ImproperlyConfigured("LIANDONG_DATA_KEYS: a key must have 32 bytes.")
        ring[int(number)] = AESGCM(raw)
        first = int(number) if first is None else first
    if first is None:
        raise ImproperlyConfigured("LIANDONG_DATA_KEYS is not set.")
    return first, ring


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


def keyed_hash(text: str) -> str:
    """The hash by which equal values are found without being readable.

    Width, case, spaces and invisible characters do not matter.
    """
    key = settings.LIANDONG_HASH_KEY.encode()
    plain = re.sub(r"\s", "", typed.folded(text)).upper()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()
