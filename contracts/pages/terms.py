"""Pages about the text of contracts and about deductions."""

from __future__ import annotations

from difflib import SequenceMatcher

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from contracts import text
from contracts.models import Penalty, Template
from contracts.pages.money import MONEY
from contracts.pages.views import PARTIES
from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible
from foundation.pages.lists import ListPage
from foundation.pages.tables import Column, state_of
from foundation.roles import Role
from foundation.wording import day


class ShowPenalty(Page):
    """A deduction: which rule, what happened, what the provider says."""

    access = access(GET=PARTIES)
    template = "contracts/penalty.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        penalty = find_visible(Penalty, self.actor, pk=pk)
        return self.show(
            {"object": penalty, "moves": penalty.moves_for(self.actor), "timeline": timeline.told([penalty])}
        )


class Templates(ListPage):
    """Every version of the text from which contracts are made."""

    access = access(GET=MONEY)
    template = "contracts/templates.html"
    columns = (
        Column(gettext_lazy("合同范本"), str),
        Column(gettext_lazy("修改说明"), "note"),
        Column(gettext_lazy("起草"), lambda row: day(row.created_at)),
        state_of(Template),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Template.objects.visible_to(self.actor)
        return self.show_list(found, may_draft=self.actor.role == Role.CIVIL_AFFAIRS)


class ShowTemplate(Page):
    """One version, with what changed against the one before."""

    access = access(GET=MONEY)
    template = "contracts/template.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Template, self.actor, pk=pk)
        before = Template.objects.filter(version__lt=found.version).first()
        return self.show(
            {
                "object": found,
                "before": before,
                "lines": _differences(before.body if before else text.shipped(), found.body),
                "moves": found.moves_for(self.actor),
                "timeline": timeline.told([found]),
            }
        )


def _differences(old: str, new: str) -> list[tuple[str, str]]:
    """Each line with its mark: "same", "gone" or "new"."""
    before, after = old.splitlines(), new.splitlines()
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [("same", each) for each in after[c:d]]
        else:
            found += [("gone", each) for each in before[a:b]]
            found += [("new", each) for each in after[c:d]]
    return found
