"""Cases whose texts nobody should read without a reason."""

from __future__ import annotations

import pytest

from foundation import moments
from referrals.needs import triage
from referrals.service import delivery
from tests import factories
from tests.access.telling import GOAL, NOTE, PLAN, REFUSED, STORY, WORDS


@pytest.fixture
def case():
    """A case of 虹桥社区 with a plan, a visit and an answer."""
    referral = factories.AcceptedReferral(story=STORY)
    worker = factories.member_of(referral.provider, "social_worker")
    referral = delivery.plan(referral, by=worker, plan_text=PLAN, goals=[GOAL])
    return delivery.record_visit(
        referral, by=worker, on=moments.today(), units=1, note=NOTE, words=WORDS, confirmed=True
    )


@pytest.fixture
def refused():
    """A need that its body has refused in writing."""
    need = factories.TransferredNeed(kind="living", story=STORY)
    handler = factories.PersonOf(role="handler", role__organization=need.body)
    return triage.refuse(need, by=handler.memberships.get().actor(), reason=REFUSED)
