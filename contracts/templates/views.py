"""Pages about contract templates."""

from __future__ import annotations

from difflib import SequenceMatcher

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from contracts.templates import text
from contracts.templates.models import Template
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible
from foundation.wording import day


class Templates(ListPage):
    """Every version of the contract template."""

    access = access_to(Template)
    template = "contracts/templates/templates.html"
    columns = (
        Column(gettext_lazy("合同范本"), str),
        Column(gettext_lazy("修改说明"), "note"),
        Column(gettext_lazy("起草"), lambda row: day(row.created_at)),
        state_of(Template),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Template.objects.visible_to(self.actor)
        return self.show_list(found)


class ShowTemplate(Page):
    """One version, compared with the one before."""

    access = access_to(Template)
    template = "contracts/templates/template.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Template, self.actor, pk=pk)
        before = Template.objects.filter(version__lt=found.version).first()
        return self.render(
            {
                "object": found,
                "before": before,
                "lines": _differences(before.body if before else text.shipped(), found.body),
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )


def _differences(old: str, new: str) -> list[tuple[str, str]]:
    """Each line with its mark: ``same``, ``gone`` or ``new``."""
    before, after = old.splitlines(), new.splitlines()
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [("same", line) for line in after[c:d]]
        else:
            found += [("gone", line) for line in before[a:b]]
            found += [("new", line) for line in after[c:d]]
    return found
