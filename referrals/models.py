"""The models of every slice of referrals, for Django to find."""

from referrals.answers.models import Satisfaction
from referrals.complaints.models import Complaint
from referrals.conference.models import AgendaItem, Meeting
from referrals.handovers.models import Handover
from referrals.matters.models import DocumentRequest, Matter
from referrals.needs.models import MissingHelp, Need, Override
from referrals.offers.models import Referral
from referrals.rematching.models import Rematch
from referrals.requests.models import RequestForOffers
from referrals.results.models import Issue
from referrals.service.models import Goal, Measurement, Visit, VisitCode

__all__ = [
    "AgendaItem",
    "Complaint",
    "DocumentRequest",
    "Goal",
    "Handover",
    "Issue",
    "Matter",
    "Measurement",
    "Meeting",
    "MissingHelp",
    "Need",
    "Override",
    "Referral",
    "Rematch",
    "RequestForOffers",
    "Satisfaction",
    "Visit",
    "VisitCode",
]
