"""The parties of matters, needs, referrals, hand-overs and complaints: who may act on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foundation.parties import Party
from foundation.roles import Actor, Role

if TYPE_CHECKING:
    from referrals.handovers.models import Handover
    from referrals.matters.models import Matter
    from referrals.needs.models import Need
    from referrals.offers.models import Referral


assistant = Party(Role.ASSISTANT, lambda actor, matter: matter.household.place_id == actor.place_id)


grid_worker = Party(Role.GRID_WORKER, lambda actor, matter: matter.household.place_id == actor.place_id)


reporting_coordinator = Party(Role.COORDINATOR)


reporting_worker = Party(Role.SOCIAL_WORKER)


hotline = Party(Role.HOTLINE)


def _own_matter(actor: Actor, matter: Matter) -> bool:
    return matter.household.accounts.filter(user_id=actor.person).exists()


applicant = Party(Role.HOUSEHOLD, _own_matter)


window = Party(Role.WINDOW, lambda actor, matter: matter.town_id == actor.place_id)


window_awaiting_papers = Party(
    Role.WINDOW, lambda actor, matter: matter.town_id == actor.place_id and matter.papers_later
)


window_of_need = Party(Role.WINDOW, lambda actor, need: need.town_id == actor.place_id)


window_of_referral = Party(Role.WINDOW, lambda actor, referral: referral.town_id == actor.place_id)


responsible_body = Party(Role.HANDLER, lambda actor, need: need.body_id == actor.organization_id)


secretary = Party(Role.SECRETARY)


def _own_case(actor: Actor, need: Need) -> bool:
    return need.matter.household.accounts.filter(user_id=actor.person).exists()


household = Party(Role.HOUSEHOLD, _own_case)


def _offered_to(actor: Actor, referral: Referral) -> bool:
    return referral.provider.organization_id == actor.organization_id


coordinator = Party(Role.COORDINATOR, _offered_to)


#: A coordinator who was asked to accept. In a request for the best offer the provider volunteers instead.
asked_coordinator = Party(
    Role.COORDINATOR, lambda actor, referral: _offered_to(actor, referral) and not referral.awaits_the_best
)


bidding_coordinator = Party(
    Role.COORDINATOR, lambda actor, referral: _offered_to(actor, referral) and referral.awaits_the_best
)


worker = Party(Role.SOCIAL_WORKER, lambda actor, referral: referral.worker_id == actor.user_id)


#: The social worker and the coordinator who enter visits made before a death.
last_worker = Party(
    Role.SOCIAL_WORKER,
    lambda actor, referral: referral.worker_id == actor.user_id and referral.died_on is not None,
)


last_coordinator = Party(
    Role.COORDINATOR, lambda actor, referral: _offered_to(actor, referral) and referral.died_on is not None
)


giving_window = Party(Role.WINDOW, lambda actor, handover: handover.from_town_id == actor.place_id)


def _takes(actor: Actor, handover: Handover) -> bool:
    if handover.to_user_id is not None:
        return handover.to_user_id == actor.user_id
    return handover.to_town_id == actor.place_id


taking_window = Party(Role.WINDOW, _takes)


complaining_household = Party(
    Role.HOUSEHOLD,
    lambda actor, complaint: complaint.household.accounts.filter(user_id=actor.person).exists(),
)


#: The window answers a complaint unless it is about the window or was raised; civil affairs answers then.
answering_window = Party(
    Role.WINDOW, lambda actor, complaint: complaint.answered_by_window and complaint.town_id == actor.place_id
)


answering_civil_affairs = Party(Role.CIVIL_AFFAIRS, lambda actor, complaint: not complaint.answered_by_window)


WATCHERS = (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.WINDOW)
