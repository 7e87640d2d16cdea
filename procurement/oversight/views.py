"""The page of red flags, for those who oversee public money."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.permissions import access
from foundation.roles import SEES_MONEY
from foundation.rules import reading
from foundation.ui.pagination import in_order
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
        shown = [
            (code, rules[f"red_flag.{code}"], in_order(some, request, f"{code}_from"))
            for code, some in by_code.items()
        ]
        return self.render(
            {
                "groups": [row for row in shown if by_code[row[0]]],
                "quiet": [rule for code, rule, _some in shown if not by_code[code]],
                "count": sum(map(len, by_code.values())),
            }
        )
