"""Several at the same moment: one decision, one draw, one day added."""

from __future__ import annotations

from functools import partial

import pytest

from evaluations.exits import exiting
from evaluations.exits.models import Exit, Vote
from evaluations.indicators import tallies
from evaluations.indicators.models import Tally
from evaluations.indicators.records import COUNTERS
from evaluations.rectifications import rectifying
from evaluations.rectifications.models import Rectification
from foundation.deadlines import clocks
from foundation.refusals import NotNow
from tests import factories
from tests.evaluations import judging, test_exit
from tests.evaluations.judging import evaluator, in_days, second
from tests.racing import at_once, refused


def test_three_voices_at_once_make_one_decision(own_database):
    exit_ = test_exit.heard(factories.AccreditedProvider())
    voices = [second(), *(evaluator(pk) for pk in test_exit.people(*test_exit.PANEL[1:]))]
    outcomes = at_once(
        [partial(exiting.vote, exit_, by=voice, leaves=True, why="证据确凿") for voice in voices]
    )
    # Two make the majority; the third comes in time, or finds it decided.
    assert refused(outcomes, NotNow) <= 1
    assert Vote.objects.filter(exit=exit_).count() == 3 - refused(outcomes)
    assert Exit.objects.get(pk=exit_.pk).status == "handing_over"


def test_one_person_with_two_windows_votes_once(own_database):
    exit_ = test_exit.heard(factories.AccreditedProvider())
    outcomes = at_once([partial(exiting.vote, exit_, by=second(), leaves=True, why="同意") for _ in range(4)])
    assert refused(outcomes) == 3
    assert Vote.objects.filter(exit=exit_).count() == 1


def test_a_day_is_added_once_however_many_workers_carry_on(own_database):
    provider = judging.served()
    tallies.rebuild()

    def carry() -> int:
        with in_days(1):
            return tallies.roll_forward()

    assert sorted(at_once([carry] * 4)) == [0, 0, 0, 1]
    kept = Tally.objects.filter(provider=provider).values_list(*COUNTERS)
    place = COUNTERS.index("services")
    assert sum(row[place] for row in kept) == 1


@pytest.mark.parametrize("late", [True, False])
def test_the_clock_and_the_provider_end_a_rectification_once(own_database, late):
    provider = factories.AccreditedProvider()
    judging.published([provider], 1)
    mending = Rectification.objects.get(provider=provider)

    def run_out() -> object:
        with in_days(80):
            return clocks.tick()

    def report() -> object:
        return rectifying.report(mending, by=factories.member_of(provider), report="改了")

    outcomes = at_once([run_out, report] if late else [report, run_out])
    assert refused(outcomes) <= 1
    mending.refresh_from_db()
    assert (mending.status, mending.rechecker_id is not None) == ("done", True)
