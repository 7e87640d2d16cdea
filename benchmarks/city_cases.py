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
    """Acceptances in turns, every other one cold; the database is then as it was before."""
    ours, floor = accepting.acceptances(2 * ACCEPTANCES)
    times = Times()
    with leaving.undone([change for one in (*ours, *floor) for change in one.changes]):
        for number, (mine, theirs) in enumerate(zip(ours, floor, strict=True)):
            if number % 2:
                pages.forget()
                times.cold.append(milliseconds(mine.act))
            else:
                times.ours.append(milliseconds(mine.act))
                times.floor.append(milliseconds(theirs.floor))
    return times


def posted() -> Times:
    """Entries of the ledger; the database is then as it was before."""
    with leaving.undone([]):
        return ledger.turns()
