"""What one person of the buyer has proposed, and another is to decide."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.refusals import NotNow, Words
from foundation.wording import filled
from procurement.purchases.models import Project
from procurement.purchases.states import FailGround


def something_proposed(project: Project) -> NotNow | None:
    """The refusal while a proposal of one person waits for another's decision."""
    if project.failing:
        return NotNow(_("有人提出流标，请先复核。"), rule="政府采购法第三十六条")
    if project.passing:
        return NotNow(_("有人提出改定下一候选人，请先复核。"), rule="政府采购法实施条例第四十九条")
    return None


def ground_of(project: Project) -> Words:
    """The ground on which a purchase fails, with the facts."""
    return filled(_("%(ground)s。%(why)s"), ground=FailGround(project.failing).label, why=project.failing_why)
