"""The system checks of rows: a slip of the hand in a table is told with the table, the row and the wrong name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import ASKED, PREPARED, SERVING, SUSPENDED
from foundation.lifecycle.states import STAYS, AnyOf, Arrow, State
from foundation.lifecycle.table import LIFECYCLES, Errand
from foundation.roles import Role
from tests.foundation.slips import said

REFERRAL, HANDOVER, PROJECT = "referrals.Referral", "referrals.Handover", "procurement.Project"


def test_the_tables_of_the_product_have_none():
    assert said() == []


@pytest.mark.parametrize(
    ("table", "row", "slip", "words"),
    (
        (REFERRAL, "time_out", {"at": ("referral.answr",)}, "waits for the clock 'referral.answr', which does not run"),
        (REFERRAL, "plan", {"lacks_by_day": True}, "lacks something by the day, and nothing says what"),
        (REFERRAL, "decline", {"outcome_of": "look"}, "is an outcome of 'look', which is no further step of the table"),
        (REFERRAL, "record_visit", {"later": "nope"}, "leaves its form to 'nope', which is no other row of the table"),
        (REFERRAL, "record_visit", {"later": "record_visit"}, "leaves its form to 'record_visit', which is no other row of the table"),
        (REFERRAL, "accept", {"reads": ("consnt",)}, "reads 'consnt', which does not lead to a single row"),
        (REFERRAL, "accept", {"reads": ("visits",)}, "reads 'visits', which does not lead to a single row"),
        (REFERRAL, "accept", {"fits": "takes_late_visit"}, "fits what is 'takes_late_visit', which is no property and no field of the model"),
        (REFERRAL, "accept", {"fits": "save"}, "fits what is 'save', which is no property and no field of the model"),
        (REFERRAL, "withdraw", {"kept_in": "outcom"}, "keeps its reason in 'outcom', which is no text about people"),
        (REFERRAL, "withdraw", {"kept_in": "save"}, "keeps its reason in 'save', which is no text about people"),
        (REFERRAL, "withdraw", {"kept_in": "urgent"}, "keeps its reason in 'urgent', which is no text about people"),
        (REFERRAL, "withdraw", {"reason": False}, "keeps its reason in 'outcome', and asks for none"),
        (HANDOVER, "accept", {"reason": True}, "is made by one click (at_once), and asks for something first"),
        (REFERRAL, "accept", {"sentence": "%(whom)s"}, "has a sentence with a place for something else than %(who)s"),
        (REFERRAL, "accept", {"otherwise": "%(whom)s"}, "has an other sentence with a place for something else than %(who)s"),
        (REFERRAL, "accept", {"bars": (Bar(lambda objects: {}, "%(what)s"),)}, "has a bar with a place for something else than %(act)s"),
    ),
)  # fmt: skip
def test_what_a_row_names_is_there(slips, table, row, slip, words):
    slips.row(table, row, **slip)
    assert said("lifecycle.E008") == [f"{table}: '{row}' {words}"]


def test_a_property_may_say_what_fits(slips):
    slips.row(REFERRAL, "accept", fits="known")
    assert said() == []


@pytest.mark.parametrize(
    ("table", "slip", "words"),
    (
        ("contracts.Invoice", {"looks_at": ("sampels",)}, "it looks at 'sampels', which is no relation"),
        (PROJECT, {"proposals": {"faling": "confirm_failure"}}, "the proposal 'faling' is no field of the model"),
        (PROJECT, {"proposals": {"failing": "confirm"}}, "the proposal 'failing' is decided by 'confirm', which is no transition of the table"),
        (REFERRAL, {"action_forms": {"acept": object}}, "there is a form for 'acept', which the table does not have"),
        (REFERRAL, {"field_name": "state"}, "the states are kept in 'state', which is no field of the model"),
        (REFERRAL, {"further_steps": {"accept": "look"}}, "'accept' is the name of two steps"),
    ),
)  # fmt: skip
def test_what_a_table_names_is_there(slips, table, slip, words):
    slips.table(table, **slip)
    assert said("lifecycle.E008") == [f"{table}: {words}"]


def test_what_a_worklist_joins_is_there(slips):
    slips.model(REFERRAL, worklist_joins=("neeed",))
    assert said() == [f"{REFERRAL}: its worklist joins 'neeed', which does not lead to a single row"]


@pytest.mark.parametrize(
    ("table", "row", "slip", "words"),
    (
        (HANDOVER, "propose", {"state": "drafted"}, "'propose' begins in 'drafted', which is no state of the table"),
        (HANDOVER, "accept", {"arrow": AnyOf("proposed", "drafted") >> "accepted"}, "'accept' starts from 'drafted', which is no state of the table"),
        (HANDOVER, "accept", {"arrow": AnyOf("proposed") >> "acepted"}, "'accept' leads to 'acepted', which is no state of the table"),
        (HANDOVER, "accept", {"arrow": AnyOf("proposed") >> STAYS}, "nothing leads to 'accepted'"),
    ),
)  # fmt: skip
def test_a_row_names_states_of_its_table(slips, table, row, slip, words):
    slips.row(table, row, **slip)
    assert f"{table}: {words}" in said("lifecycle.E010")


def test_a_row_that_starts_from_a_phase_without_states_is_refused(slips):
    states = LIFECYCLES[HANDOVER].states
    slips.row(HANDOVER, "accept", arrow=states.in_phase(SUSPENDED) >> "accepted")
    words = "'accept' starts from no state: no state is in the phases that it names"
    assert f"{HANDOVER}: {words}" in said("lifecycle.E010")


def test_a_state_that_is_only_left_for_itself_is_refused(slips):
    stays = LIFECYCLES[HANDOVER].states.in_phase(ASKED) >> STAYS
    for row in LIFECYCLES[HANDOVER].transitions:
        slips.row(HANDOVER, row.name, arrow=stays)
    assert f"{HANDOVER}: no transition leaves 'proposed', which is not over" in said("lifecycle.E010")


def test_a_clock_and_an_errand_hang_on_states_of_the_table(slips):
    errand = next(iter(LIFECYCLES["referrals.Matter"].errands.values()))
    slips.table("referrals.Matter", errands={"papers_mising": errand})
    slips.table(REFERRAL, clocks={**LIFECYCLES[REFERRAL].clocks, "planed": "referral.first_visit"})
    assert sorted(said("lifecycle.E010")) == [
        "referrals.Matter: an errand hangs on 'papers_mising', which is no state of the table",
        f"{REFERRAL}: a clock hangs on 'planed', which is no state of the table",
    ]


@pytest.mark.parametrize(
    ("table", "row", "slip", "words"),
    (
        ("contracts.Amendment", "sign", {"apart_from": ("proposed",)}, "'sign' is apart from 'proposed', which nobody does"),
        ("contracts.Amendment", "sign", {"apart_from": ("import",)}, "'sign' is apart from 'import', an act that is not said to be about this table"),
        ("contracts.Amendment", "sign", {"apart_from": ("sign",)}, "'sign' is apart from itself"),
        ("contracts.Contract", "cancel", {"apart_from": ("terminate",)}, "'cancel' is apart from 'terminate', which is never made before it"),
        (REFERRAL, "decline", {"apart_from": ("time_out",)}, "'decline' is apart from 'time_out', which only a clock makes"),
        (PROJECT, "propose_failure", {"proposal": False}, "'refuse_failure' is apart from 'propose_failure', which may be made anew after it: say that it is a proposal"),
        (PROJECT, "confirm_failure", {"apart_from": ()}, "the proposal 'failing' is decided by 'confirm_failure', which is apart from no proposal before it"),
        (PROJECT, "refuse_failure", {"apart_from": ()}, "'refuse_failure' decides the proposal 'failing', and is apart from no proposal"),
        ("evaluations.Appeal", "confirm", {"apart_from": ()}, "'confirm' decides what 'propose' proposed, and is not apart from it"),
    ),
)  # fmt: skip
def test_a_second_person_is_another(slips, table, row, slip, words):
    slips.row(table, row, **slip)
    assert f"{table}: {words}" in said("lifecycle.E012")


def test_a_proposal_that_nobody_else_decides_is_refused(slips):
    slips.row(REFERRAL, "plan", proposal=True)
    assert f"{REFERRAL}: 'plan' is a proposal, and no transition is apart from it" in said("lifecycle.E012")


def test_a_proposal_that_keeps_the_state_is_one_of_the_table(slips):
    slips.table(PROJECT, proposals={"passing": "confirm_next"})
    words = "'propose_failure' is a proposal that keeps the state, and none of the table's proposals"
    assert said() == [f"{PROJECT}: {words}"]


def test_a_proposal_is_decided_by_what_is_apart_from_one(slips):
    slips.table(PROJECT, proposals={"failing": "cancel"})
    words = "the proposal 'failing' is decided by 'cancel', which is apart from no proposal before it"
    assert f"{PROJECT}: {words}" in said("lifecycle.E012")


@pytest.mark.parametrize(
    ("row", "slip", "words"),
    (
        ("decline", {"by": ()}, "'decline' is made by nobody"),
        ("decline", {"primary": (Role.WINDOW,)}, "'decline' is the next step (primary) of window, who is none of its parties"),
        ("decline", {"primary": ()}, "'decline' is the next step (primary) of nobody: say False"),
        ("end_early", {"tells": (Role.HOTLINE,)}, "'end_early' is told to (tells) hotline, who is none of its parties"),
        ("plan", {"tells": (Role.COORDINATOR,)}, "'plan' is told to (tells) coordinator, who is awaited after it, and told so"),
    ),
)  # fmt: skip
def test_roles_that_a_row_names_take_part(slips, row, slip, words):
    slips.row(REFERRAL, row, **slip)
    assert said("lifecycle.E013") == [f"{REFERRAL}: {words}"]


def test_a_row_is_told_to_those_who_see_the_object_then(slips):
    seen_by = LIFECYCLES[REFERRAL].model.seen_by
    limited = [
        replace(party, phases=SERVING) if party.role is Role.SOCIAL_WORKER else party for party in seen_by
    ]
    slips.model(REFERRAL, seen_by=tuple(limited))
    words = "is told to (tells) social_worker, who sees it in no phase to which it leads"
    assert f"{REFERRAL}: 'hand_over' {words}" in said("lifecycle.E013")


@pytest.mark.parametrize(
    ("slip", "words"),
    (
        ({"followers": (Role.HOTLINE,)}, "it is followed by (followers) hotline, who is none of its parties"),
        ({"late": {"referral.answer": (Role.HOTLINE,)}}, "the clock 'referral.answer' makes late (late) hotline, who is none of its parties"),
        ({"late": {"referral.answer": (Role.HOUSEHOLD,)}}, "the clock 'referral.answer' makes late (late) a household or the system, who never are"),
        ({"errands": {"offered": Errand("wait", (), "wait")}}, "the errand 'wait' is done by nobody"),
    ),
)  # fmt: skip
def test_roles_that_a_table_names_take_part(slips, slip, words):
    slips.table(REFERRAL, **slip)
    assert said("lifecycle.E013") == [f"{REFERRAL}: {words}"]


def test_what_starts_from_every_state_says_so(slips):
    slips.row(REFERRAL, "end_with_death", from_any=False)
    words = "'end_with_death' leaves out phases (besides), and does not say from_any"
    assert said("lifecycle.E014") == [f"{REFERRAL}: {words}"]


def test_what_starts_from_every_state_says_so_without_exceptions_too(slips):
    slips.row("referrals.Need", "end_with_death", from_any=False)
    words = "'end_with_death' starts from every state that is not over, and does not say from_any"
    assert said("lifecycle.E014") == [f"referrals.Need: {words}"]


def test_a_death_ends_what_is_open_wherever_it_stands(slips):
    lifecycle = LIFECYCLES[REFERRAL]
    row = lifecycle.get_transition("end_with_death")
    serving = lifecycle.states.in_phase(SERVING)
    fewer = tuple(state for state in row.arrow.sources if state not in serving)
    slips.row(REFERRAL, "end_with_death", from_any=False, besides=(), arrow=Arrow(fewer, row.arrow.target))
    (found,) = said("lifecycle.E014")
    assert "'end_with_death' ends an object wherever it stands" in found


def test_a_death_leaves_out_what_is_prepared_alone(slips):
    slips.row(REFERRAL, "end_with_death", besides=(PREPARED, SERVING))
    assert any("leaves out the phase 'serving'" in words for words in said("lifecycle.E014"))


@pytest.mark.parametrize("slip", [{"traits": ("WILLING",)}, {"step": 1.5}, {"step": True}])
def test_a_state_is_made_of_real_traits_and_whole_steps(slip):
    with pytest.raises(TypeError):
        State("x", SERVING, **slip)
