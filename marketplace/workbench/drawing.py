"""The lines of the workbench as HTML.

They are built as text, as the tables of lists are (``foundation.ui.tables``): the page is opened more often
than any other, and drawing seventy lines node by node took longer than all else on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.clauses.quoting import named_to, quoted, quoted_and_linked
from foundation.deadlines import wording
from foundation.roles import Actor
from foundation.templatetags.components import icon
from foundation.ui.chips import chip
from foundation.wording import day, labelled, until
from foundation.work_items.models import SHOWN_OF_A_CASE

if TYPE_CHECKING:
    from marketplace.workbench.waiting import Row

#: The highest number of further items of a case that is said: of those counted one is the row itself, and one shows
#: that there are more.
MOST_SAID = SHOWN_OF_A_CASE - 2


def lines(rows: Iterable[Row], *, token: str, reader: Actor) -> SafeString:
    """The lines of one part of the workbench, of which the first has the primary button.

    ``token`` is that of the forms in it. The clauses behind deadlines are named to whoever works here.
    """
    basis = named_to(reader)
    drawn = (_line(row, token, basis, " primary" if not number else "") for number, row in enumerate(rows))
    return SafeString("".join(drawn))


def _line(row: Row, token: str, basis: bool, kind: str) -> str:
    return (
        f'<div class="worklist-row"><div class="worklist-subject">{_subject(row)}</div>'
        f"<div>{_state(row)}</div><div>{_time(row, basis)}</div>"
        f'<div class="worklist-action">{_action(row, token, kind)}</div></div>'
    )


def _subject(row: Row) -> str:
    """What it is about."""
    said = f"{MOST_SAID}+" if row.others > MOST_SAID else row.others
    others = ngettext("同一事项另有 %(n)s 件", "同一事项另有 %(n)s 件", row.others) % {"n": said}
    return (
        f'<a href="{escape(row.shown.link)}">{escape(row.title)}</a>'
        f"{_under(escape(row.under))}{_under(others) if row.others else ''}"
    )


def _under(words: str) -> str:
    """Words of HTML in small print below others; nothing for none."""
    return f'<div class="text-muted text-small">{words}</div>' if words else ""


def _state(row: Row) -> str:
    """How it stands, and whether it is urgent."""
    urgent = chip(_("急难"), "late", "siren") + " " if row.item.urgent else ""
    return f"{urgent}{row.chip}"


def _time(row: Row, basis: bool) -> str:
    """The time that is left, or since when it waits."""
    item = row.item
    clause = _under(quoted_and_linked(item.basis)) if basis else ""
    if item.paused:
        return _hint(_("计时已暂停"), "circle-pause")
    if row.period_over:
        return _hint(_("期限已满"), "calendar-check") + clause
    if item.due_at is None:
        since = _("%(day)s起等待") % {"day": day(item.since)}
        # Its title says until when, where that is known; a household asks since when.
        if item.urgent or not basis:
            return _under(since)
        none = _("没有时限")
        return f'<span class="text-muted text-small">{none}</span>{_under(since)}'
    urgency = wording.urgency(item.due_at)
    mark = icon("circle-alert") if urgency == "late" else ""
    guessed = _("暂定")
    provisional = f' <span class="text-muted text-small">{guessed}</span>' if item.provisional else ""
    title = escape(f"{quoted(item.basis)} {until(item.due_at)}".strip())
    left = f'<span class="time-left {urgency}" title="{title}">{mark}{row.left}</span>'
    by = labelled(escape(str(row.due_by)), left) if row.due_by else left
    return f"{by}{provisional}{clause}"


@lru_cache(maxsize=100)
def _hint(words: str, mark: str) -> str:
    """Calm words with an icon."""
    shown = {"words": words, "tone": "calm", "icon": mark, "size": 16}
    return render_to_string("components/inline_hint.html", shown).strip()


def _action(row: Row, token: str, kind: str) -> str:
    """The button of the next step, or who is awaited and what is missing."""
    if row.step is None:
        kept = _("须由另一人办理：") if row.kept else ""
        return f"{_under(kept + escape(row.who)) if row.who else ''}{_under(escape(row.missing))}"
    address, words = escape(row.step.address), escape(str(row.step.label))
    if not row.at_once:
        return f'<a class="button{kind}" href="{address}">{words}</a>'
    return (
        f'<form method="post" action="{address}" hx-post="{address}" hx-target="#bench" hx-select="#bench"'
        ' hx-select-oob="#messages,#inbox-count,#waiting-count" hx-swap="outerHTML">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
        f'<input type="hidden" name="key" value="{row.key}">'
        f'<input type="hidden" name="next" value="{reverse("workbench")}">'
        f'<button class="button{kind}">{words}</button></form>'
    )
