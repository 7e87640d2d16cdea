"""The tables of purchases."""

from procurement.lifecycle.bid import BID, BidStatus
from procurement.lifecycle.objection import OBJECTION, ObjectionStatus
from procurement.lifecycle.project import PROJECT, ProjectStatus
from procurement.lifecycle.question import QUESTION, QuestionStatus
from procurement.lifecycle.seats import KEY_SEAT, PANEL_SEAT, KeySeatStatus, PanelSeatStatus

__all__ = [
    "BID",
    "KEY_SEAT",
    "OBJECTION",
    "PANEL_SEAT",
    "PROJECT",
    "QUESTION",
    "BidStatus",
    "KeySeatStatus",
    "ObjectionStatus",
    "PanelSeatStatus",
    "ProjectStatus",
    "QuestionStatus",
]
