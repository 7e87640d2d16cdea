"""The tables of everything that lives between the first knock and the answer."""

from referrals.lifecycle.call import CALL, CallStatus
from referrals.lifecycle.complaint import COMPLAINT, ComplaintStatus
from referrals.lifecycle.conference import MEETING, MeetingStatus
from referrals.lifecycle.handover import HANDOVER, HandoverStatus
from referrals.lifecycle.matter import MATTER, PAPERS_LATER, MatterStatus
from referrals.lifecycle.need import FIRST_HELP, NEED, NeedStatus
from referrals.lifecycle.referral import REFERRAL, DeclineReason, ReferralStatus
from referrals.lifecycle.rematch import REMATCH, RematchStatus

__all__ = [
    "CALL",
    "COMPLAINT",
    "FIRST_HELP",
    "HANDOVER",
    "MATTER",
    "MEETING",
    "NEED",
    "PAPERS_LATER",
    "REFERRAL",
    "REMATCH",
    "CallStatus",
    "ComplaintStatus",
    "DeclineReason",
    "HandoverStatus",
    "MatterStatus",
    "MeetingStatus",
    "NeedStatus",
    "ReferralStatus",
    "RematchStatus",
]
