"""Two acts that are in each other's way: the one that the database undoes is done once more."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction

from catalog.items.models import Item
from demo.starter.provider_documents import PAGE
from foundation.inbox import notices
from foundation.journal.models import Entry
from foundation.transactions import whole
from giving import receiving
from giving.models import Pool
from organizations.places.models import Place
from tests import factories
from tests.giving.stores import store
from tests.interleaving import deadlocks
from tests.racing import at_once


def lock(pk: int) -> None:
    Place.objects.select_for_update().get(pk=pk)


def knotted(first: int, second: int, meet: threading.Barrier, tries: list[int]):
    """Lock two places, meeting the other between the two, the first time only."""

    @whole
    def act() -> int:
        tries.append(first)
        lock(first)
        if tries.count(first) == 1:
            meet.wait(10)
        lock(second)
        return first

    return act


def test_the_act_that_a_deadlock_has_undone_is_done_once_more(own_database):
    one, other = Place.objects.values_list("pk", flat=True)[:2]
    meet, tries = threading.Barrier(2), []
    done = at_once([knotted(one, other, meet, tries), knotted(other, one, meet, tries)])
    assert done == [one, other]
    assert len(tries) == 3
    assert deadlocks() == 1


def test_two_moves_that_knot_are_both_made_and_each_once(own_database, monkeypatch):
    pools = [store(10), store(10)]
    others = {pools[0].pk: pools[1].pk, pools[1].pk: pools[0].pk}
    meet, seen, tell = threading.Barrier(2), [], notices.notify

    def tell_and_knot(lifecycle, obj, row, by):
        seen.append(obj.pk)
        if seen.count(obj.pk) == 1:
            meet.wait(10)
        Pool.objects.select_for_update().get(pk=others[obj.pk])
        return tell(lifecycle, obj, row, by)

    monkeypatch.setattr(notices, "notify", tell_and_knot)
    people = [factories.member_of(pool.provider) for pool in pools]

    def write_off(pool, by):
        return receiving.write_off(pool, by=by, units=Decimal(3), reason="受潮", key=f"key-{pool.pk}")

    at_once([lambda: write_off(pools[0], people[0]), lambda: write_off(pools[1], people[1])])
    assert len(seen) == 3
    monkeypatch.undo()
    for pool, by in zip(pools, people, strict=True):
        again = write_off(pool, by)
        assert (again.available, again.lost) == (7, 3)
        entries = Entry.objects.filter(lifecycle="giving.Pool", object_id=pool.pk, move="write_off")
        assert entries.count() == 1


def test_inside_somebody_elses_transaction_nothing_is_repeated(own_database):
    one, other = Place.objects.values_list("pk", flat=True)[:2]
    meet, tries = threading.Barrier(2), []
    acts = [knotted(one, other, meet, tries), knotted(other, one, meet, tries)]
    faults = []

    def in_a_transaction(act):
        try:
            with transaction.atomic():
                act()
        except OperationalError as fault:
            faults.append(fault)

    at_once([lambda: in_a_transaction(acts[0]), lambda: in_a_transaction(acts[1])])
    assert len(tries) == 2
    assert len(faults) == 1


def test_what_fails_twice_is_told_and_any_other_fault_at_once(own_database):
    tries = []

    def fail(statement: str):
        @whole
        def act():
            tries.append(statement)
            with connection.cursor() as cursor:
                cursor.execute(statement)

        return act

    for state in ("40001", "40P01", "55P03", "57014"):
        with pytest.raises(OperationalError):
            fail(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")()
    assert len(tries) == 7


def test_a_file_is_read_whole_the_second_time_too(own_database, monkeypatch):
    provider = factories.AccreditedProvider()
    by = factories.member_of(provider)
    seen, tell = [], notices.notify

    def tell_and_fail(lifecycle, obj, row, by):
        seen.append(obj.pk)
        if len(seen) == 1:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")
        return tell(lifecycle, obj, row, by)

    monkeypatch.setattr(notices, "notify", tell_and_fail)
    from catalog.offers import applying

    paper = SimpleUploadedFile("a.pdf", PAGE)
    paper.kind = "application/pdf"
    offer = applying.apply(
        by=by,
        item=Item.objects.in_force().get(code="E01.03"),
        staff="志愿者",
        places=3,
        weekly=5,
        price=Decimal("260"),
        papers=[paper],
    )
    assert len(seen) == 2
    kept = offer.papers.get()
    assert kept.content() == PAGE
