"""Red flags of people: one person who holds roles that else do not meet, with leave."""

from __future__ import annotations

from collections.abc import Iterator

from foundation import moments
from foundation.rules.reading import Rule
from organizations.dispensations.models import Dispensation
from organizations.people.models import Membership
from procurement.oversight.evidence import Found
from procurement.oversight.models import FlagFact, Telling


def held_together(rule: Rule) -> Iterator[Found]:
    """LD07: roles that one person holds together by a dispensation, after so many days."""
    held = Membership.objects.from_today().exclude(dispensation=None).order_by("dispensation")
    dispensations = Dispensation.objects.filter(pk__in=held.values("dispensation"))
    for dispensation in dispensations.select_related("user").order_by("pk"):
        days = (moments.today() - dispensation.valid_from).days
        if days >= rule.value["days"]:
            facts = (
                FlagFact(dispensation=dispensation, telling=Telling.NAME),
                FlagFact(dispensation=dispensation, telling=Telling.WHY),
            )
            figures = {"until": dispensation.valid_to.isoformat()}
            yield Found(rule, f"dispensation:{dispensation.pk}", None, facts, figures)
