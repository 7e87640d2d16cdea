"""The search box by number: a beginning or the digits, by the index, for every role."""

from __future__ import annotations

import pytest
from django.db import connection

from households.register.models import Household
from referrals.complaints.models import Complaint
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.offers.models import Referral
from tests import factories
from tests.statements import opened, sent_by

pytestmark = pytest.mark.story


def found(client, asked: str) -> str:
    answer = client.get("/search/", {"q": asked})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def referral() -> Referral:
    return factories.AcceptedReferral()


@pytest.mark.parametrize("username", ["minzheng", "shenji", "chuangkou"])
def test_a_number_is_found_whole_by_its_beginning_and_by_its_digits(client_of, referral, username):
    client = client_of(username)
    for obj in (referral, referral.need.matter, referral.need.matter.household):
        number = obj.number
        digits = number.rsplit("-", 1)[1]
        for asked in (number, number.lower(), number[:-2], number[:9], digits, str(int(digits)).zfill(2)):
            assert f'href="{obj.get_absolute_url()}"' in found(client, asked), asked


def test_a_full_width_number_is_found(client_of, referral):
    wide = referral.number.translate({each: each + 0xFEE0 for each in range(0x21, 0x7F)})
    assert referral.get_absolute_url() in found(client_of("minzheng"), wide)


@pytest.mark.parametrize("username", ["chuangkou2", "jiating", "jigou2", "caizheng"])
def test_no_number_opens_what_the_person_may_not_see(client_of, referral, username):
    client = client_of(username)
    for obj in (referral, referral.need.matter, referral.need.matter.household):
        for asked in (obj.number, obj.number[:-1], obj.number[-6:]):
            assert obj.get_absolute_url() not in found(client, asked)


@pytest.mark.parametrize("asked", ["JT-2026-0", "JT-2026-00", "SL", "ZJ-2026-0000", "25", "999999999999"])
@pytest.mark.parametrize("username", ["minzheng", "shenji", "chuangkou", "jiating", "jigou"])
def test_a_search_reads_a_bounded_number_of_rows(client_of, username, asked):
    """No number is compared with a piece of text in its middle, for that reads them all."""
    client = client_of(username)
    statements = sent_by(found, client, asked)
    assert len(statements) <= 12
    by_number = [statement for statement in statements if '"number"' in statement and "WHERE" in statement]
    for sql in by_number:
        assert "UPPER(" not in sql.split("WHERE", 1)[1] or "organization" in sql, sql


@pytest.mark.parametrize(
    ("asked", "named"), [("ZJ-2026-0000", False), ("zj-2", False), ("zj", True), ("12", True), ("照料", True)]
)
def test_what_begins_as_a_number_is_looked_for_among_numbers_only(client_of, asked, named):
    client = client_of("minzheng")
    names = [sql for sql in sent_by(found, client, asked) if 'plain_names"::text LIKE' in sql]
    assert bool(names) is named


@pytest.mark.parametrize("model", [Household, Matter, Referral])
def test_a_beginning_of_a_number_is_found_by_an_index(model):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        like = model.objects.filter(number__startswith="XX-2026-000").order_by()
        plan = like.values("pk").explain()
    assert "number" in plan and "Index" in plan and "Seq Scan" not in plan, plan


def test_a_list_of_households_is_narrowed_by_the_index_too(client_of, referral):
    household = referral.need.matter.household
    client = client_of("minzheng")
    page, told = opened(client, "/households/", q=household.number[-6:])
    assert household.get_absolute_url() in page
    assert not [sql for sql in told if 'UPPER("households_household"' in sql]


@pytest.mark.parametrize("model", [Matter, Need, Referral, Complaint])
def test_a_household_finds_its_own_cases_without_reading_the_citys(who, model):
    """The plan begins at the household's own key, not at the newest case of anybody."""
    own = model.objects.visible_to(who("jiating")).order_by("-pk")[:51]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = own.explain()
    assert "Index Scan using households_householdaccount_user_id" in plan, plan
    assert "Backward" not in plan and "Seq Scan on referrals" not in plan, plan
    assert set(own) <= set(model.objects.all())


@pytest.mark.parametrize(
    ("asked", "models"),
    [
        ("ZJ-2026-0", [Referral]),
        ("sl", [Matter]),
        ("JT-", [Household]),
        ("照料", []),
        ("123", [Household, Matter, Referral]),
    ],
)
def test_a_number_is_looked_for_in_its_own_series_only(client_of, asked, models):
    client = client_of("minzheng")
    statements = " ".join(sent_by(found, client, asked))
    looked_through = [
        model for model in (Household, Matter, Referral) if f'FROM "{model._meta.db_table}"' in statements
    ]
    assert looked_through == models
