"""The system checks of words: names fit where they are kept, labels are translated and tell one from another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from foundation.journal import sentences
from foundation.journal.sentences import Act
from foundation.lifecycle.table import LIFECYCLES
from tests.foundation.slips import said

REFERRAL, MATTER = "referrals.Referral", "referrals.Matter"

LONG = "put_the_service_on_hold_as_the_family_wishes"


@pytest.mark.parametrize(
    ("row", "slip", "words"),
    (
        ("accept", {"label": "Accept"}, "'accept' is not translated"),
        ("accept", {"sentence": "%(who)s accepted"}, "the sentence of 'accept' is not translated"),
        ("accept", {"consequence": "It begins"}, "the consequence of 'accept' is not translated"),
        ("accept", {"otherwise": "It ends"}, "the other sentence of 'accept' is not translated"),
    ),
)
def test_the_words_of_a_row_are_translated(slips, row, slip, words):
    slips.row(REFERRAL, row, **slip)
    assert said() == [f"{REFERRAL}: {words}"]


def test_the_label_of_a_state_is_translated(slips):
    slips.state(REFERRAL, "planned", label="Planned")
    assert said() == [f"{REFERRAL}: the label of the state 'planned' is not translated"]


def test_the_labels_of_steps_are_translated(slips):
    (state, errand), = LIFECYCLES[MATTER].errands.items()  # fmt: skip
    slips.table(MATTER, errands={state: replace(errand, label="Bring papers")})
    slips.table(REFERRAL, further_steps={"look": "Look"})
    assert set(said()) == {
        f"{MATTER}: the errand '{errand.name}' is not translated",
        f"{REFERRAL}: the step 'look' is not translated",
    }


@pytest.mark.parametrize(
    "name", ("Accept", "accept-it", "accept it", "accept__it", "_accept", "accept_", "2nd")
)
def test_a_name_is_of_small_letters_and_underscores(slips, name):
    slips.row(REFERRAL, "accept", name=name)
    told = f"{REFERRAL}: the transition '{name}' is not in small letters and underscores, of which addresses are made"
    assert told in said("lifecycle.E015")


def test_a_name_fits_where_it_is_kept(slips):
    slips.row(REFERRAL, "accept", name=LONG)
    slips.row(REFERRAL, "prepare", name=LONG)
    slips.table(REFERRAL, further_steps={LONG: _("服务中")})
    slips.table(MATTER, clocks={**LIFECYCLES[MATTER].clocks, "accepted": "m" * 61})
    slips.row("referrals.Handover", "accept", basis="S" * 61)
    assert set(said("lifecycle.E015")) == {
        f"{REFERRAL}: the start '{LONG}' has 44 letters, and Entry.move holds 40",
        f"{REFERRAL}: the transition '{LONG}' has 44 letters, and Entry.move holds 40",
        f"{REFERRAL}: the transition '{LONG}' has 44 letters, and WorkItem.step holds 40",
        f"{REFERRAL}: the step '{LONG}' has 44 letters, and WorkItem.step holds 40",
        f"{MATTER}: the rule '{'m' * 61}' has 61 letters, and Clock.rule_key holds 60",
        "referrals.Handover: the basis of 'accept' has 61 letters, and Entry.basis holds 60",
        "referrals.Handover: the basis of 'accept' has 61 letters, and WorkItem.basis holds 60",
    }


def test_an_act_of_the_journal_fits_too(monkeypatch):
    monkeypatch.setitem(sentences.ACTS, f"{LONG}-now", Act(_("服务中")))
    assert said() == [
        f"the act '{LONG}-now' is not in small letters and underscores, of which addresses are made",
        f"the act '{LONG}-now' has 48 letters, and Entry.move holds 40",
    ]


def test_two_states_have_two_labels(slips):
    slips.state(REFERRAL, "planned", label=_("服务中"))
    assert f"{REFERRAL}: two states are called '服务中'" in said("lifecycle.E017")


def test_two_transitions_from_a_state_have_two_labels(slips):
    accept, label = (
        LIFECYCLES[REFERRAL].get_transition("accept"),
        LIFECYCLES[REFERRAL].get_transition("decline").label,
    )
    slips.row(REFERRAL, "accept", label=label)
    told = {
        f"{REFERRAL}: two transitions from '{state}' are called '{label}'" for state in accept.arrow.sources
    }
    assert told <= set(said("lifecycle.E017"))


def test_two_labels_are_not_one_in_another_language(slips):
    for state, chinese in (("planned", "甲"), ("in_service", "乙")):
        words = lazy(lambda chinese=chinese: "Done" if get_language() == "en" else chinese, str)()
        slips.state(REFERRAL, state, label=words)
    assert said() == [f"{REFERRAL}: two states are called 'Done'"]
