"""The answer: to the household and to the window, and what they say to it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation import moments
from foundation.refusals import Refused
from foundation.roles import Actor
from referrals import intake
from referrals.lifecycle import NEED, REFERRAL, NeedStatus, ReferralStatus
from referrals.models import Need, Referral, Satisfaction


@REFERRAL.move("feed_back")
def feed_back_service(referral: Referral, *, by: Actor, words: str) -> None:
    """Tell household and window what came of it, within 2 days (S19)."""
    referral.outcome = words
    need = Need.objects.get(pk=referral.need_id)
    if need.status == NeedStatus.DONE:
        feed_back(need, by=by.as_system(), words=words)


@NEED.move("feed_back")
def feed_back(need: Need, *, by: Actor, words: str) -> None:
    """Tell applicant and window the result, within 2 days of completion (S19)."""
    need.result = words


@NEED.move("rate")
def rate(need: Need, *, by: Actor, score: int, words: str = "") -> None:
    """The household's judgement, 1 to 5, by itself or asked by the window (S20)."""
    Satisfaction.objects.update_or_create(
        need=need,
        defaults={"score": score, "words": words, "channel": by.role, "at": moments.now()},
    )


@NEED.move("close")
def close(need: Need, *, by: Actor) -> None:
    """Close an answered need; the last one closes the matter."""
    live = need.referrals.filter(
        status__in=[ReferralStatus.OFFERED, ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE]
    )
    if live.exists():
        raise Refused(_("还有进行中的转介,不能办结。"), rule="S20")
    others = need.matter.needs.exclude(pk=need.pk).exclude(status=NeedStatus.CLOSED)
    if not others.exists():
        intake.close(need.matter, by=by.as_system())


@REFERRAL.move("close")
def close_referral(referral: Referral, *, by: Actor) -> None:
    """Close the referral; contact data handed to the provider are erased (PIPL 47)."""
    referral.contact_name = referral.contact_phone = referral.contact_address = None
