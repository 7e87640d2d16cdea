"""Who may act on evaluations."""

from foundation.lifecycle.table import Party
from foundation.roles import Role

civil_affairs = Party(Role.CIVIL_AFFAIRS, "civil_affairs")
drawn_evaluator = Party(
    Role.EVALUATOR,
    "drawn_evaluator",
    lambda actor, sheet: sheet.evaluator_id == actor.user_id,
)
