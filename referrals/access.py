"""Who may act on matters, needs and referrals."""

from typing import Any

from foundation.lifecycle.table import Party
from foundation.roles import Actor, Role

assistant = Party(
    Role.ASSISTANT,
    "assistant",
    lambda actor, matter: matter.household.place_id == actor.place_id,
)
window = Party(Role.WINDOW, "window", lambda actor, matter: matter.town_id == actor.place_id)
window_of_need = Party(
    Role.WINDOW, "window_of_need", lambda actor, need: need.town_id == actor.place_id
)
window_of_referral = Party(
    Role.WINDOW,
    "window_of_referral",
    lambda actor, referral: referral.town_id == actor.place_id,
)
responsible_body = Party(
    Role.HANDLER, "responsible_body", lambda actor, need: need.body_id == actor.organization_id
)
secretary = Party(Role.SECRETARY, "secretary")


def _own_case(actor: Actor, need: Any) -> bool:
    return need.matter.household.accounts.filter(user_id=actor.user_id).exists()


household = Party(Role.HOUSEHOLD, "household", _own_case)


def _offered_to(actor: Actor, referral: Any) -> bool:
    return referral.provider.organization_id == actor.organization_id


coordinator = Party(Role.COORDINATOR, "coordinator", _offered_to)
worker = Party(
    Role.SOCIAL_WORKER, "worker", lambda actor, referral: referral.worker_id == actor.user_id
)
