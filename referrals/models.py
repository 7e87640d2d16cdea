"""Matters, needs, referrals, and everything that hangs on them."""

from referrals.answers.models import Satisfaction
from referrals.complaints.models import Complaint
from referrals.conference.models import AgendaItem, Meeting
from referrals.handovers.models import Handover
from referrals.matters.models import Matter, PaperRequest
from referrals.needs.models import Need, Override
from referrals.offers.models import Referral
from referrals.rematching.models import Rematch
from referrals.requests.models import Call
from referrals.results.models import Issue
from referrals.service.models import Goal, Measurement, Visit, VisitCode

__all__ = [
    "AgendaItem",
    "Call",
    "Complaint",
    "Goal",
    "Handover",
    "Issue",
    "Matter",
    "Measurement",
    "Meeting",
    "Need",
    "Override",
    "PaperRequest",
    "Referral",
    "Rematch",
    "Satisfaction",
    "Visit",
    "VisitCode",
]
