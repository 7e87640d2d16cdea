"""Sending a need, whichever way the window chose: to one provider, one after another, or several at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.lifecycle.acting import once
from foundation.roles import Actor
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.requests import requesting
from referrals.requests.models import Mode, RequestForOffers


@dataclass(frozen=True)
class Sent:
    """What was sent: one referral (the first of a request), and the request if several are asked."""

    referral: Referral
    request_for_offers: RequestForOffers | None = None

    @property
    def words(self) -> str:
        """The confirmation for the window."""
        if self.request_for_offers is None or self.request_for_offers.mode == Mode.CASCADE:
            return _("转介已发出，等待%(provider)s答复。") % {"provider": self.referral.provider}
        return _("已发给 %(n)s 家机构，等待答复。") % {"n": self.request_for_offers.referrals.count()}


def send(need: Need, ask: Ask, *, by: Actor, mode: str = "", key: str = "", **given: Any) -> Sent:
    """Send a need to the chosen candidate, alone or as the first of several.

    Raises what ``offering.send`` and ``requesting.announce`` raise.
    """
    if mode in ("", Mode.ONE):
        return Sent(offering.send(need, ask, by=by, key=key, **given))
    request = once(key, requesting.announce)(by=by, need=need, ask=ask, mode=mode, **given)
    return Sent(request.referrals.order_by("pk")[0], request)
