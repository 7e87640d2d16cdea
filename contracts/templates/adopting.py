"""Actions on contract templates: drafted by one person, adopted by another; old versions stay."""

from __future__ import annotations

from django.db.models import Max

from contracts.templates import text
from contracts.templates.models import Template
from contracts.templates.states import TEMPLATE, TemplateStatus
from foundation.lifecycle.phases import SERVING
from foundation.roles import SYSTEM, Actor


def in_use() -> Template | None:
    """The version from which contracts are drafted now; ``None``: the shipped text."""
    return Template.objects.filter(status__in=TemplateStatus.in_phase(SERVING)).first()


@TEMPLATE.start("draft")
def draft(*, by: Actor, title: str, body: str, note: str = "") -> Template:
    """Draft the next version; raises ``Invalid`` for variables that are unknown, misplaced or missing."""
    text.check(body)
    last = Template.objects.aggregate(last=Max("version"))["last"] or 0
    return Template.objects.create(version=last + 1, title=title, body=body, note=note)


@TEMPLATE.transition("adopt")
def adopt(template: Template, *, by: Actor) -> None:
    """Put it in use; the version before is replaced, and stays with the contracts made from it."""
    earlier = in_use()
    if earlier is not None:
        replace(earlier, by=SYSTEM)


drop = TEMPLATE.act("drop", Template)


replace = TEMPLATE.act("replace", Template)
