"""The table of a list: one look for all of them, and cheap for fifty rows.

A list is opened hundreds of times a day; drawn cell by cell in a template it would cost
more than the database needs to find its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.refusals import Words
from foundation.ui.chips import chip_of

Rows = TypeVar("Rows", bound=QuerySet[Any])


_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Column:
    """One column of a list, declared once for its head, its cells and their labels on a phone.

    ``cell`` is what a row shows in it: the name of an attribute, or a function of the row.
    ``kind`` is the CSS class of its cells; "money" is one of its head, too.
    """

    label: Words
    cell: str | Callable[[Any], Any]
    kind: str = ""

    @property
    def reader(self) -> Callable[[Any], Any]:
        """What a row shows, as a function."""
        return attrgetter(self.cell) if isinstance(self.cell, str) else self.cell


def state_of(model: type[Model]) -> Column:
    """The column of a model's states, as chips."""
    return Column(gettext_lazy("状态"), lambda row: chip_of(model, row.status))


def under(words: Any) -> SafeString:
    """Words that stand small beneath the name of a row."""
    return format_html('<div class="text-muted text-small">{}</div>', words)


def table(
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    address: Callable[[Any], str] | None = None,
    mark: Callable[[Any], Any] | None = None,
) -> SafeString:
    """A table whose rows fold into cards on a phone, where each cell carries its label.

    The first column names the row; ``address`` is where its page is, ``mark`` what stands beside
    the name. Whatever is no safe string is escaped.
    """
    heads = [(_shown(column.label), column.kind) for column in columns]
    # A label's own braces are none of the shape's.
    labels = [label.replace("{", "{{").replace("}", "}}") for label, _kind in heads]
    shape = (
        '<tr><td class="title-cell">{} {}</td>'
        + "".join(
            f'<td{_class(column.kind)} data-label="{label}">{{}}</td>'
            for column, label in zip(columns[1:], labels[1:], strict=True)
        )
        + "</tr>"
    )
    name, *cells = (column.reader for column in columns)
    drawn = (
        shape.format(
            _named(name(row), address(row) if address else ""),
            _shown(mark(row)) if mark else "",
            *(_shown(cell(row)) for cell in cells),
        )
        for row in rows
    )
    return SafeString(
        '<div class="table-sheet stack-on-phone"><table><thead><tr>'
        + "".join(f"<th{_class(kind if kind == 'money' else '')}>{label}</th>" for label, kind in heads)
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


def _named(name: Any, address: str) -> str:
    shown = _shown(name)
    return f'<a href="{_shown(address)}">{shown}</a>' if address else shown


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _shown(value: Any) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))
