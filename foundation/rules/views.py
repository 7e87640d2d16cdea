"""Pages of rules."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from foundation.models import RuleVersion
from foundation.permissions import access
from foundation.roles import Role
from foundation.rules import reading
from foundation.ui.views import Page, find_visible


class Rules(Page):
    """Every rule that the city may set, with the value in force."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "foundation/rules/rules.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rules = reading.everything()
        waiting = RuleVersion.objects.visible_to(self.actor).filter(status="proposed")
        return self.render({"rules": rules, "waiting": waiting})


class ShowRule(Page):
    """One version of a rule beside the one in force."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "foundation/rules/rule.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = find_visible(RuleVersion, self.actor, pk=pk)
        rule = reading.current(version.key)
        return self.render(
            {
                "object": version,
                "current": rule,
                "now": rule.said(),
                "then": rule.said(version.value),
                "transitions": version.transitions_for(self.actor),
                "back": reverse("rules"),
            }
        )
