"""Evaluators score blind: levels with notes, saved as they go, then submitted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from evaluations.lifecycle import SHEET
from evaluations.models import Assessment, ScoreSheet
from foundation import moments
from foundation.refusals import Invalid, Refused
from foundation.roles import Actor, Role
from organizations.models import Membership, Provider, User

#: Employment within these years is a tie (domain, section 3).
TIE_YEARS = 3


def tied(user_id: int, provider: Provider) -> bool:
    """Whether a person works, or has worked in the last 3 years, for a provider."""
    since = moments.today() - timedelta(days=365 * TIE_YEARS)
    ended = Q(valid_to=None) | Q(valid_to__gte=since)
    return (
        Membership.objects.filter(ended, user_id=user_id, organization_id=provider.organization_id)
        .exclude(role=Role.EVALUATOR)
        .exists()
    )


def free_evaluators(provider: Provider) -> list[User]:
    """Evaluators without ties to a provider, in a fixed order."""
    pool = (
        User.objects.filter(
            memberships__in=Membership.objects.on(moments.today()).filter(role=Role.EVALUATOR)
        )
        .distinct()
        .order_by("pk")
    )
    return [user for user in pool if not tied(user.pk, provider)]


@SHEET.start("draw")
def draw(*, by: Actor, assessment: Assessment, evaluator: User) -> ScoreSheet:
    """Give an assessment to an evaluator; refused for one who is tied."""
    if tied(evaluator.pk, assessment.provider):
        raise Refused(_("评估人员与被评机构有利害关系,应当回避。"), rule="S26")
    return ScoreSheet.objects.create(assessment=assessment, evaluator=evaluator)


@SHEET.move("submit")
def submit(sheet: ScoreSheet, *, by: Actor, scores: dict[str, dict[str, Any]]) -> None:
    """Submit a level from 1 to 5 for every scored indicator."""
    fields: dict[str, str] = {}
    for indicator in scored(sheet):
        level = scores.get(indicator["key"], {}).get("level")
        if level not in (1, 2, 3, 4, 5):
            fields[f"level_{indicator['key']}"] = _("请选择等级。")
    if fields:
        raise Invalid(_("还有指标没有评分。"), fields=fields, rule="S26")
    sheet.scores = {each["key"]: scores[each["key"]] for each in scored(sheet)}


def scored(sheet: ScoreSheet) -> list[dict[str, Any]]:
    """The indicators that evaluators score."""
    return [each for each in sheet.assessment.round.scheme.indicators if each["source"] == "scored"]
