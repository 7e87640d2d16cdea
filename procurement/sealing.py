"""The closed box: a bid that nobody can read until enough holders of the key are together.

The key of a purchase is thrown when it is published, split among the holders by Shamir's
scheme (any k of n make it whole) and forgotten. Each share is closed with its
holder's own key, which is made from a passphrase that is kept nowhere. So neither the database nor
whoever runs it can open a bid. The curves and boxes are libsodium's (PyNaCl), the
splitting is PyCryptodome's; see docs/decisions/sealed-bids.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from Crypto.Protocol.SecretSharing import Shamir
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id

#: The secret that is split: what Shamir's field of PyCryptodome holds.
SECRET_BYTES = 16


class Passphrase:
    """What a holder types. Its text form tells nothing, in journals and logs neither."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._keys: dict[bytes, PrivateKey] = {}

    def __str__(self) -> str:
        return "…"

    __repr__ = __str__

    def key(self, salt: bytes) -> PrivateKey:
        """The holder's own key, by Argon2id; made once for a salt, since it is slow on purpose."""
        if salt not in self._keys:
            made = argon2id.kdf(
                PrivateKey.SIZE,
                self._text.encode(),
                salt,
                opslimit=argon2id.OPSLIMIT_INTERACTIVE,
                memlimit=argon2id.MEMLIMIT_INTERACTIVE,
            )
            self._keys[salt] = PrivateKey(made)
        return self._keys[salt]


class Unopened(Exception):
    """The box, the share or the key does not fit."""


def new_salt() -> bytes:
    """A salt for one holder."""
    return secrets.token_bytes(argon2id.SALTBYTES)


def split(needed: int, holders: Sequence[bytes]) -> tuple[bytes, list[bytes]]:
    """Throw a key and split it: its public half, and a closed share for each holder.

    ``holders`` are the public keys; any ``needed`` of them open what is closed. A share
    carries its number (1 to n) in its first byte.
    """
    secret = secrets.token_bytes(SECRET_BYTES)
    shares = Shamir.split(needed, len(holders), secret)
    closed = [
        SealedBox(PublicKey(holder)).encrypt(bytes([number]) + share)
        for holder, (number, share) in zip(holders, shares, strict=True)
    ]
    return bytes(_private(secret).public_key), closed


def open_share(closed: bytes, key: PrivateKey) -> bytes:
    """A holder's share; raises ``Unopened`` for the wrong passphrase."""
    try:
        return SealedBox(key).decrypt(closed)
    except CryptoError as fault:
        raise Unopened from fault


def joined(shares: Sequence[bytes], public: bytes) -> PrivateKey:
    """The key made whole again; raises ``Unopened`` when the shares are too few or wrong."""
    try:
        secret = Shamir.combine([(each[0], each[1:]) for each in shares])
    except ValueError as fault:
        raise Unopened from fault
    key = _private(secret)
    if bytes(key.public_key) != public:
        raise Unopened
    return key


def close(content: bytes, public: bytes) -> bytes:
    """Close a box."""
    return SealedBox(PublicKey(public)).encrypt(content)


def read(box: bytes, key: PrivateKey) -> bytes:
    """Open a box; raises ``Unopened`` for one that was changed."""
    try:
        return SealedBox(key).decrypt(box)
    except CryptoError as fault:
        raise Unopened from fault


def _private(secret: bytes) -> PrivateKey:
    derived = HKDF(SHA256(), PrivateKey.SIZE, salt=None, info=b"liandong bids").derive(secret)
    return PrivateKey(derived)
