"""No text that means a state stands near one, whatever is done with both, and no state is found by its looks."""

from __future__ import annotations

import pytest

from tests.house import speaking
from tests.house.near_states import near_states
from tests.house.packages import ROOT


def test_no_source_brings_a_state_together_with_a_text_that_means_one():
    sources = (name for name in speaking.sources() if not name.endswith("/states.py"))
    found = {name: near_states((ROOT / name).read_text()) for name in sources}
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize(
    "text",
    (
        'done = getattr(need, NEED.field_name) == "open"',
        'done = need.status.upper() == "OPEN"',
        'done = need.status.encode() == b"open"',
        'done = need.status == "op" + "en"',
        'done = {need.status} <= {"open"}',
        'done = not {"open"}.isdisjoint({need.status})',
        'done = operator.contains(("open",), need.status)',
        'done = re.match("open|conference", need.status)',
        'x = In(F("status"), ["open"])',
        "late = NeedStatus.unfinished()[1:]",
        "first, *others = NeedStatus.in_phase(ASKED)",
        "last = list(NeedStatus.in_phase(ASKED)).pop()",
        'source = NEED.get_transition("close").arrow.sources[0]',
        'late = [state for state in NeedStatus if state.meaning.tone == "late"]',
        'some = [state for state in NeedStatus if state.name.startswith("OP")]',
    ),
)
def test_a_text_that_means_a_state_is_found_near_one_and_some_taken_out_of_several(text):
    assert near_states(text)


@pytest.mark.parametrize(
    "text",
    (
        "done = need.status in NeedStatus.in_phase(ASKED)",
        "words = say(need.kind, 'open')",
        "first, last = rows",
        "sources = row.arrow.sources",
    ),
)
def test_what_means_no_state_is_not_found_near_one(text):
    assert near_states(text) == []
