"""The tables of purchases."""

from procurement.lifecycle.bid import BID, BidStatus
from procurement.lifecycle.objection import OBJECTION, ObjectionStatus
from procurement.lifecycle.project import PROJECT, FailGround, NextGround, ProjectStatus
from procurement.lifecycle.question import QUESTION, QuestionStatus
from procurement.lifecycle.seats import KEY_SEAT, PANEL_SEAT, ExcuseGround, KeySeatStatus, PanelSeatStatus

__all__ = [
    "BID",
    "KEY_SEAT",
    "OBJECTION",
    "PANEL_SEAT",
    "PROJECT",
    "QUESTION",
    "BidStatus",
    "ExcuseGround",
    "FailGround",
    "KeySeatStatus",
    "NextGround",
    "ObjectionStatus",
    "PanelSeatStatus",
    "ProjectStatus",
    "QuestionStatus",
]
