"""The cryptography of sealed bids: nobody can read a bid until enough key holders act together.

The key of a purchase is generated when it is published, split among the holders by Shamir's scheme (any k
of n shares restore it) and not stored. Each share is encrypted with its holder's own key, which is derived
from a passphrase that is not stored either. So neither the database nor whoever operates it can open a bid.
Encryption is HPKE (RFC 9180), by ``cryptography``; the splitting is PyCryptodome's; see
docs/decisions/sealed-bids.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from Crypto.Protocol.SecretSharing import Shamir
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey as PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey as PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: The HPKE suite of bids and shares.
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


#: What is encrypted, bound into the ciphertext: one never opens as the other.
BID, SHARE = b"liandong bid", b"liandong share"


#: The size of the secret that is split, as PyCryptodome's implementation of Shamir's scheme requires.
SECRET_BYTES = 16


KEY_BYTES = 32


SALT_BYTES = 16


#: The cost of one try of a passphrase (Argon2id): 64 MiB, two passes.
MEMORY_KIB, PASSES = 64 * 1024, 2


class Passphrase:
    """A holder's passphrase. Its text form shows nothing, so that journals and logs do not either."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._keys: dict[bytes, PrivateKey] = {}

    def __str__(self) -> str:
        return "…"

    __repr__ = __str__

    def key(self, salt: bytes) -> PrivateKey:
        """The holder's own key, by Argon2id; cached by salt, since the derivation is slow on purpose."""
        if salt not in self._keys:
            slow = Argon2id(salt=salt, length=KEY_BYTES, iterations=PASSES, lanes=1, memory_cost=MEMORY_KIB)
            self._keys[salt] = PrivateKey.from_private_bytes(slow.derive(self._text.encode()))
        return self._keys[salt]


class Unopened(Exception):
    """The content, the share or the key does not match."""


def new_salt() -> bytes:
    """A random salt for one holder."""
    return secrets.token_bytes(SALT_BYTES)


def public_of(key: PrivateKey) -> bytes:
    """The public half of a key."""
    return key.public_key().public_bytes_raw()


def split(needed: int, holders: Sequence[bytes]) -> tuple[bytes, list[bytes]]:
    """Generate a key and split it: returns its public half and an encrypted share for each holder.

    ``holders`` are the holders' public keys; any ``needed`` shares restore the key. A share has its number
    (1 to n) in its first byte.
    """
    secret = secrets.token_bytes(SECRET_BYTES)
    shares = Shamir.split(needed, len(holders), secret)
    closed = [
        _close(bytes([number]) + share, holder, SHARE)
        for holder, (number, share) in zip(holders, shares, strict=True)
    ]
    return public_of(_private(secret)), closed


def open_share(closed: bytes, key: PrivateKey) -> bytes:
    """A holder's share, decrypted; raises ``Unopened`` for the wrong passphrase."""
    return _open(closed, key, SHARE)


def joined(shares: Sequence[bytes], public: bytes) -> PrivateKey:
    """The key restored from shares; raises ``Unopened`` when they are too few or wrong."""
    try:
        secret = Shamir.combine([(share[0], share[1:]) for share in shares])
    except ValueError as fault:
        raise Unopened from fault
    key = _private(secret)
    if public_of(key) != public:
        raise Unopened
    return key


def close(content: bytes, public: bytes) -> bytes:
    """Encrypt the content of a bid."""
    return _close(content, public, BID)


def read(box: bytes, key: PrivateKey) -> bytes:
    """Decrypt the content of a bid; raises ``Unopened`` if it was changed."""
    return _open(box, key, BID)


def _close(content: bytes, public: bytes, what: bytes) -> bytes:
    """Encrypt for the holder of a public key, bound to ``what``."""
    return SUITE.encrypt(content, PublicKey.from_public_bytes(public), what)


def _open(box: bytes, key: PrivateKey, what: bytes) -> bytes:
    """Decrypt; raises ``Unopened`` for a wrong key or changed content."""
    try:
        return SUITE.decrypt(box, key, what)
    except InvalidTag as fault:
        raise Unopened from fault


def _private(secret: bytes) -> PrivateKey:
    """The private key derived from the secret that is split."""
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"liandong bids").derive(secret)
    return PrivateKey.from_private_bytes(derived)
