"""What is measured in the city and in a tenth of it, case by case, so that both sizes take turns."""

from __future__ import annotations

from benchmarks import accepting, leaving, ledger, pages, ranking
from benchmarks.measuring import Case, Times, cold, in_turns, milliseconds

_cases: list[Case] = []

#: Acceptances of a turn on either side.
ACCEPTANCES = 21


def prepare() -> list[tuple[str, str, float]]:
    """Make the cases on the database of this process; name, floor and target of each.

    Raises ``ValueError`` where a floor gives other rows than ours.
    """
    _cases[:] = [*pages.cases(), ranking.case()]
    for case in _cases:
        case.check()
    return [(case.name, case.against, case.target) for case in _cases]


def timed(number: int, seconds: float) -> Times:
    """Some samples of a case, warm and cold."""
    case = _cases[number]
    times = in_turns(case, seconds=seconds)
    times.cold = cold(case, pages.forget)
    return times


def accepted() -> Times:
    """Acceptances in turns; the database is then as it was before."""
    case, changes = accepting.acceptances(2 * ACCEPTANCES)
    times = Times()
    with leaving.undone(changes):
        for number in range(2 * ACCEPTANCES):
            if number % 2:
                pages.forget()
                times.cold.append(milliseconds(case.ours))
                case.floor()
            else:
                times.ours.append(milliseconds(case.ours))
                times.floor.append(milliseconds(case.floor))
    return times


def posted() -> Times:
    """Entries of the ledger; the database is then as it was before."""
    with leaving.undone([]):
        return ledger.turns()
