"""The pages of red flags, for those who oversee public money."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.permissions import access_to
from foundation.rules import reading
from foundation.ui.pagination import in_order, paginate
from foundation.ui.tables import narrowed
from foundation.ui.views import Page, find_visible, visible
from procurement.oversight import telling
from procurement.oversight.evidence import CODES
from procurement.oversight.models import FlagCount, RedFlag


class RedFlags(Page):
    """The flags of the last count, newest first, each with its rule in words and the facts behind it."""

    access = access_to(RedFlag)
    template = "procurement/oversight/red_flags.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rules = reading.several(*(f"red_flag.{code}" for code in CODES))
        raised = _raised()
        choices = [(code, rules[f"red_flag.{code}"].title) for code in CODES if code in raised]
        found, filters = narrowed(visible(RedFlag, self.actor), request, code=choices)
        page = paginate(found.with_facts(), request)
        return self.render(
            {
                "page": page,
                "flags": [telling.told(flag) for flag in page],
                "filters": filters if len(choices) > 1 else "",
                "quiet": [rules[f"red_flag.{code}"] for code in CODES if code not in raised],
                "counted": FlagCount.objects.first(),
            }
        )


def _raised() -> set[str]:
    """The codes of which there are flags: one of each is looked for, so none is counted."""
    first, *others = (
        RedFlag.objects.filter(code=code).order_by().values_list("code", flat=True)[:1] for code in CODES
    )
    return set(first.union(*others, all=True))


class ShowRedFlag(Page):
    """One flag, with its rule and all its facts page by page."""

    access = access_to(RedFlag)
    template = "procurement/oversight/red_flag.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        flag = find_visible(RedFlag, self.actor, pk=pk)
        facts = in_order(flag.facts.with_their_objects(), request)
        evidence = [telling.evidence(fact) for fact in facts]
        return self.render({"flag": telling.told(flag), "page": facts, "evidence": evidence})
