"""Actions on questions about a notice: providers ask, the answer is public."""

from __future__ import annotations

from datetime import timedelta

from foundation import moments
from foundation.documents import making
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading
from organizations.providers.models import Provider
from procurement.bids import bidding
from procurement.purchases import planning
from procurement.purchases.documents import TENDER_NOTICE
from procurement.purchases.models import Project
from procurement.questions.models import Question
from procurement.questions.states import QUESTION


@QUESTION.start("ask")
def ask(*, by: Actor, project: Project, text: str) -> Question:
    """Ask before the deadline; nobody else sees who asked.

    Raises ``NotNow`` after the deadline, ``Refused`` for a provider that may not bid.
    """
    provider = Provider.objects.get(organization_id=by.organization)
    bidding.require_in_time(project)
    bidding.require_may_bid(project, provider)
    return Question.objects.create(project=project, provider=provider, text=text)


@QUESTION.transition("answer")
def answer(question: Question, *, by: Actor, answer_text: str, changes_bids: bool) -> None:
    """Answer publicly.

    An answer that changes bids moves the deadline, unless the days of the rule
    ``procurement.clarification`` are left. Raises ``NotNow`` for such an answer after the deadline.
    """
    question.answer_text, question.changes_bids = answer_text, changes_bids
    question.answered_at = moments.now()
    if changes_bids:
        days = int(reading.current("procurement.clarification").value["days"])
        project = Project.objects.select_for_update(of=("self",)).get(pk=question.project_id)
        bidding.require_in_time(project)
        least = moments.now() + timedelta(days=days)
        if project.bids_until is not None and project.bids_until < least:
            planning.postpone(project, by=SYSTEM, bids_until=least)


@answer.then
def _publish_anew(question: Question, *, by: Actor, **given: object) -> None:
    """Have the notice made anew, with the answer."""
    making.request(TENDER_NOTICE, question.project, by=by)
