"""The actions on hand-overs; whoever was asked first stays responsible until somebody else has accepted
(S34).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.advisory_locks import take_lock
from foundation.refusals import Invalid, NotNow
from foundation.roles import SYSTEM, Actor
from foundation.work_items import settling
from households.register import registration
from households.register.models import Household
from organizations.bodies.models import Organization
from organizations.people.models import Membership
from organizations.places.models import Place
from referrals.complaints.models import About, Complaint
from referrals.handovers.models import Handover
from referrals.handovers.states import HANDOVER, HandoverStatus
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.offers.states import lock_key_of
from referrals.requests.models import RequestForOffers


@HANDOVER.start("propose")
def propose(
    *, by: Actor, matter: Matter, why: str, colleague: Membership | None = None, town: Place | None = None
) -> Handover:
    """Ask a colleague, or the window of another town, to take a matter over.

    Nothing changes before the answer. Raises ``Invalid`` where neither or both are named, ``NotNow`` for a
    matter that is closed or has an open proposal.
    """
    registration.worked_on_alone(matter.household_id)
    registration.held(matter.household)
    matter = Matter.objects.select_for_update().get(pk=matter.pk)
    if (colleague is None) == (town is None):
        message = _("请选择接手的同事，或接手的镇街窗口，二选一。")
        raise Invalid(message, fields={"colleague": message}, rule="S34")
    if matter.over:
        raise NotNow(_("这件事项已经办结。"), rule="S34")
    if matter.handovers.filter(status__in=HandoverStatus.unfinished()).exists():
        raise NotNow(_("已有一次移交在等对方接手。"), rule="S34")
    if town is not None and town.pk == matter.town_id:
        message = _("这就是现在的窗口。")
        raise Invalid(message, fields={"town": message}, rule="S34")
    return Handover.objects.create(
        matter=matter,
        from_town_id=matter.town_id,
        from_name=matter.first_asked_name,
        to_town=town or matter.town,
        to_user=colleague.user if colleague else None,
        why=why,
    )


@HANDOVER.transition("accept")
def accept(handover: Handover, *, by: Actor) -> None:
    """Take the whole case over; its deadlines go on unchanged."""
    matter = Matter.objects.get(pk=handover.matter_id)
    matter.first_asked_id, matter.first_asked_name = by.user_id or 0, by.name
    if handover.to_town_id != matter.town_id:
        matter.town_id = handover.to_town_id
        matter.window = Organization.objects.windows().get(place_id=handover.to_town_id)
        _follow(matter)
    matter.save(update_fields=["first_asked_id", "first_asked_name", "town", "window"])


@accept.first
def _hold_the_case(handover: Handover) -> None:
    """Lock the matter after the rows of everything in it, and before the hand-over, which ends with the matter."""
    matter_id = handover.matter_id
    needs = Need.objects.filter(matter_id=matter_id).order_by("pk")
    for need_id in needs.values_list("pk", flat=True):
        take_lock("alone", lock_key_of(need_id))
    for rows in (
        Referral.objects.filter(need__matter_id=matter_id),
        RequestForOffers.objects.filter(need__matter_id=matter_id),
        needs,
    ):
        held = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
        list(held.values_list("pk"))
    Matter.objects.select_for_update(no_key=True).get(pk=matter_id)


def _follow(matter: Matter) -> None:
    """Move the whole case with the matter, also what is finished, and the household that was registered only for
    it. Complaints of the window stay with the one that they are about.
    """
    town = matter.town_id
    Household.objects.filter(pk=matter.household_id, verified=False).update(town_id=town)
    for model, path in ((Need, "matter"), (RequestForOffers, "need__matter"), (Referral, "need__matter")):
        model.objects.filter(**{path: matter}).update(town_id=town)
    Complaint.objects.filter(need__matter=matter).exclude(about=About.WINDOW).update(town_id=town)
    settling.touch(*matter.household.beside())


decline = HANDOVER.act("decline", Handover)
take_back = HANDOVER.act("take_back", Handover)
lapse = HANDOVER.act("lapse", Handover)


@intake.explain.then
@intake.close.then
@intake.end_with_death.then
def lapse_with_the_matter(matter: Matter, **given: object) -> None:
    """End the hand-over of a matter that is over: nothing is left to be taken over."""
    for handover in matter.handovers.filter(status__in=HandoverStatus.unfinished()):
        lapse(handover, by=SYSTEM)
