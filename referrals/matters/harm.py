"""Signs of harm to a child, which civil affairs looks into (未成年人保护法第十一条)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from foundation.deadlines import clocks
from foundation.journal.models import Entry
from foundation.refusals import NotNow, Refused
from foundation.roles import Actor
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.matters.states import HARM, MATTER


@MATTER.transition("look_into")
def look_into(matter: Matter, *, by: Actor) -> None:
    """Civil affairs has dealt with signs of harm to a child."""
    clocks.stop(MATTER, matter, HARM)


@intake.explain.lacks
def not_looked_into(matters: Sequence[Matter]) -> dict[int, Refused]:
    """Why matters are not ended: civil affairs has not looked into signs of harm to a child that were reported."""
    harmed = [matter.pk for matter in matters if matter.harm]
    about = Entry.objects.filter(lifecycle=MATTER.label, object_id__in=harmed, move="look_into")
    seen = set(about.values_list("object_id", flat=True)) if harmed else set()
    words = gettext_lazy("报告里有未成年人受侵害的迹象，民政核查处理之前不能就此办结。")
    return {pk: NotNow(words, rule="未成年人保护法第十一条") for pk in harmed if pk not in seen}
