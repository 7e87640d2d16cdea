"""The page of red flags, for those who oversee public money."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.permissions import access
from foundation.roles import SEES_MONEY
from foundation.rules import reading
from foundation.ui.views import Page
from procurement.oversight import red_flags
from procurement.oversight.evidence import CODES, Flag


class RedFlags(Page):
    """Every flag by its code, with the rule in words and the facts behind it."""

    access = access(GET=SEES_MONEY)
    template = "procurement/oversight/red_flags.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        by_code: dict[str, list[Flag]] = {code: [] for code in CODES}
        for flag in red_flags.found():
            by_code[flag.code].append(flag)
        rules = reading.several(*(f"red_flag.{code}" for code in by_code))
        shown = [(code, rules[f"red_flag.{code}"], some) for code, some in by_code.items()]
        return self.render(
            {
                "groups": [row for row in shown if row[2]],
                "quiet": [rule for _code, rule, some in shown if not some],
                "count": sum(map(len, by_code.values())),
            }
        )
