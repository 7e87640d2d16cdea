"""The addresses that an answer leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from django.conf import settings

from benchmarks.sweep.addresses import Values, route_of

#: An address of ours within quotes, in a page or in JSON.
LINK = re.compile(
    rf'"(?:{re.escape(settings.PUBLIC_ADDRESS)}|http://127\.0\.0\.1)?(/[^"\s\\<>]*|\?[^"\s\\<>]+)"'
)
#: What a list in JSON says of each of its rows; their pages lie below the list.
ROW = re.compile(r'"id": ?"?([\w-]+)')
#: Names in a query that lead nowhere else.
ASIDE = ("next=", "draft=")


def links(text: str, path: str) -> Iterator[tuple[str, Values, str]]:
    """The route, its values and the path of each address in an answer of ``path``, once."""
    below = [f"{path.partition('?')[0]}/{key}" for key in ROW.findall(text)] if text[:1] in "{[" else []
    for link in dict.fromkeys([*LINK.findall(text), *below]):
        to = unescape(link).partition("#")[0]
        to = path.partition("?")[0] + to if to.startswith("?") else to
        if any(name in to for name in ASIDE):
            continue
        found = route_of(to.partition("?")[0])
        if found is not None:
            yield *found, to
