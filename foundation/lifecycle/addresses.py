"""What has its pages below which address, so that an address can be told in words."""

from __future__ import annotations

from django.urls import Resolver404, resolve

from foundation.lifecycle.table import Lifecycle
from foundation.refusals import Words
from foundation.wording import labelled

#: The lifecycle of what has its pages below a prefix.
BELOW: dict[str, Lifecycle] = {}

#: The titles of pages, by the names of their addresses.
PAGES: dict[str, Words] = {}

#: Where the addresses of programs begin, which are those of the pages otherwise.
PROGRAMS = "/api/v1"


def in_words(address: str) -> str:
    """What has its page at an address: a list or a page by its title, a kind of objects, one of them, or an act; "" where
    nothing says it.
    """
    path = address.partition("?")[0].removeprefix(PROGRAMS)
    if title := _title_of(path):
        return title
    prefix, *rest = path.strip("/").split("/")
    lifecycle = BELOW.get(prefix)
    if lifecycle is None:
        return ""
    row = lifecycle.find(rest[-1].replace("-", "_")) if rest else None
    which = "" if not rest or rest[0] == "new" or (row and len(rest) == 1) else rest[0]
    called = f"{lifecycle.title} {which}".strip()
    return labelled(called, row.label) if row else called


def _title_of(path: str) -> str:
    """The title of the page at a path, with what the path names; "" for one that has none."""
    try:
        found = resolve(f"{path.rstrip('/')}/")
    except Resolver404:
        return ""
    title = PAGES.get(found.url_name or "")
    if title is None:
        return ""
    return " ".join([str(title), *map(str, found.kwargs.values())])
