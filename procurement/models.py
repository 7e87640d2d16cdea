"""All models of purchases, for Django and for importers."""

from procurement.awards.models import CallOff
from procurement.bids.models import Bid, BidFile, BidLine
from procurement.key_holders.models import KeyHolder
from procurement.objections.models import Objection
from procurement.oversight.models import FlagCount, FlagFact, RedFlag
from procurement.panel.models import PanelSeat
from procurement.purchases.models import Project, ProjectItem
from procurement.questions.models import Question
from procurement.supplier.models import SupportingDocument

__all__ = [
    "Bid",
    "BidFile",
    "BidLine",
    "CallOff",
    "FlagCount",
    "FlagFact",
    "KeyHolder",
    "Objection",
    "PanelSeat",
    "Project",
    "ProjectItem",
    "Question",
    "RedFlag",
    "SupportingDocument",
]
