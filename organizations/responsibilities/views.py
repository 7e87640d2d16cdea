"""Pages of responsibilities."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.clauses.quoting import linked
from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import SEES_DUTIES
from foundation.ui.chips import chip
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column
from foundation.ui.views import Page, find_visible
from foundation.wording import day
from organizations.responsibilities import offered
from organizations.responsibilities.models import Responsibility


def _linked_text(responsibility: Responsibility) -> SafeString:
    """What the body is responsible for, linked to the page of the responsibility."""
    return format_html('<a href="{}">{}</a>', responsibility.get_absolute_url(), responsibility.text)


def _for_several() -> SafeString:
    """What is said of a kind of need for which several bodies are responsible."""
    return format_html("<div>{}</div>", chip(_("几个部门，由联席会议定"), "soon", "users"))


class Responsibilities(ListPage):
    """The responsibilities of all bodies by kind of need, with those ended and those to come."""

    access = access(GET=SEES_DUTIES)
    template = "organizations/responsibilities/responsibilities.html"
    linked = False
    #: How many bodies are responsible for each kind of need.
    bodies: Counter[str]
    columns = (
        Column(gettext_lazy("需求类别"), lambda row: row.get_need_kind_display()),
        Column(gettext_lazy("责任部门"), "organization"),
        Column(gettext_lazy("职责"), _linked_text),
        Column(gettext_lazy("依据"), lambda row: linked(row.basis)),
        Column(gettext_lazy("自"), lambda row: day(row.valid_from)),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        known = list(Responsibility.objects.select_related("organization").order_by("-valid_from", "pk"))
        places = {kind: number for number, kind in enumerate(offered.offered())}
        known.sort(key=lambda row: places.get(row.need_kind, len(places)))
        today = moments.today()
        now = [row for row in known if row.valid_from <= today <= (row.valid_to or today)]
        routed = [row for row in now if row.need_kind]
        self.bodies = Counter(
            kind for kind, _body in {(row.need_kind, row.organization_id) for row in routed}
        )
        return self.show_all(
            routed,
            others=[row for row in now if not row.need_kind],
            ended=[row for row in known if row.valid_to and row.valid_to < today],
            coming=[row for row in known if row.valid_from > today],
        )

    def mark(self, row: Responsibility) -> SafeString | str:
        """Whether several bodies are responsible for the kind of need."""
        return _for_several() if self.bodies[row.need_kind] > 1 else ""


class ShowResponsibility(Page):
    """One responsibility and its timeline."""

    access = access(GET=SEES_DUTIES)
    template = "organizations/responsibilities/responsibility.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        responsibility = find_visible(Responsibility, self.actor, pk=pk)
        return self.render(
            {
                "object": responsibility,
                "standing": chip(*responsibility.standing),
                "transitions": responsibility.transitions_for(self.actor),
                "timeline": timeline.entries_of([responsibility]),
            }
        )
