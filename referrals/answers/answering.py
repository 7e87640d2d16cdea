"""The actions of the answer: household and window are told the result, the household rates it, the need is
closed.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.lifecycle.table import Step
from foundation.messaging import sending, texts
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor, Role
from households.register import phones
from organizations.responsibilities.need_kinds import NeedKind
from referrals.answers.models import Satisfaction, Way
from referrals.matters import intake
from referrals.needs import supplementary_help, triage
from referrals.needs.models import Need
from referrals.needs.states import NEED, NeedStatus
from referrals.offers.models import Referral
from referrals.offers.states import LIVE, REFERRAL, ReferralStatus
from referrals.permissions import SAID_BY_THE_HOUSEHOLD
from referrals.service import closing

SURVEY = "referrals.survey"


#: The channel of a rating by the role of whoever enters it.
WAYS = {Role.HOUSEHOLD: Way.OWN, Role.WINDOW: Way.CALL, Role.SYSTEM: Way.LINK}


@REFERRAL.transition("feed_back")
def feed_back_service(referral: Referral, *, by: Actor, words: str) -> None:
    """Tell household and window the result of a service, within 2 working days (S19)."""
    referral.outcome = words
    need = Need.objects.get(pk=referral.need_id)
    if need.helped:
        feed_back(need, by=by.as_system(), words=words)


@NEED.transition("feed_back")
def feed_back(need: Need, *, by: Actor, words: str) -> None:
    """Tell applicant and window the result, within 2 working days of completion (S19).

    The applicant gets a text with a link to a satisfaction survey. Where a body's answer leaves a gap,
    supplementary help is proposed (S30).
    """
    need.result = words
    household = need.matter.household
    text = texts.worded(
        "messages.referrals",
        "result",
        number=need.matter.number,
        link=survey_address(need),
        phone=need.matter.window.phone,
    )
    sending.send(phones.reached_at(household, need.person), text, about="result")


@feed_back.then
def _consider_a_supplement(need: Need, *, by: Actor, **given: object) -> None:
    supplementary_help.consider(need, by=by)


def survey_address(need: Need) -> str:
    """The address at which the household rates this answer without signing in."""
    token = signing.dumps(need.pk, salt=SURVEY)
    return f"{settings.PUBLIC_ADDRESS}{reverse('survey', args=[token])}"


def asked_by(token: str) -> Need:
    """The need that a survey link is about.

    Raises ``NotNow`` for a link that was changed or used, or that is no longer valid, and where the household
    has said already what it thinks.
    """
    try:
        pk = signing.loads(token, salt=SURVEY)
    except signing.BadSignature:
        raise NotNow(_("链接不完整，请从短信里重新打开。")) from None
    joined = ("matter__window", "matter__household", "body")
    need = Need.objects.filter(pk=pk).select_related(*joined).first()
    if need is None or not need.may_be_rated:
        raise NotNow(_("这次回访已经结束，谢谢您。"))
    household = need.matter.household
    if household.phone_doubted or not household.is_home_of(need.person):
        raise NotNow(_("这个链接已经失效。"))
    if need.satisfactions.filter(channel__in=SAID_BY_THE_HOUSEHOLD).exists():
        raise NotNow(_("已经收到您的评价，谢谢您。"))
    return need


@NEED.transition("rate")
def rate(need: Need, *, by: Actor, score: int, words: str = "") -> None:
    """Record the household's rating, 1 to 5: its own, by the link, or asked by the window (S20)."""
    Satisfaction.objects.update_or_create(
        need=need, channel=WAYS[by.role], defaults={"score": score, "words": words, "at": moments.now()}
    )


def next_steps(needs: Sequence[Need]) -> dict[tuple[int, Role], Step | None]:
    """A household is not asked for a rating that was given, by whatever channel."""
    answered = [need.pk for need in needs if need.may_be_rated]
    if not answered:
        return {}
    rated = Satisfaction.objects.filter(need__in=answered).values_list("need_id", flat=True)
    return dict.fromkeys([(pk, Role.HOUSEHOLD) for pk in rated])


NEED.steps = next_steps


@NEED.transition("close")
def close(need: Need, *, by: Actor, not_reached: str = "", still_in_difficulty: bool = False) -> None:
    """Close an answered need; closing the last one closes the matter.

    Raises ``Invalid`` unless the household was asked for its rating by some channel or the window says why it
    could not be reached (S20). A household still in difficulty gets a supplementary need (S30).
    """
    if not need.satisfactions.exists() and not not_reached.strip():
        message = _("请先回访满意度；联系不上的，请写明情况。")
        raise Invalid(message, fields={"not_reached": message}, rule="S20")
    if still_in_difficulty:
        triage.add(
            by=by,
            matter=need.matter,
            kind=NeedKind.SUPPLEMENT,
            text=need.text,
            person=need.person,
            follows=need,
        )
        return
    others = need.matter.needs.exclude(pk=need.pk).filter(status__in=NeedStatus.unfinished())
    if not others.exists():
        intake.close(need.matter, by=by.as_system())


@close.lacks
def missing_for_closing(needs: Sequence[Need]) -> dict[int, Refused]:
    """Why needs are not closed: a referral of theirs is drafted or open."""
    open_ones = Referral.objects.filter(need__in=needs, status__in=ReferralStatus.in_phase(LIVE)).order_by()
    words = gettext_lazy("还有进行中的转介，不能办结。")
    return {need: NotNow(words, rule="S20") for need in set(open_ones.values_list("need_id", flat=True))}


@REFERRAL.transition("close")
def close_referral(referral: Referral, *, by: Actor) -> None:
    """Close the referral and erase the contact data that the provider received (PIPL 47)."""
    closing.erase(referral)
