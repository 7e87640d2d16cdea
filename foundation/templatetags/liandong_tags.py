"""Template tags and filters of deadlines, states, transitions and disclosed texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.clauses.quoting import linked, quoted, quoted_and_linked, with_basis
from foundation.deadlines import wording
from foundation.deadlines.clocks import may_pause
from foundation.deadlines.models import Clock
from foundation.forms.base import called_in_full
from foundation.inbox.notices import in_words
from foundation.lifecycle.glance import before, facts_of
from foundation.lifecycle.rows import SEE_TO
from foundation.permissions import access_of, role_of
from foundation.personal_data.disclosing import Telling, remark, shown
from foundation.rules.reading import title_of
from foundation.ui.chips import state_chip
from foundation.wording import aside, between_names, day, figure, listed, moment, money, percent, until
from foundation.work_items import awaiting
from foundation.work_items.awaiting import Awaited

register = template.Library()


register.filter("day", day)


register.filter("moment", moment)


register.filter("money", money)


register.filter("until", until)


register.filter("figure", figure)


register.filter("percent", percent)


register.filter("listed", listed)


register.simple_tag(between_names)


register.filter("clause", quoted_and_linked)


register.filter("clause_in_words", quoted)


register.filter("with_clauses", linked)


register.filter("rule_title", title_of)


register.filter("called_in_full", called_in_full)


@register.filter
def based_on(words: str, basis: str) -> SafeString:
    """A sentence with the clause behind it in brackets and linked, where the city's document has it."""
    return linked(with_basis(words, basis))


@register.filter
def grounds(clock: Clock) -> SafeString:
    """The clause on which a deadline stands, where the city's document has it, and its rule in the version that counts."""
    revised = _("第 %(n)s 次修订") % {"n": clock.rule_version} if clock.rule_version else ""
    rule = escape(" ".join(filter(None, (_("规则"), title_of(clock.rule_key), revised))))
    clause = quoted_and_linked(clock.basis)
    return SafeString(aside(clause, rule)) if clause else SafeString(rule)


@register.filter
def time_left(due: datetime | None) -> str:
    """The time left until ``due`` in words."""
    return wording.left(due) if due else ""


@register.filter
def urgency(due: datetime | None) -> str:
    """The tone in which a deadline is shown: late, soon or calm."""
    return wording.urgency(due) if due else "calm"


register.simple_tag(state_chip, name="chip")


@register.inclusion_tag("components/actions.html")
def actions(obj: Any, transitions: list[Any]) -> dict[str, Any]:
    """The transitions that this person may make on an object now, as buttons."""
    return {
        "rows": [
            {"row": transition, "address": obj.transition_address(transition)} for transition in transitions
        ]
    }


@register.simple_tag(takes_context=True)
def lacking(context: dict[str, Any], obj: Any) -> list[tuple[Any, str]]:
    """The transitions that this person could make but for what is missing, each with what that is."""
    return obj.lifecycle.lacking(obj, context["actor"])


@register.simple_tag(takes_context=True)
def kept_from(
    context: dict[str, Any], obj: Any, transitions: list[Any], waiting: Iterable[Awaited] = ()
) -> list[tuple[Any, str]]:
    """The transitions that this person could make, were they not another's after an own step, each with who may.

    ``transitions`` are those that this person may make; what is said to be ``waiting`` is left out.
    """
    said = {step.next.name for step in waiting if not step.of_a_part}
    rows = obj.lifecycle.kept_for_another(obj, context["actor"], transitions)
    return [(row, in_words(row.by, obj, context["actor"])) for row in rows if row.name not in said]


@register.inclusion_tag("components/withheld.html", takes_context=True)
def withheld(context: dict[str, Any], obj: Any, transitions: list[Any]) -> dict[str, Any]:
    """What this person could do with a part of a page, were nothing missing for it or were it not another's.

    ``transitions`` are those that he may make.
    """
    return {"missing": lacking(context, obj), "kept": kept_from(context, obj, transitions)}


@register.simple_tag(takes_context=True)
def awaited(context: dict[str, Any], obj: Any, transitions: list[Any]) -> list[Awaited]:
    """The steps that an object and the open parts of its case wait for, but those that are its buttons, and the
    one of looking on this page what is missing.
    """
    shown = {row.name for row in transitions} | {SEE_TO}
    steps = awaiting.awaited(obj, context["actor"])
    return [step for step in steps if step.of_a_part or not (step.mine and step.next.name in shown)]


@register.inclusion_tag("components/clocks.html", takes_context=True)
def deadlines(context: dict[str, Any], obj: Any, clocks: list[Clock] | None = None) -> dict[str, Any]:
    """The clocks that run on an object, with buttons to pause them for those who may."""
    if clocks is None:
        clocks = Clock.objects.running_on([obj])[obj.pk]
    actor = context["actor"]
    return {
        "clocks": [
            (clock, may_pause(clock, obj, actor), remark(obj, clock.pause_reason, actor)) for clock in clocks
        ],
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def glance(context: dict[str, Any], obj: Any, row: Any) -> SafeString:
    """What an object is about, and what the first of two people did, for whoever makes a transition of it; "" where
    there is nothing to say.
    """
    reader = context["actor"]
    shown = {
        "object": obj,
        "actor": reader,
        "facts": facts_of(obj, reader),
        "before": before(row, obj, reader),
    }
    return SafeString(render_to_string("components/glance.html", shown).strip())


@register.simple_tag
def transition_address(obj: Any, row: Any) -> str:
    """The address of the page of one transition of an object."""
    return obj.transition_address(row)


@register.inclusion_tag("components/told.html", takes_context=True)
def told(context: dict[str, Any], obj: Any, field: str) -> dict[str, Any]:
    """A text about somebody as the reader may see it: plain, ``***`` with a form, or nothing."""
    reader = context["actor"]
    return {
        "text": shown(obj, field, reader),
        "plain": obj.discloses(field, reader) is Telling.PLAIN,
        "label": obj._meta.label,
        "pk": obj.pk,
        "field": field,
    }


@register.simple_tag(takes_context=True)
def tells(context: dict[str, Any], obj: Any, field: str) -> bool:
    """Whether the reader may see the text, if only after a reason."""
    return bool(shown(obj, field, context["actor"]))


@register.simple_tag(takes_context=True)
def may_open(context: dict[str, Any], name: str, *arguments: str | int) -> bool:
    """Whether the reader is admitted to the page of a named address."""
    return access_of(name, *arguments).allows("GET", role_of(context["request"]))


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """The value of a mapping by key."""
    return mapping.get(key)
