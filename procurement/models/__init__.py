"""Purchases: projects with their items, questions, bids, seats and objections."""

from procurement.models.bid import Bid, BidFile, BidLine
from procurement.models.call_off import CallOff
from procurement.models.objection import Objection, Question
from procurement.models.paper import Paper
from procurement.models.project import Project, ProjectItem
from procurement.models.seats import KeySeat, PanelSeat

__all__ = [
    "Bid",
    "BidFile",
    "BidLine",
    "CallOff",
    "KeySeat",
    "Objection",
    "PanelSeat",
    "Paper",
    "Project",
    "ProjectItem",
    "Question",
]
