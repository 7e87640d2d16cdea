"""Who reads the result of an assessment."""

from __future__ import annotations

from evaluations.permissions import chair, its_provider, overseers
from evaluations.phases import PUBLIC, TOLD
from evaluations.rounds.states import RoundStatus
from foundation.parties import everybody_in, told_of
from foundation.roles import ANNOUNCED_TO

#: Who reads points and grade: oversight and the chair at once, the provider once it was told, others than
#: providers once the result is announced.
READS_RESULTS = told_of(
    "evaluations.Assessment",
    parties=(
        *overseers,
        chair.along("round"),
        its_provider.limited(round__status__in=RoundStatus.in_phase(TOLD)),
        *everybody_in(ANNOUNCED_TO, at="round", phases=PUBLIC),
    ),
)
