"""Who acts on a sheet, while its round is scored."""

from __future__ import annotations

from evaluations.permissions import civil_affairs, drawn_evaluator
from evaluations.rounds.states import RoundStatus
from foundation.lifecycle.phases import SERVING

_WHILE_SCORED = {"assessment__round__status__in": RoundStatus.in_phase(SERVING)}

scoring_evaluator = drawn_evaluator.limited(**_WHILE_SCORED)


#: Civil affairs, who watch over the scoring.
scoring_civil_affairs = civil_affairs.limited(**_WHILE_SCORED)
