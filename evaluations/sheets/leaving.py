"""What an evaluator leaves behind: sheets that wait for him, which civil affairs gives to somebody else."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from evaluations.sheets.models import ScoreSheet
from evaluations.sheets.states import SheetStatus
from foundation.lifecycle.phases import ASKED, SERVING
from foundation.roles import Role
from organizations.people.events import Carried, carried
from organizations.people.models import Membership


@carried.register
def sheets_that_wait(membership: Membership) -> Sequence[Carried]:
    """The sheets of an evaluator that are not handed in."""
    if membership.role != Role.EVALUATOR:
        return []
    waiting = ScoreSheet.objects.filter(
        evaluator=membership.user_id, status__in=SheetStatus.in_phase(ASKED, SERVING)
    )
    words = gettext_lazy("%(count)s 份没有提交的评分表（请民政提出换人）")
    return [Carried(words, waiting, passes=False)]
