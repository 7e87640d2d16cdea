"""The actions on complaints; whoever stands above the person complained of answers (S34)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from foundation.lifecycle.phases import ANSWERING
from foundation.lifecycle.table import Step
from foundation.refusals import NotNow
from foundation.roles import Actor, Role
from foundation.wording import on_record
from households.register import registration
from households.register.events import on_death
from households.register.models import Household, Person
from referrals.complaints.models import Complaint, Reply
from referrals.complaints.states import COMPLAINT, ComplaintStatus
from referrals.needs.models import Need


@COMPLAINT.start("file")
def file(*, by: Actor, about: str, text: str, need: Need | None = None) -> Complaint:
    """Complain of a provider, a body or the window.

    The window answers, except for complaints of itself, which go to civil affairs.
    """
    home = Household.objects.visible_to(by).get()
    registration.worked_on_alone(home.pk)
    if need is not None:
        need = Need.objects.select_for_update(no_key=True).get(pk=need.pk)
    household = registration.held(home)
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
    Reply.objects.create(complaint=complaint, text=reply, by=on_record(by.said))


@answer.then
def _close_without_a_household(complaint: Complaint, *, by: Actor, reply: str) -> None:
    """Where nobody is left to read the answer, the complaint is over."""
    if not complaint.household.has_people:
        close(complaint, by=by.as_system())


@COMPLAINT.transition("raise_higher")
def raise_higher(complaint: Complaint, *, by: Actor, reason: str) -> None:
    """The household is not satisfied: the complaint goes one level up. Raises ``NotNow`` where it has been."""
    if not complaint.may_go_higher:
        raise NotNow(_("民政已经答复，上面没有再处理的部门。"), rule="S34")
    complaint.raised = True


@COMPLAINT.transition("close")
def close(complaint: Complaint, *, by: Actor) -> None:
    """The household is content with the answer, or nobody is left in it."""
    if by.role == Role.SYSTEM:
        complaint.done_otherwise = COMPLAINT.otherwise("close")


@on_death.register
def close_after_death(household: Household, person: Person, by: Actor) -> None:
    """Close what was answered and is read by nobody, where nobody is left in the household."""
    if household.has_people:
        return
    answered = Complaint.objects.filter(household=household, status__in=ComplaintStatus.in_phase(ANSWERING))
    for complaint in answered.order_by("pk"):
        close(complaint, by=by.as_system())


def next_steps(complaints: Sequence[Complaint]) -> dict[tuple[int, Role], Step | None]:
    """A household reads the answer before it says whether it is content: both are on the complaint's page."""
    answered = ComplaintStatus.in_phase(ANSWERING)
    return {
        (complaint.pk, Role.HOUSEHOLD): Step(
            "judge", complaint.get_absolute_url(), COMPLAINT.further_steps["judge"]
        )
        for complaint in complaints
        if complaint.status in answered
    }


COMPLAINT.steps = next_steps
