"""Identifiers of the directory: UUIDs that are made from our own keys, and read back.

HSDS wants a UUID for everything, down to a telephone number. A stored column for each
would say nothing new, so an identifier is a UUID of version 8 (RFC 9562): the first half
names the kind, the second holds our key. It stays as long as the key does.
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
    """The upper 64 bits of a kind: 48 of its hash, the version, 12 more."""
    digest = int.from_bytes(hashlib.sha256(f"liandong {kind}".encode()).digest()[:8])
    return (digest & ~0xF000) | 0x8000


def make(kind: str, number: int) -> str:
    """The identifier of the thing of a kind with our key ``number`` (below 2^62)."""
    return str(UUID(int=(_prefix(kind) << 64) | (0b10 << 62) | number))


def read(kind: str, text: str) -> int | None:
    """Our key in an identifier of that kind; None where it is none."""
    try:
        value = UUID(text).int
    except ValueError:
        return None
    if value >> 64 != _prefix(kind) or (value >> 62) & 0b11 != 0b10:
        return None
    return value & ((1 << 62) - 1)


def part(kind: str, number: int, index: int) -> str:
    """The identifier of the ``index``-th part of that kind of the thing ``number``."""
    return make(kind, (number << 12) | index)


def of_code(code: str) -> str:
    """The identifier of a code of the catalog, of any level; the same in every edition."""
    found = _CODE.fullmatch(code)
    if found is None:
        raise ValueError(code)
    letter, below, item = found.groups()
    number = (ord(letter) - 64) * 1_000_000
    number += (int(below) + 1) * 1_000 if below else 0
    return make("code", number + (int(item) + 1 if item else 0))


def code_in(text: str) -> str | None:
    """The code that an identifier stands for."""
    number = read("code", text)
    if number is None or not 1_000_000 <= number < 27_000_000:
        return None
    letter, rest = divmod(number, 1_000_000)
    below, item = divmod(rest, 1_000)
    code = chr(letter + 64) + (f"{below - 1:02d}" if below else "")
    return f"{code}.{item - 1:02d}" if item else code


def of_group(group: str) -> str:
    """The identifier of a target group, whatever its place in the list."""
    return make("people", int.from_bytes(hashlib.sha256(group.encode()).digest()[:7]))


@cache
def groups() -> dict[str, str]:
    """Target groups by their identifier."""
    return {of_group(value): value for value in TargetGroup.values}
