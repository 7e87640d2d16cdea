"""A city's worth of data beside people who are there already: no identity number twice."""

from __future__ import annotations

from datetime import date
from io import StringIO
from itertools import islice

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as some
from stdnum.cn import ric

from demo.scale import numbers, planning
from demo.starter import cases
from foundation import moments
from foundation.forms.fields import IdNumberField
from foundation.personal_data.keys import keyed_hash
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from households.register.models import Person
from referrals.offers.models import Referral
from tests import factories

pytestmark = pytest.mark.story

TODAY = date(2026, 11, 28)


def _seed(households: int, seed: int) -> None:
    call_command(
        "seed_scale",
        households=households,
        providers=1,
        referrals=0,
        seed=seed,
        quiet=True,
        stdout=StringIO(),
    )


@pytest.mark.parametrize("seed", [1, 2, 7, 2026])
def test_thousands_of_households_come_beside_the_demo_whatever_the_seed(own_database, seed):
    """The demo's past had numbers of the same days, wrapped at a thousand."""
    before = Person.objects.count()
    _seed(6_000, seed)
    assert Person.objects.count() == before + 6_000
    hashes = Person.objects.exclude(id_number_hash="").values_list("id_number_hash", flat=True)
    assert len(hashes) == len(set(hashes))
    field = IdNumberField()
    oldest = moments.today().replace(year=moments.today().year - 90)
    for person in Person.objects.order_by("-pk")[:200]:
        number = person.id_number.plain()
        assert field.clean(number) == number
        assert ric.get_birth_date(number) == person.birth_date
        assert oldest < person.birth_date < moments.today()
        assert person.sex == ("M" if int(number[16]) % 2 else "F")
    assert set(Person.objects.order_by("-pk")[:200].values_list("sex", flat=True)) == {"M", "F"}


def test_whoever_was_accepted_in_the_meantime_keeps_the_number(own_database):
    """The numbers that a seeding would give are those of people who were accepted before it."""
    from random import Random

    start = Random(5).randrange(numbers.MOST)
    coming = list(islice(numbers.free(start, moments.today(), ()), 400))
    for _day, _sex, number in coming[::50]:
        factories.OpenNeed(id_number=number)
    _seed(400, 5)
    _seed(400, 5)
    hashes = Person.objects.exclude(id_number_hash="").values_list("id_number_hash", flat=True)
    assert len(hashes) == len(set(hashes))


def test_a_million_numbers_are_all_different_and_none_is_taken():
    made = list(islice(numbers.free(numbers.MOST - 300_000, TODAY, ()), 600_000))
    assert len({number for _day, _sex, number in made}) == 600_000
    far = {number for _day, _sex, number in islice(numbers.free(300_000, TODAY, ()), 400_000)}
    assert not far & {number for _day, _sex, number in made}


@settings(max_examples=60, deadline=None)
@given(
    start=some.integers(0, numbers.MOST * 2),
    today=some.dates(date(2026, 1, 1), date(2040, 12, 31)),
    gone=some.sets(some.integers(0, 39), max_size=30),
)
def test_numbers_are_valid_plausible_and_never_those_that_are_taken(start, today, gone):
    first = list(islice(numbers.free(start, today, ()), 40))
    taken = {keyed_hash(first[at][2]) for at in gone}
    made = list(islice(numbers.free(start, today, taken), 40))
    assert len({number for _day, _sex, number in made}) == 40
    assert not taken & {keyed_hash(number) for _day, _sex, number in made}
    for day, sex, number in made:
        assert IdNumberField().clean(number) == number
        assert ric.get_birth_date(number) == day
        assert 18 <= (today - day).days / 365.25 < 90
        assert (int(number[16]) % 2 == 1) == (sex == "M")


def test_a_serial_without_room_is_refused_and_not_wrapped():
    numbers_of_a_day = {cases.id_number("1950-05-05", sex, serial) for serial in range(500) for sex in "FM"}
    assert len(numbers_of_a_day) == 1_000
    with pytest.raises(ValueError, match="no room"):
        cases.id_number("1950-05-05", "F", 500)


def test_numbers_that_run_out_are_said(own_database, monkeypatch):
    monkeypatch.setattr(numbers, "MOST", 300)
    with pytest.raises(CommandError, match="no identity numbers left"):
        _seed(301, 1)


def test_what_waits_in_the_city_is_what_the_product_makes_of_it(own_database):
    """The work items are copied, and making them anew finds no difference."""
    before = WorkItem.objects.count()
    call_command(
        "seed_scale", households=300, providers=12, referrals=900, seed=3, quiet=True, stdout=StringIO()
    )
    assert WorkItem.objects.count() > before + 500
    waiting = set(Referral.objects.order_by("-pk")[:900].values_list("status", flat=True))
    assert waiting == {end.value for end, *_rest in planning.ENDS}
    assert list(rebuilding.rebuild()) == []
