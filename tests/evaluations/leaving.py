"""Providers on their way out, step by step, for tests."""

from __future__ import annotations

from evaluations.exits import exiting
from evaluations.exits.models import Exit
from foundation.roles import Role
from organizations.bodies.models import Organization
from organizations.people.models import Membership, User
from organizations.providers.models import Provider
from referrals.rematching import rematching
from tests import factories
from tests.evaluations.judging import evaluator, officer, second

PANEL = ("minzheng2", "pinggu4", "pinggu5")


def people(*names: str) -> list[int]:
    return [User.objects.get(username=name).pk for name in names]


def third_officer():
    person = factories.PersonOf(
        role=Role.CIVIL_AFFAIRS, role__organization=Organization.objects.get(code="minzheng")
    )
    return Membership.objects.select_related("user", "organization", "place").get(user=person).actor()


def proposed(provider: Provider, cause: str = "breach") -> Exit:
    return exiting.propose(by=officer(), provider=provider, cause=cause, reasons="转包三次")


def noticed(provider: Provider) -> Exit:
    return exiting.give_notice(
        proposed(provider), by=officer(), reasons="转包三次，证据见附件", panel=people(*PANEL)
    )


def heard(provider: Provider) -> Exit:
    return exiting.speak(noticed(provider), by=factories.member_of(provider), statement="只有一次")


def voted(exit_: Exit, *voices: bool) -> Exit:
    who = [second(), *(evaluator(pk) for pk in people(*PANEL[1:]))]
    for voice, leaves in zip(who, voices, strict=False):
        exiting.vote(exit_, by=voice, leaves=leaves, why="看了证据")
    return Exit.objects.get(pk=exit_.pk)


def decided(provider: Provider) -> Exit:
    return voted(heard(provider), True, True)


def emptied(exit_: Exit) -> Exit:
    """Everything open is handed over or escalated."""
    rematch = exit_.provider.rematches.filter(status="previewed").first()
    if rematch:
        rematching.approve(rematch, by=officer() if exit_.panel else second())
    return exit_


def left(provider: Provider) -> Exit:
    return exiting.finish_handover(emptied(decided(provider)), by=officer())
