"""Journal entries of purchases that are hidden: who bids, who asks, what the buyer considers.

Each function returns the entries that a reader may not see; every query of the journal excludes them
(``foundation.journal.visibility``). ``reader`` is ``None`` for the public.
"""

from __future__ import annotations

from django.db.models import Q

from foundation.journal.models import Entry
from foundation.journal.visibility import hidden_entries
from foundation.roles import Actor
from procurement.bids.models import Bid
from procurement.bids.states import BID
from procurement.objections.states import OBJECTION
from procurement.permissions import auditor_after_the_opening, bidder, doer
from procurement.purchases.models import Project
from procurement.purchases.states import PROJECT
from procurement.questions.models import Question
from procurement.questions.states import QUESTION
from procurement.supplier.models import SupportingDocument


@hidden_entries.register
def who_bids(reader: Actor | None) -> Q:
    """Entries about bids until the opening, for everybody but the bidder."""
    bids = Bid.objects.secret()
    if reader:
        bids = bids.exclude(bidder.condition(Bid, reader))
    return Q(lifecycle=BID.label, object_id__in=bids.values("pk"))


@hidden_entries.register
def who_is_interested(reader: Actor | None) -> Q:
    """What a provider does with a purchase before the opening, for everybody but that provider."""
    unopened = Project.objects.filter(opened_at=None).values("pk")
    found = Q(lifecycle=PROJECT.label, object_id__in=unopened, role=doer.role)
    return found & ~doer.condition(Entry, reader) if reader else found


@hidden_entries.register
def who_asked(reader: Actor | None) -> Q:
    """Who asked a question, for everybody but the asker.

    The audit may read it once the bids are open.
    """
    questions = Question.objects.all()
    if reader:
        for party in (bidder, auditor_after_the_opening):
            questions = questions.exclude(party.condition(Question, reader))
    return Q(lifecycle=QUESTION.label, move="ask", object_id__in=questions.values("pk"))


@hidden_entries.register
def what_the_buyer_considers(reader: Actor | None) -> Q:
    """Proposed answers to objections, for everybody but buyer and audit."""
    if reader and reader.overseeing:
        return Q(pk__in=[])
    transitions = ("propose_upholding", "refuse_upholding")
    return Q(lifecycle=OBJECTION.label, move__in=transitions)


@hidden_entries.register
def what_a_folder_holds(reader: Actor | None) -> Q:
    """What a provider uploads to its folder, for everybody but that provider."""
    found = Q(lifecycle=SupportingDocument._meta.label)
    return found & ~doer.condition(Entry, reader) if reader else found
