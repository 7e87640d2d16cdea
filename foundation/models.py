"""All models of foundation, for Django."""

from foundation.city.models import City
from foundation.deadlines.models import CalendarDay, Clock, Overdue
from foundation.documents.models import Document
from foundation.drafts.models import FormDraft
from foundation.holidays.models import HolidayNotice, MovedDeadline
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.messaging.models import Message, PhoneCode
from foundation.numbering.models import Counter
from foundation.personal_data.models import ProofOfSecrets
from foundation.rules.models import RuleVersion
from foundation.scheduling.models import Routine
from foundation.work_items.models import WorkItem

__all__ = [
    "CalendarDay",
    "City",
    "Clock",
    "Counter",
    "Document",
    "Entry",
    "FormDraft",
    "HolidayNotice",
    "Message",
    "MovedDeadline",
    "Notice",
    "Overdue",
    "PhoneCode",
    "ProofOfSecrets",
    "Routine",
    "RuleVersion",
    "WorkItem",
]
