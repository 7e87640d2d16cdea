"""A published score leads somewhere: matching, payment, and the door itself."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from contracts import running
from evaluations.models import Assessment
from foundation.roles import Actor
from foundation.rules import reading
from organizations import standing
from organizations.lifecycle import Standing
from organizations.models.provider import Grade


def apply(assessment: Assessment, *, by: Actor) -> None:
    """Tell standing and contracts what the grade brings (domain, section 6).

    Excellent: a matching bonus. Fail: payment share as the rule says and no new
    referrals. Matching honours both at once, since it reads the standing.
    """
    rule = reading.current("evaluation.consequences").value
    excellent = assessment.grade == Grade.EXCELLENT
    failed = assessment.grade == Grade.FAIL
    bonus = Decimal(str(rule["excellent_bonus"])) if excellent else Decimal("0")
    share = Decimal(str(rule["fail_payment_share"])) if failed else Decimal("1")
    assert assessment.total is not None
    standing.told_score(
        assessment.provider, score=assessment.total, grade=assessment.grade, bonus=bonus
    )
    running.told_payment_share(assessment.provider_id, share)
    if failed and assessment.provider.status == Standing.ACCREDITED:
        words = _("%(round)s得分 %(total)s,评为“不合格”") % {
            "round": assessment.round.title,
            "total": assessment.total,
        }
        standing.suspend(assessment.provider, by=by.as_system(), reason=words)
