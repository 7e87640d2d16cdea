"""The table of a list.

It is built as text: lists are opened often, and drawing fifty rows cell by cell in a template
takes longer than finding them in the database.
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
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.refusals import Words
from foundation.ui.chips import chip_of

Rows = TypeVar("Rows", bound=QuerySet[Any])


_NONE: Mapping[str, str] = MappingProxyType({})


#: What stands around a table, by whether it is stacked on a phone and whether it is plain.
_SHEETS: Mapping[tuple[bool, bool], str] = MappingProxyType(
    {
        (True, False): '<div class="table-sheet stack-on-phone">',
        (True, True): '<div class="table-sheet plain-table stack-on-phone">',
        (False, False): '<div class="table-sheet">',
        (False, True): '<div class="table-sheet plain-table">',
    }
)


@dataclass(frozen=True)
class Column:
    """One column of a list: its heading, its cells and their labels on a phone.

    ``cell`` gives what a row shows in it: the name of an attribute, or a function of the row. ``kind``
    is the CSS class of its cells; "money" is one of its heading, too. ``on_phone`` is the label of its
    cells on a phone where that is not the heading; "" for none.
    """

    label: Words
    cell: str | Callable[[Any], Any]
    kind: str = ""
    on_phone: Words | None = None

    @property
    def reader(self) -> Callable[[Any], Any]:
        """The function that gives what a row shows."""
        return attrgetter(self.cell) if isinstance(self.cell, str) else self.cell


def state_of(model: type[Model]) -> Column:
    """The column of a model's states, as chips."""
    return Column(gettext_lazy("状态"), lambda row: chip_of(model, row.status))


def under(words: Words) -> SafeString:
    """Small text beneath the name of a row."""
    return format_html('<div class="text-muted text-small">{}</div>', words)


def named(name: Words, words: Words) -> SafeString:
    """The name of a row, and small text beneath it."""
    return format_html("<span>{}{}</span>", name, under(words))


def lines_of(lines: Iterable[Words]) -> SafeString:
    """Several lines of one cell, in one block: on a phone they stand below one another beside the label."""
    return format_html("<div>{}</div>", format_html_join("", "<div>{}</div>", ((line,) for line in lines)))


def or_dash(value: Any) -> Any:
    """The value; a dash where there is none."""
    return "—" if value is None or value == "" else value


def drawn(
    template: str, name: str, request: HttpRequest | None = None, **shown: Any
) -> Callable[[Any], SafeString]:
    """Cells drawn by a template, which knows the row by that name; a form in it needs the ``request``.

    ``shown`` is further context. It is for cells with forms or buttons, as it takes longer than a function.
    """
    shown |= csrf(request) if request is not None else {}
    return lambda row: SafeString(render_to_string(template, {name: row, **shown}))


def table(
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    address: Callable[[Any], str] | None = None,
    mark: Callable[[Any], Any] | None = None,
    names: int | None = 0,
    stacked: bool = True,
    plain: bool = False,
) -> SafeString:
    """A table whose rows become cards on a phone, where each cell shows its label.

    The column ``names`` (by default the first; None for none of them) names the row; ``address`` gives
    its page, ``mark`` what is shown beside the name. One that is not ``stacked`` stays a table on a
    phone; a ``plain`` one stands in a card and has no frame. Everything but a safe string is escaped.
    """
    naming = names if stacked else None
    heads = "".join(
        f"<th{_class('money' if column.kind == 'money' else '')}>{_html(column.label)}</th>"
        for column in columns
    )
    pattern = "".join(
        '<td class="title-cell">{}</td>' if number == naming else _cell(column, stacked)
        for number, column in enumerate(columns)
    )
    readers = [column.reader for column in columns]
    lines = []
    for row in rows:
        cells = [_html(reader(row)) for reader in readers]
        if naming is not None:
            name = _linked(cells[naming], address(row) if address else "")
            cells[naming] = _marked(name, mark(row) if mark else "")
        lines.append(f"<tr>{pattern.format(*cells)}</tr>")
    return SafeString(
        f"{_SHEETS[stacked, plain]}<table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def narrowed(
    found: Rows, request: HttpRequest, **choices: Iterable[tuple[str, Any]]
) -> tuple[Rows, SafeString]:
    """The rows that the address asks for (``?status=``), and the links of the other filters.

    ``choices`` gives the values of each field by which the list can be filtered. A link keeps the
    filters of other fields; a value that is no choice filters nothing.
    """
    offered = {name: list(values) for name, values in choices.items()}
    asked = {name: request.GET.get(name, "") for name in offered}
    chosen = {name: value for name, value in asked.items() if value and value in dict(offered[name])}
    links = (filters(values, chosen.get(name, ""), name, chosen) for name, values in offered.items())
    return found.filter(**chosen), SafeString("".join(links))


def filters(
    choices: Iterable[tuple[str, Any]], chosen: str, name: str = "status", others: Mapping[str, str] = _NONE
) -> SafeString:
    """Links for the values of a field, after one for all of them.

    ``others`` are the values of other fields, which the links keep.
    """
    kept = {other: value for other, value in others.items() if other != name}
    links = []
    for value, words in (("", _("全部")), *choices):
        address = "?" + urlencode(kept | ({name: value} if value else {}))
        current = ' aria-current="true"' if value == chosen else ""
        links.append(f'<a href="{_html(address)}"{current}>{_html(words)}</a>')
    return SafeString(f'<div class="filters">{"".join(links)}</div>')


def _cell(column: Column, stacked: bool) -> str:
    """The pattern of the cells of a column that does not name the row."""
    label = _html(column.label if column.on_phone is None else column.on_phone) if stacked else ""
    # Braces in a label are no placeholders of the row's pattern.
    label = label.replace("{", "{{").replace("}", "}}")
    labelled = f' data-label="{label}"' if label else ""
    return f"<td{_class(column.kind)}{labelled}>{{}}</td>"


def _linked(name: str, address: str) -> str:
    """The name of a row in HTML, as a link if it has an address."""
    return f'<a href="{_html(address)}">{name}</a>' if address else name


def _marked(name: str, mark: Any) -> str:
    """The name of a row in HTML, with what is shown beside it if there is something."""
    return f"{name} {_html(mark)}" if mark else name


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _html(value: Any) -> str:
    """The value as HTML, escaped unless it is a safe string."""
    return value if isinstance(value, SafeString) else escape(str(value))
