"""The page of the inbox."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.clauses.quoting import linked, parted
from foundation.inbox.models import Notice
from foundation.permissions import SIGNED_IN, access
from foundation.ui.chips import chip
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column
from foundation.wording import moment
from foundation.work_items.models import WorkItem


class Inbox(ListPage):
    """Notices to the actor's role and place, newest first; a POST marks all as read."""

    access = access(GET=SIGNED_IN, POST=SIGNED_IN)
    template = "foundation/inbox/inbox.html"
    columns = (
        Column(gettext_lazy("消息"), lambda row: parted(row.text)[0]),
        Column(
            gettext_lazy("时间"), lambda row: format_html('<span class="nowrap">{}</span>', moment(row.at))
        ),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        waits = WorkItem.objects.to_do(self.actor).filter(
            lifecycle=OuterRef("lifecycle"), object_id=OuterRef("object_id")
        )
        return self.show_list(Notice.objects.visible_to(self.actor).annotate(waits=Exists(waits)))

    def address_of(self, row: Notice) -> str:
        """The address of what the notice is about."""
        return row.link

    def mark(self, row: Any) -> Any:
        """The clause behind it, a chip on unread notices, and one where the step still waits for the reader."""
        new = "" if row.read_at else chip(_("未读"), "soon", "circle-dot")
        waits = chip(_("待您办理"), "soon", "list-checks") if row.waits else ""
        clause = linked(parted(row.text)[1])
        return format_html('<span class="text-small">{}</span> {} {}', clause, new, waits)

    def post(self, request: HttpRequest) -> HttpResponse:
        Notice.objects.visible_to(self.actor).filter(read_at=None).update(read_at=moments.now())
        return redirect("inbox")
