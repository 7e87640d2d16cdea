"""The system checks of parties: every path leads to what it is for, and who takes part everywhere says so."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import ModuleType

import pytest
from django.apps import apps
from django.db import models

from foundation import parties
from foundation.lifecycle import checks_of_parties
from foundation.lifecycle.checks_of_parties import faults_of
from foundation.lifecycle.phases import ENDED, PREPARED, Phase
from foundation.lifecycle.table import LIFECYCLES
from foundation.parties import Party, everybody_in
from foundation.roles import OVERSEERS, Role
from tests.foundation.slips import said

MATTER, REFERRAL = "referrals.Matter", "referrals.Referral"


@pytest.mark.parametrize(
    ("party", "code"),
    (
        (Party(Role.COORDINATOR, organization="no_such"), "E001"),
        (Party(Role.COORDINATOR, organization="buyer__no_such"), "E001"),
        (Party(Role.COORDINATOR, organization="status__organization"), "E001"),
        (Party(Role.CIVIL_AFFAIRS, where={"no_such": 1}), "E001"),
        (Party(Role.CIVIL_AFFAIRS, where={"opened_at__gte": 1}), "E001"),
        (Party(Role.CIVIL_AFFAIRS, where={"opened_at__date__isnull": True}), "E001"),
        (Party(Role.CIVIL_AFFAIRS, unless={"no_such": 1}), "E001"),
        (Party(Role.CIVIL_AFFAIRS, matching=models.Q(no_such=1)), "E001"),
        (Party(Role.CIVIL_AFFAIRS, at="no_such"), "E001"),
        (Party(Role.CIVIL_AFFAIRS, at="status"), "E001"),
        (Party(Role.CIVIL_AFFAIRS, phases=Phase("no_such")), "E002"),
        (Party(Role.CIVIL_AFFAIRS, at="buyer", phases=PREPARED), "E002"),
        (Party(Role.EVALUATOR, user="panelseats__person", where={"panelseats__status": "seated"}), "E003"),
        (Party(Role.AUDITOR, organization="buyer"), "E004"),
        (Party(Role.AUDITOR, place="buyer__place"), "E004"),
        (Party(Role.COORDINATOR), "E005"),
        (Party(Role.EVALUATOR, phases=ENDED), "E005"),
        (Party(Role.COORDINATOR, organization="buyer", everybody=True), "E005"),
        (Party(Role.COORDINATOR, organization="invited"), "E006"),
        (Party(Role.COORDINATOR, organization="id"), "E006"),
        (Party(Role.WINDOW, place="buyer"), "E006"),
        (Party(Role.HANDLER, user="keyholders"), "E006"),
        (Party(Role.CIVIL_AFFAIRS, where={"method": "no_such"}), "E007"),
        (Party(Role.CIVIL_AFFAIRS, unless={"method__in": ("open", "no_such")}), "E007"),
        (Party(Role.CIVIL_AFFAIRS, where={"status__in": ()}), "E007"),
        (Party(Role.CIVIL_AFFAIRS, where={"restricted": "t"}), "E007"),
        (Party(Role.CIVIL_AFFAIRS, where={"opened_at__isnull": "no"}), "E007"),
    ),
)  # fmt: skip
def test_a_party_that_leads_nowhere_is_refused(party, code):
    project = apps.get_model("procurement.Project")
    assert [found for found, _words in faults_of(project, party)] == [code]


@pytest.mark.parametrize(
    ("label", "party"),
    (
        ("procurement.Project", Party(Role.EVALUATOR, at="panelseats", user="person", where={"status": "seated"})),
        ("procurement.Project", Party(Role.COORDINATOR, everybody=True)),
        ("procurement.Project", Party(Role.CIVIL_AFFAIRS, where={"restricted": False, "opened_at__isnull": True})),
        ("evaluations.Exit", Party(Role.EVALUATOR, user="panel")),
        (MATTER, Party(Role.COORDINATOR, organization="reporter_organization_id")),
    ),
)  # fmt: skip
def test_a_party_that_leads_somewhere_is_not(label, party):
    assert list(faults_of(apps.get_model(label), party)) == []


def test_everybody_in_some_roles_is_said_by_that_name():
    assert [party.everybody for party in everybody_in((Role.WINDOW, Role.AUDITOR))] == [True, True]
    assert [party.everybody for party in everybody_in((Role.WINDOW,), place="town")] == [False]


def test_who_sees_a_model_is_looked_at(slips):
    slips.model("households.Household", seen_by=(Party(Role.WINDOW, place="twon"),))
    words = "Household has no field named 'twon'"
    assert said("parties.E001") == [f"households.Household, party of window (seen_by): {words}"]


def test_who_begins_an_object_is_looked_at(slips):
    slips.row("referrals.Handover", "propose", by=(Party(Role.WINDOW, place="form_town"),))
    words = "party of window ('propose'): Handover has no field named 'form_town'"
    assert said("parties.E001") == [f"referrals.Handover, {words}"]


def test_who_makes_transitions_is_looked_at_once(slips):
    worker = Party(Role.SOCIAL_WORKER)
    slips.row(REFERRAL, "complete", by=(worker,))
    slips.row(REFERRAL, "plan", by=(worker,))
    words = "says neither whose organization, place or person it is nor that it is everybody"
    assert said() == [f"{REFERRAL}, party of social_worker ('plan', 'complete'): {words}"]


def test_who_does_an_errand_is_looked_at(slips):
    household = Party(Role.HOUSEHOLD, user="hushold__accounts__user")
    (state, errand), = LIFECYCLES[MATTER].errands.items()  # fmt: skip
    slips.table(MATTER, errands={state: replace(errand, by=(household,))})
    words = "Matter has no field named 'hushold'"
    assert said() == [f"{MATTER}, party of household (errand 'bring_papers'): {words}"]


def test_a_party_that_takes_part_elsewhere_than_its_row_is_refused(slips):
    coordinator = Party(Role.COORDINATOR, organization="provider__organization", phases=PREPARED)
    slips.row(REFERRAL, "accept", by=(coordinator,))
    assert said() == [f"{REFERRAL}: 'accept' is made in no phase in which coordinator takes part"]


def test_whoever_acts_on_what_he_does_not_see_is_refused(slips):
    slips.row("referrals.Meeting", "cancel", by=(Party(Role.FINANCE),))
    words = "'cancel' is made by finance, who does not see it (seen_by)"
    assert said() == [f"referrals.Meeting: {words}"]


@pytest.fixture
def permissions(monkeypatch) -> ModuleType:
    """A module of parties to which a test gives names."""
    module = ModuleType("referrals.more.permissions")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_a_party_that_only_code_asks_for_leads_somewhere_too(permissions):
    permissions.reading_window = Party(Role.WINDOW, place="twon")
    assert said() == ["referrals.more.permissions.reading_window is party to no model by twon"]


def test_parties_that_only_code_asks_for_say_of_which_model(permissions):
    permissions.READS_NOTES = (*everybody_in(OVERSEERS), Party(Role.WINDOW, place="town"))
    words = "no model, no row and no told_of says to what these are parties"
    assert said() == [f"referrals.more.permissions.READS_NOTES: {words}"]


def test_who_is_told_of_a_model_is_looked_at(permissions, monkeypatch):
    told = [*parties.TOLD]
    for module in (parties, checks_of_parties):
        monkeypatch.setattr(module, "TOLD", told)
    wrong = Party(Role.WINDOW, place="from_town")
    permissions.READS_NOTES = parties.told_of(MATTER, parties=(*everybody_in(OVERSEERS), wrong))
    words = "Matter has no field named 'from_town'"
    assert said() == [f"{MATTER}, party of window (told_of): {words}"]


def test_a_party_that_is_to_a_model_may_have_a_name(permissions):
    permissions.giving_window = Party(Role.WINDOW, place="from_town")
    assert said() == []


def test_a_role_that_reads_titles_as_one_party_alone_is_refused(slips):
    readers = LIFECYCLES[MATTER].model.read_by["row_title"]
    slips.model(MATTER, seen_by=(*readers, Party(Role.WINDOW, organization="window")))
    assert said("parties.E012") == [f"{MATTER}: window reads the title as one party and not as another"]


def test_a_person_who_may_be_of_several_roles_is_addressed_in_those_he_holds(slips):
    holder = "procurement.KeyHolder"
    slips.model(holder, seen_by=(*LIFECYCLES[holder].model.seen_by, Party(Role.AUDITOR, user="person")))
    words = f"{holder}, seen_by: the person of auditor may be of other roles: say if_held"
    assert said("parties.E013") == [words]
