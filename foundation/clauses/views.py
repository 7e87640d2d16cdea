"""Public pages of the city's opinion: the whole text, and one part of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from foundation.clauses.opinion import Part, opinion
from foundation.permissions import ANYONE, access
from foundation.rules import reading
from foundation.rules.reading import Rule
from foundation.rules.views import SETTING, TITLE
from foundation.ui.tables import table
from foundation.ui.views import Page


class ShowOpinion(Page):
    """The opinion in reading order; each part has a page of its own."""

    access = access(GET=ANYONE)
    template = "foundation/clauses/opinion.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render({"opinion": opinion()})


class ShowClause(Page):
    """One part of the opinion, and the rules that are based on it."""

    access = access(GET=ANYONE)
    template = "foundation/clauses/clause.html"

    def get(self, request: HttpRequest, place: str) -> HttpResponse:
        found = opinion().within(place)
        if not found:
            raise Http404
        *above, part = found
        rules = self._rules_of(part)
        return self.render(
            {
                "opinion": opinion(),
                "above": above,
                "part": part,
                "below": opinion().below(part),
                "rules": rules and table((TITLE, SETTING), rules),
            }
        )

    def _rules_of(self, part: Part) -> list[Rule]:
        """The rules based on a part: deadlines for everybody, others only for oversight."""
        oversees = self.may_open("rules")
        return [
            rule
            for rule in reading.everything()
            if rule.basis in part.clauses and (oversees or rule.key.startswith("deadline."))
        ]
