"""A city that runs the catalog's version keeps its cases when it takes this one."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection, transaction

from catalog.models import Offer
from foundation.personal_data import keys
from households.models import HelpReceived, Household
from organizations.models import Duty
from referrals.models import Matter, Need, Referral, Satisfaction

#: One household that is served, and one judgement, as the version before had them.
BEFORE = """
INSERT INTO organizations_place (id, code, name, name_en, kind, latitude, longitude)
VALUES (1, '320281001', '澄江街道', '', 'street', 31.9, 120.2),
       (2, '32028100101', '虹桥社区', '', 'village', 31.9, 120.2);
INSERT INTO organizations_organization
    (id, kind, code, name, name_en, phone, address, may_buy, may_supply)
VALUES (1, 'body', 'minzheng', '江阴市民政局', '', '', '', true, false),
       (2, 'provider', 'p', '社工中心', '', '', '', false, true);
INSERT INTO organizations_duty (organization_id, need_kind, text, basis, valid_from)
VALUES (1, 'living', '低保', '文件', '2018-12-11');
INSERT INTO organizations_provider
    (id, created_at, organization_id, nature, standing_reason, last_grade, match_bonus, status)
VALUES (1, now(), 2, 'charity', '', '', 0, 'accredited');
INSERT INTO households_household (id, number, place_id, town_id, category, size, address, created_at)
VALUES (1, 'JT-1', 2, 1, 'none', 2, %(address)s, now());
INSERT INTO households_consent (id, household_id, purpose, receiver, scope, form, given_at)
VALUES (1, 1, '转介社会力量提供服务', '接受转介的机构', '["contact_name"]', 'written', now());
INSERT INTO households_helpreceived
    (household_id, source, giver_id, what, item_code, amount, given_on)
VALUES (1, 'charity', 2, '助学', '', 100, '2026-01-01');
INSERT INTO referrals_matter
    (id, created_at, number, household_id, town_id, window_id, channel, story, urgent, papers_missing,
     first_asked_id, first_asked_name, status)
VALUES (1, now(), 'SL-1', 1, 1, 1, 'window', '', false, E'病历\\\\3 页', 0, '甲', 'accepted');
INSERT INTO referrals_need
    (id, created_at, matter_id, town_id, kind, text, urgent, conference_asked, result, granted, refusal,
     status)
SELECT n, now(), 1, 1, 'care', '', false, false, '', 0, '', 'in_hand' FROM generate_series(1, 2) n;
INSERT INTO referrals_referral
    (id, created_at, number, need_id, offer_id, provider_id, town_id, size, urgent, units, used, goal,
     consent_id, choice, plan_text, outcome, status)
VALUES (1, now(), 'ZJ-1', 1, 1, 1, 1, 2, false, 9, 1, '', 1, '{}', '', '', 'in_service'),
       (2, now(), 'ZJ-2', 2, 1, 1, 1, 2, false, 4, 4, '', 1, '{}', '', '', 'closed');
INSERT INTO referrals_satisfaction (need_id, score, words, channel, at)
VALUES (1, 5, '', 'household', now()), (2, 4, '', 'window', now());
INSERT INTO referrals_visit (referral_id, "on", units, confirmed, worker_name, recorded_at)
VALUES (1, '2026-01-01', 1, true, '乙', now());
"""
OFFER = """
INSERT INTO catalog_offer
    (id, created_at, item_id, provider_id, places, taken, places_at, weekly, price, staff, weekdays,
     opens_at, closes_at, changed_at, status)
VALUES (1, now(), 1, 1, 5, 1, now(), 10, 40, '持证', '{MO}', '08:30', '17:30', now(), 'accepted');
"""


def test_cases_that_run_keep_their_places_and_book_their_week(empty_database):
    for app, name in (
        ("catalog", "0005"),
        ("foundation", "0002"),
        ("organizations", "0001"),
        ("households", "0003"),
        ("contracts", "0002"),
        ("referrals", "0001"),
    ):
        call_command("migrate", app, name, verbosity=0)
    address = keys.encrypt("示例弄 1 号".encode(), "households_household.address")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(BEFORE, {"address": address})
        cursor.execute(OFFER)
    call_command("migrate", verbosity=0)
    household = Household.objects.get()
    assert household.status == "known"
    assert household.address_hash == keys.keyed_hash("示例弄 1 号")
    assert household.consents.get().purpose_code == "referral"
    assert household.help_received.get().from_whom == "社工中心"
    assert list(Referral.objects.order_by("pk").values_list("weekly", flat=True)) == [3, 1]
    assert Offer.objects.defer("item").get().booked == 3
    ways = Satisfaction.objects.order_by("need").values_list("channel", flat=True)
    assert list(ways) == ["own", "call"]
    assert Duty.objects.get().status == "in_force"


def test_texts_about_people_that_lay_in_plain_are_sealed_and_read_as_before(empty_database):
    for app, name in (
        ("catalog", "0005"),
        ("foundation", "0002"),
        ("organizations", "0001"),
        ("households", "0003"),
        ("contracts", "0002"),
        ("referrals", "0001"),
    ):
        call_command("migrate", app, name, verbosity=0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(BEFORE, {"address": b""})
        cursor.execute(OFFER)
    call_command("migrate", verbosity=0)
    assert HelpReceived.objects.get().what == "助学"
    assert Matter.objects.get().papers_missing == "病历\\3 页"
    assert [each.why_proposed for each in Need.objects.all()] == ["", ""]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT what FROM households_helpreceived UNION ALL SELECT papers_missing FROM referrals_matter"
        )
        for (kept,) in cursor.fetchall():
            assert "助学".encode() not in bytes(kept)
            assert "病历".encode() not in bytes(kept)
