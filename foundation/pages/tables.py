"""The table of a list: one look for all of them, and cheap for fifty rows.

A list is opened hundreds of times a day; drawn cell by cell in a template it would cost
more than the database needs to find its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Rows = TypeVar("Rows", bound=models.QuerySet[Any])
_NONE: Mapping[str, str] = MappingProxyType({})


class Line(NamedTuple):
    """A row: its object's address (or none) and name, the other cells, a mark at the name."""

    address: str
    name: Any
    cells: tuple[Any, ...]
    mark: Any = ""


def table(labels: Sequence[Any], lines: Iterable[Line], *, sums: Sequence[int] = ()) -> SafeString:
    """A table whose rows fold into cards on a phone, where each cell carries its label.

    The first label is that of the names; the others are those of the cells, ``sums`` the
    places of labels whose cells hold money. Whatever is no safe string is escaped.
    """
    heads = [(_shown(each), ' class="money"' if place in sums else "") for place, each in enumerate(labels)]
    # A label's own braces are none of the shape's.
    named = [(each.replace("{", "{{").replace("}", "}}"), kind) for each, kind in heads[1:]]
    shape = (
        '<tr><td class="lead-cell">{} {}</td>'
        + "".join(f'<td{kind} data-label="{each}">{{}}</td>' for each, kind in named)
        + "</tr>"
    )
    drawn = (shape.format(_lead(line), *map(_shown, (line.mark, *line.cells))) for line in lines)
    return SafeString(
        '<div class="table-sheet fold"><table><thead><tr>'
        + "".join(f"<th{kind}>{each}</th>" for each, kind in heads)
        + "</tr></thead><tbody>"
        + "".join(drawn)
        + "</tbody></table></div>"
    )


def narrowed(
    found: Rows, request: HttpRequest, **choices: Iterable[tuple[str, Any]]
) -> tuple[Rows, SafeString]:
    """The rows that the address asks for (``?status=``), and the links by which others are asked for.

    ``choices`` gives the values of each field by which the list is narrowed; a link keeps what is
    chosen of the other fields, and a value that is no choice narrows nothing.
    """
    offered = {name: list(values) for name, values in choices.items()}
    asked = {name: request.GET.get(name, "") for name in offered}
    chosen = {name: value for name, value in asked.items() if value and value in dict(offered[name])}
    links = (filters(values, chosen.get(name, ""), name, chosen) for name, values in offered.items())
    return found.filter(**chosen), SafeString("".join(links))


def filters(
    choices: Iterable[tuple[str, Any]], chosen: str, name: str = "status", others: Mapping[str, str] = _NONE
) -> SafeString:
    """The values of a field by which a list is narrowed, all of them first.

    ``others`` is what is chosen of other fields, which stays.
    """
    kept = {other: value for other, value in others.items() if other != name}
    drawn = []
    for value, words in (("", _("全部")), *choices):
        address = "?" + urlencode(kept | ({name: value} if value else {}))
        current = ' aria-current="true"' if value == chosen else ""
        drawn.append(f'<a href="{_shown(address)}"{current}>{_shown(words)}</a>')
    return SafeString(f'<div class="filters">{"".join(drawn)}</div>')


def _lead(line: Line) -> str:
    name = _shown(line.name)
    return f'<a href="{_shown(line.address)}">{name}</a>' if line.address else name


def _shown(value: Any) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))
