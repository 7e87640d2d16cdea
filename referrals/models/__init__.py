"""Matters, needs, referrals, and everything that hangs on them."""

from referrals.models.answer import Complaint, Satisfaction
from referrals.models.call import Call
from referrals.models.conference import AgendaItem, Meeting
from referrals.models.delivery import Goal, Measurement, Visit, VisitCode
from referrals.models.finding import Override
from referrals.models.handover import Handover
from referrals.models.issue import Issue
from referrals.models.matter import Matter, PaperRequest
from referrals.models.need import Need
from referrals.models.referral import Referral
from referrals.models.rematch import Rematch

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
