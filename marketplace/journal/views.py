"""The page of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from foundation.clauses.quoting import quoted_and_linked
from foundation.forms.typed import folded
from foundation.journal import timeline
from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column
from foundation.ui.tabs import Tab
from foundation.wording import moment


def _two(above: str, below: str) -> SafeString:
    """Words with smaller ones below them."""
    return format_html('<div>{}<div class="text-muted text-small">{}</div></div>', above, below)


class Journal(ListPage):
    """The entries of the journal, for oversight; filtered by ``?kind=`` and ``?act=``."""

    access = access_to(Entry)
    template = "marketplace/journal/journal.html"
    linked = False

    @property
    def columns(self) -> Sequence[Column]:
        """The columns; reasons are shown as this reader may read them."""
        return (
            Column(_("时间"), lambda row: format_html('<span class="nowrap">{}</span>', moment(row.at))),
            Column(_("对象"), lambda row: _two(row.object_name, timeline.words_of(row)[0])),
            Column(_("动作"), lambda row: timeline.words_of(row)[1]),
            Column(
                _("办理人"),
                lambda row: _two(row.actor_shown or row.get_role_display(), row.organization_name),
            ),
            Column(_("理由"), lambda row: Truncator(timeline.reason_of(row, self.actor)).chars(60)),
            Column(_("依据"), lambda row: quoted_and_linked(row.basis)),
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        entries = Entry.objects.visible_to(self.actor)
        kind, act = (folded(request.GET.get(name, "")) for name in ("kind", "act"))
        if kind:
            entries = entries.filter(lifecycle=kind)
        if act:
            entries = entries.filter(move=act)
        return self.show_list(entries, kinds=self._kinds(kind, act))

    def table(self, rows: Iterable[Entry]) -> SafeString:
        entries = list(rows)
        timeline.read_behind(entries)
        return super().table(entries)

    def _kinds(self, kind: str, act: str) -> list[Tab]:
        """The tabs of the list: two acts, and every kind of object."""
        return [
            Tab("?", _("全部"), current=not kind and not act),
            Tab("?act=reveal", _("查看受保护信息"), current=act == "reveal"),
            Tab("?act=overdue", _("逾期登记"), current=act == "overdue"),
            *(
                Tab(f"?kind={label}", lifecycle.title, current=kind == label)
                for label, lifecycle in LIFECYCLES.items()
            ),
        ]
