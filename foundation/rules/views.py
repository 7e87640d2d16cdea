"""Pages of rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clauses.quoting import quoted_and_linked
from foundation.forms import typed
from foundation.journal import timeline
from foundation.lifecycle.phases import ASKED, SERVING
from foundation.models import RuleVersion
from foundation.permissions import access_to
from foundation.rules import effects, reading
from foundation.rules.reading import Rule
from foundation.rules.states import RuleStatus
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, filters
from foundation.ui.views import Page, find_visible

#: The columns of rules wherever they are listed.
TITLE = Column(gettext_lazy("规则"), "title")
SETTING = Column(gettext_lazy("现行参数"), lambda rule: rule.said())


def _revision(rule: Rule) -> str:
    """How often the rule has been changed."""
    return _("第 %(n)s 次修订") % {"n": rule.version} if rule.version else _("初始")


def _change(rule: Rule) -> SafeString:
    """The link to propose a change of the rule."""
    address = reverse("rule-new-propose")
    return format_html('<a href="{}?rule={}">{}</a>', address, rule.key, _("修改"))


def _speaks_of(rule: Rule, asked: str) -> bool:
    """Whether the title of a rule, its value in words, its basis or its key holds what is looked for."""
    return any(
        typed.compared(asked) in typed.compared(str(text))
        for text in (rule.title, rule.said(), rule.basis, rule.key)
    )


class Rules(ListPage):
    """Every rule that the city may set, with the value in force."""

    access = access_to(RuleVersion)
    template = "foundation/rules/rules.html"
    linked = False

    @property
    def columns(self) -> Sequence[Column]:
        """Civil affairs also gets a link to change each rule."""
        changes = self.may_open("rule-new-propose")
        return (
            TITLE,
            Column(gettext_lazy("依据"), lambda rule: quoted_and_linked(rule.basis)),
            replace(SETTING, kind="text-small"),
            Column(gettext_lazy("版本"), _revision, "nowrap"),
            Column(gettext_lazy("操作"), _change if changes else lambda rule: "", "nowrap", on_phone=""),
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        asked, part = typed.folded(request.GET.get("q", ""))[:40], request.GET.get("part", "")
        rules = reading.everything()
        parts = {rule.part: apps.get_app_config(rule.part).verbose_name for rule in rules}
        found = [
            rule for rule in rules if (part not in parts or rule.part == part) and _speaks_of(rule, asked)
        ]
        waiting = RuleVersion.objects.visible_to(self.actor).filter(status__in=RuleStatus.in_phase(ASKED))
        links = filters(parts.items(), part if part in parts else "", "part", {"q": asked} if asked else {})
        return self.show_in_order(found, waiting=waiting, asked=asked, part=part, filters=links)


class ShowRule(Page):
    """One version of a rule: what was or is before it, what it changes, and who proposed and decided it when."""

    access = access_to(RuleVersion)
    template = "foundation/rules/rule.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = find_visible(RuleVersion, self.actor, pk=pk)
        rule = reading.current(version.key)
        return self.render(
            {
                "object": version,
                "current": rule,
                "now": rule.said(),
                "asked": version.status in RuleStatus.in_phase(ASKED),
                "in_force": version.status in RuleStatus.in_phase(SERVING),
                "effect": effects.effect_of_version(version),
                "transitions": version.transitions_for(self.actor),
                "timeline": timeline.entries_of([version], to=self.actor),
                "back": reverse("rules"),
            }
        )
