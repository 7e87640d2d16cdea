"""Identifiers of the directory: UUIDs made from our own keys, and read back.

HSDS wants a UUID for every object, down to a telephone number. Instead of stored columns an identifier is a
UUID of version 8 (RFC 9562): its first half names the kind of object, the second holds our key. It is
stable as long as the key is.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from uuid import UUID

from catalog.items.kinds import TargetGroup

_CODE = re.compile(r"([A-Z])(?:(\d{2})(?:\.(\d{2}))?)?")


@cache
def _prefix(kind: str) -> int:
    """The upper 64 bits of a kind: 48 bits of its hash, the version, 12 more bits."""
    digest = int.from_bytes(hashlib.sha256(f"liandong {kind}".encode()).digest()[:8])
    return (digest & ~0xF000) | 0x8000


def make(kind: str, number: int) -> str:
    """The identifier of an object by its kind and our key ``number`` (below 2^62)."""
    return str(UUID(int=(_prefix(kind) << 64) | (0b10 << 62) | number))


def read(kind: str, text: str) -> int | None:
    """Our key in an identifier of that kind; ``None`` for any other text."""
    try:
        value = UUID(text).int
    except ValueError:
        return None
    if value >> 64 != _prefix(kind) or (value >> 62) & 0b11 != 0b10:
        return None
    return value & ((1 << 62) - 1)


def part(kind: str, number: int, index: int) -> str:
    """The identifier of the ``index``-th part (below 4096) of that kind of the object ``number``."""
    return make(kind, (number << 12) | index)


def of_code(code: str) -> str:
    """The identifier of a catalog code of any level; the same in every edition.

    Raises ``ValueError`` for a text that is no code.
    """
    found = _CODE.fullmatch(code)
    if found is None:
        raise ValueError(code)
    letter, below, item = found.groups()
    number = (ord(letter) - 64) * 1_000_000
    number += (int(below) + 1) * 1_000 if below else 0
    return make("code", number + (int(item) + 1 if item else 0))


def code_in(text: str) -> str | None:
    """The catalog code that an identifier stands for; ``None`` for any other."""
    number = read("code", text)
    if number is None or not 1_000_000 <= number < 27_000_000:
        return None
    letter, rest = divmod(number, 1_000_000)
    below, item = divmod(rest, 1_000)
    code = chr(letter + 64) + (f"{below - 1:02d}" if below else "")
    return f"{code}.{item - 1:02d}" if item else code


def of_group(group: str) -> str:
    """The identifier of a target group, independent of its place in the list."""
    return make("people", int.from_bytes(hashlib.sha256(group.encode()).digest()[:7]))


@cache
def groups() -> dict[str, str]:
    """Target groups by their identifiers."""
    return {of_group(value): value for value in TargetGroup.values}
