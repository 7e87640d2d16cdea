"""A mark in every text about households: who is not to read them finds none behind any door.

A new column, or a new page, is walked without being named here; what an office says of its own
work is named in ``OF_OFFICES``.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from demo.scale import copying
from demo.starter.places_and_people import actor
from foundation.deadlines.models import Clock
from foundation.personal_data import keys
from foundation.personal_data.fields import EncryptedField, SealedTextField
from referrals.matters.models import Channel, DocumentRequest, Matter
from referrals.offers.models import Referral
from tests import factories
from tests.access import addresses
from tests.access.addresses import Fill

pytestmark = pytest.mark.story

#: Texts of an office about its own work, and names of officials.
OF_OFFICES = {
    "households.Consent.purpose",
    "households.Consent.receiver",
    "referrals.Matter.external_number",
    "referrals.Matter.external_code",
    "referrals.Matter.first_asked_name",
    "referrals.DocumentRequest.asked_by",
    "referrals.Handover.from_name",
    "referrals.Visit.worker_name",
    "referrals.Meeting.venue",
    "referrals.Override.key",
    "referrals.Override.actor_name",
    "referrals.Referral.case_mix",
    "referrals.Referral.ended_by",
    "households.HelpReceived.item_code",
}
#: The kinds of object that are about households, by the first part of their addresses.
ABOUT = (
    "households",
    "relocations",
    "joinings",
    "corrections",
    "matters",
    "needs",
    "referrals",
    "calls",
    "handovers",
    "complaints",
    "meetings",
    "missing-help",
)
#: Objects of a kind that are walked.
EACH = 4
#: With signs that no token, address or cipher text holds by chance.
MARK = re.compile(r"Zq\.\d+\.z")


def texts_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a model in which somebody writes words."""
    free = (models.CharField, models.TextField, EncryptedField, SealedTextField)
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, free)
        and not field.choices
        and not field.unique
        and not field.name.endswith("_hash")
        and getattr(field, "kind", "") not in ("id_number", "phone")
        and f"{model._meta.label}.{field.name}" not in OF_OFFICES
    ]


@pytest.fixture
def planted(told_of) -> dict[str, tuple[str, int]]:
    """A mark in each text of each row; what each mark stands in."""
    factories.ReferralInService()
    marks: dict[str, tuple[str, int]] = {}

    def mark(where: str, pk: int) -> str:
        marks[name := f"Zq.{len(marks)}.z"] = (where, pk)
        return name

    with copying.without_triggers(), connection.cursor() as cursor:
        for app in ("households", "referrals"):
            for model in apps.get_app_config(app).get_models():
                for field in texts_of(model):
                    filled = model._base_manager.exclude(**{f"{field.name}__isnull": True})
                    rows = []
                    for pk in filled.values_list("pk", flat=True):
                        text = mark(f"{model._meta.label}.{field.name}", pk)
                        sealed = isinstance(field, EncryptedField | SealedTextField)
                        rows.append((keys.encrypt(text.encode(), field.purpose) if sealed else text, pk))
                    cursor.executemany(
                        f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s WHERE id = %s', rows
                    )
    for referral in Referral.objects.all():
        choice = {
            "reason": mark("choice.reason", referral.pk),
            "override": mark("choice.override", referral.pk),
        }
        Referral.objects.filter(pk=referral.pk).update(choice={**referral.choice, **choice})
    for clock in Clock.objects.filter(lifecycle__startswith="referrals.", stopped_at=None):
        Clock.objects.filter(pk=clock.pk).update(
            paused_at=clock.started_at,
            pause_cause="household_away",
            paused_by="窗口",
            pause_reason=mark("clock.pause_reason", clock.pk),
        )
    return marks


def paths_of(username: str, fill: Fill) -> list[str]:
    """What somebody's role may open, with the newest objects about households, and their clocks."""
    person, clocks = actor(username), []

    def newest(model: type[Any]) -> list[Any]:
        found = list(model._default_manager.visible_to(person)[:EACH])
        clocks.extend(
            f"/api/v1/clocks/{obj._meta.label}/{obj.pk}" for obj in found if hasattr(obj, "lifecycle")
        )
        return found

    opened = addresses.paths_of(username, fill, newest, ABOUT)
    return ["/search/?q=SL-2026", "/search/?q=ZJ-2026", *opened, *dict.fromkeys(clocks)]


def of_grid_workers(where: str, pk: int) -> bool:
    """Whether a text was told by a grid worker, who may read it."""
    if where in ("referrals.Matter.story", "referrals.Matter.papers_missing"):
        return Matter.objects.get(pk=pk).channel == Channel.GRID
    if where.startswith("referrals.DocumentRequest."):
        return DocumentRequest.objects.get(pk=pk).matter.channel == Channel.GRID
    return False


@pytest.mark.parametrize("username", ["minzheng", "shenji", "wangge", "rexian", "caizheng"])
def test_no_door_tells_a_text_about_a_household_to_who_is_not_to_read_it(
    client_of, planted, example, username
):
    assert len(planted) > 500
    client, found, opened = client_of(username), set(), 0
    for path in paths_of(username, example):
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.streaming or answer.status_code != 200:
            continue
        opened += 1
        for mark in MARK.findall(answer.content.decode(errors="replace")):
            if mark in planted and not (username == "wangge" and of_grid_workers(*planted[mark])):
                found.add((path, planted[mark][0]))
    assert sorted(found) == []
    assert opened > 10
