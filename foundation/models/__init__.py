"""Every table of the ground floor."""

from foundation.deadlines.models import CalendarDay, Clock, Overdue
from foundation.documents.models import Document
from foundation.journal.models import Entry
from foundation.messaging.models import Message, PhoneCode
from foundation.models.draft import FormDraft
from foundation.models.notice import Notice
from foundation.models.numbering import Counter
from foundation.models.routine import Routine
from foundation.rules.models import RuleVersion

__all__ = [
    "CalendarDay",
    "Clock",
    "Counter",
    "Document",
    "Entry",
    "FormDraft",
    "Message",
    "Notice",
    "Overdue",
    "PhoneCode",
    "Routine",
    "RuleVersion",
]
