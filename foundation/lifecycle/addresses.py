"""What has its pages below which address, so that an address can be told in words."""

from __future__ import annotations

from foundation.lifecycle.table import Lifecycle
from foundation.wording import labelled

#: The lifecycle of what has its pages below a prefix.
BELOW: dict[str, Lifecycle] = {}

#: Where the addresses of programs begin, which are those of the pages otherwise.
PROGRAMS = "/api/v1"


def in_words(address: str) -> str:
    """What has its page at an address: a kind of objects, one of them, or an act; "" where no lifecycle says it."""
    path = address.partition("?")[0].removeprefix(PROGRAMS)
    prefix, *rest = path.strip("/").split("/")
    lifecycle = BELOW.get(prefix)
    if lifecycle is None:
        return ""
    row = lifecycle.find(rest[-1].replace("-", "_")) if rest else None
    which = "" if not rest or rest[0] == "new" or (row and len(rest) == 1) else rest[0]
    called = f"{lifecycle.title} {which}".strip()
    return labelled(called, row.label) if row else called
