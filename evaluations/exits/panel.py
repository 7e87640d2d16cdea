"""The panel that decides on an exit: whoever accused the provider, carries the exit out or is tied stays out."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from evaluations.exits.bars import carry_it_out
from evaluations.exits.models import Exit
from evaluations.exits.states import EXIT
from evaluations.sheets import lots
from foundation import moments
from foundation.journal.models import Entry
from foundation.refusals import Invalid
from foundation.roles import Actor, Role
from foundation.rules import reading
from organizations.people import conflicts
from organizations.people.models import Membership
from organizations.providers.models import Provider

#: The rule with the number of members of the panel, and the days ahead that a provider asks to leave.
RULES = "exit.panel"


#: Transitions whose actors may not sit on the panel.
ACCUSING = ("propose", "stop_at_once", "give_notice")


def candidates(exit_: Exit | None, provider: Provider | None) -> list[int]:
    """The ids of users who may sit on the panel of an exit: civil affairs and evaluators without ties, who
    neither accused the provider nor carried the exit out.
    """
    held = Membership.objects.on(moments.today()).filter(role=Role.CIVIL_AFFAIRS)
    people = {*held.values_list("user_id", flat=True), *lots.pool()}
    if provider is not None:
        people -= conflicts.people_in_conflict([provider.organization_id]).keys()
    if exit_ is not None:
        people -= took_part(exit_)
    return sorted(people)


def took_part(exit_: Exit) -> set[int]:
    """The ids of those who proposed the exit, stopped the provider, gave the notice, or approved the
    re-matching.
    """
    accused = Entry.objects.filter(lifecycle=EXIT.label, object_id=exit_.pk, move__in=ACCUSING)
    accusers = {pk for pk in accused.values_list("actor_id", flat=True) if pk is not None}
    return accusers | carry_it_out([exit_])[exit_.pk]


def compose_panel(
    people: Sequence[int], provider: Provider, by: Actor, exit_: Exit | None = None
) -> list[int]:
    """The panel as sorted user ids; raises ``Invalid`` for one that may not decide."""
    least = int(reading.current(RULES).value["members"])
    message = ""
    if len(set(people)) < least or len(set(people)) % 2 == 0:
        message = _("合议组至少 %(least)s 人，单数。") % {"least": least}
    elif not set(people) <= set(candidates(exit_, provider)):
        message = _("合议组里有人提出退出或与机构有利害关系，应当回避。")
    elif by.user_id in people:
        message = _("提出和告知的人不参加合议。")
    if message:
        raise Invalid(message, fields={"panel": message}, rule="行政处罚法第四十三条")
    return sorted(set(people))
