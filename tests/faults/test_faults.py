"""What goes wrong in the middle leaves nothing half done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from contracts.invoices import deliveries
from foundation import moments
from foundation.deadlines import clocks
from foundation.inbox import notices
from foundation.journal import writing
from foundation.journal.models import Entry
from referrals.offers import offering
from referrals.offers.models import Referral
from referrals.service import delivery
from tests import factories
from tests.racing import at_once

pytestmark = pytest.mark.story


@pytest.mark.parametrize(
    "place",
    [(writing, "write"), (notices, "notify"), (clocks, "entered"), (clocks, "left")],
    ids=lambda place: place[1],
)
def test_a_crash_after_the_body_undoes_the_body(monkeypatch, place):
    referral = factories.OfferedReferral()
    coordinator = factories.member_of(referral.provider)
    before = Entry.objects.count()

    def crash(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(*place, crash)
    with pytest.raises(RuntimeError, match="power cut"):
        offering.accept(referral, by=coordinator)
    monkeypatch.undo()
    referral.refresh_from_db()
    referral.line.refresh_from_db()
    referral.offer.refresh_from_db()
    assert (referral.status, referral.line.reserved, referral.offer.taken) == ("offered", 0, 0)
    assert Entry.objects.count() == before
    assert offering.accept(referral, by=coordinator).status == "accepted"


def test_a_visit_whose_contract_is_not_told_is_not_recorded(monkeypatch):
    referral = factories.ReferralInService()
    worker = factories.member_of(referral.provider, "social_worker")

    def crash(*args, **kwargs):
        raise OperationalError("connection lost")

    monkeypatch.setattr(deliveries.Delivery.objects, "create", crash)
    with pytest.raises(OperationalError):
        delivery.record_visit(referral, by=worker, on=moments.today(), units=1, note="x")
    monkeypatch.undo()
    referral.refresh_from_db()
    referral.line.refresh_from_db()
    assert (referral.used, referral.visits.count(), referral.line.used) == (1, 1, 1)


def test_two_workers_that_tick_at_once_move_each_clock_once(own_database):
    referral = factories.OfferedReferral()
    late = moments.now() + timedelta(days=10)
    at_once([lambda: clocks.tick(late)] * 3)
    transitions = Entry.objects.filter(lifecycle="referrals.Referral", object_id=referral.pk, move="time_out")
    assert transitions.count() == 1
    assert Referral.objects.get(pk=referral.pk).status == "timed_out"
    doubled = Entry.objects.filter(move="overdue").values_list("lifecycle", "object_id", "basis")
    assert len(doubled) == len(set(doubled))


def test_a_connection_that_is_cut_is_made_anew(own_database):
    from django.test import Client

    client = Client()
    assert client.get("/").status_code == 200
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [own_database]
        )
    with pytest.raises(OperationalError):
        client.get("/")
    connection.close()
    assert client.get("/").status_code == 200


def test_the_page_of_a_fault_is_calm_and_shows_nothing_inside(client_of, monkeypatch):
    from marketplace.workbench import waiting

    def explode(actor):
        raise RuntimeError("secret inside")

    monkeypatch.setattr(waiting, "open_for", explode)
    client = client_of("chuangkou")
    client.raise_request_exception = False
    answer = client.get("/workbench/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "系统出了故障" in page
    assert "secret inside" not in page
