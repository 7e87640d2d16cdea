"""The actions on complaints; whoever stands above the person complained of answers (S34)."""

from __future__ import annotations

from foundation.roles import Actor
from households.register.models import Household
from referrals.complaints.models import Complaint
from referrals.complaints.states import COMPLAINT
from referrals.needs.models import Need


@COMPLAINT.start("file")
def file(*, by: Actor, about: str, text: str, need: Need | None = None) -> Complaint:
    """Complain of a provider, a body or the window.

    The window answers, except for complaints of itself, which go to civil affairs.
    """
    household = Household.objects.visible_to(by).get()
    return Complaint.objects.create(
        household=household,
        need=need,
        town_id=need.town_id if need else household.town_id,
        about=about,
        text=text,
    )


@COMPLAINT.transition("answer")
def answer(complaint: Complaint, *, by: Actor, reply: str) -> None:
    """Answer in words that the household reads."""
    complaint.reply = reply


@COMPLAINT.transition("raise_higher")
def raise_higher(complaint: Complaint, *, by: Actor, reason: str) -> None:
    """The household is not satisfied: the complaint goes one level up."""
    complaint.raised = True


close = COMPLAINT.act("close", Complaint)
