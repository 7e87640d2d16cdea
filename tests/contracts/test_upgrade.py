"""A city that runs the version before keeps its money when it takes this one."""

from __future__ import annotations

from decimal import Decimal

from django.core.management import call_command
from django.db import connection, transaction

from contracts import ledger
from contracts.models import BudgetLine, Contract

BEFORE = """
INSERT INTO organizations_organization
    (id, kind, code, name, name_en, phone, address, may_buy, may_supply)
VALUES (1, 'body', 'minzheng', '江阴市民政局', '', '', '', true, false),
       (2, 'provider', 'p', '社工中心', '', '', '', false, true);
INSERT INTO organizations_provider
    (id, created_at, organization_id, nature, standing_reason, last_grade, match_bonus, status)
VALUES (1, now(), 2, 'charity', '', '', 0, 'accredited');
INSERT INTO contracts_budgetline
    (id, year, source, body_id, amount, available, reserved, committed, spent)
VALUES (1, 2026, '市级', 1, 1000, 400, 100, 420, 80), (2, 2026, '空', 1, 0, 0, 0, 0, 0);
INSERT INTO contracts_contract
    (id, created_at, number, title, buyer_id, provider_id, edition_id, budget_line_id, method, start_on,
     end_on, amount, spent, payment_share, status)
VALUES (1, now(), 'HT-1', '照料', 1, 1, 1, 1, 'open', '2026-01-01', '2026-12-31', 500, 80, 1, 'in_force'),
       (2, now(), 'HT-2', '餐食', 1, 1, 1, 1, 'open', '2026-01-01', '2026-12-31', 100, 0, 1, 'draft');
INSERT INTO contracts_ledgerentry (at, line_id, credit, debit, amount, contract_id, note)
VALUES (now(), 1, 'available', 'reserved', 500, 1, ''), (now(), 1, 'reserved', 'committed', 500, 1, ''),
       (now(), 1, 'committed', 'spent', 80, 1, ''), (now(), 1, 'available', 'reserved', 100, 2, '');
"""


def test_what_the_columns_held_is_told_to_the_ledger(empty_database):
    for app, name in (("organizations", "0002"), ("catalog", "0005"), ("contracts", "0002")):
        call_command("migrate", app, name, verbosity=0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(BEFORE)
    call_command("migrate", verbosity=0)
    assert list(ledger.faults()) == []
    line = BudgetLine.objects.get(source="市级")
    assert line.entries.get(credit="granted").amount == Decimal(1000)
    earmarks = line.earmarks.order_by("contract_id").values_list("reserved", "committed", "spent")
    assert list(earmarks) == [(0, 420, 80), (100, 0, 0)]
    signed = Contract.objects.order_by("pk").values_list("signed_amount", flat=True)
    assert list(signed) == [500, 0]


NEVER_SIGNED = """
INSERT INTO contracts_contract
    (id, created_at, number, title, buyer_id, provider_id, edition_id, budget_line_id, method, start_on,
     end_on, amount, signed_amount, purchase, spent, payment_share, billing, hold_back_percent, final_shares,
     penalties, standards_note, status)
VALUES (1, now(), 'HT-1', '', 1, 1, 1, 1, 'single', '2026-01-01', '2026-12-31', 500, 0, '', 0, 1, 'any_time', 0,
        '{}', '[]', '', 'terminated'),
       (2, now(), 'HT-2', '', 1, 1, 1, 1, 'single', '2026-01-01', '2026-12-31', 500, 500, '', 0, 1, 'any_time', 0,
        '{}', '[]', '', 'terminated'),
       (3, now(), 'HT-3', '', 1, 1, 1, 1, 'single', '2026-01-01', '2026-12-31', 500, 0, '', 0, 1, 'any_time', 0,
        '{}', '[]', '', 'settled'),
       (4, now(), 'HT-4', '', 1, 1, 1, 1, 'single', '2026-01-01', '2026-12-31', 500, 0, '', 0, 1, 'any_time', 0,
        '{}', '[]', '', 'draft');
"""


def test_what_was_never_signed_by_both_is_no_terminated_contract_any_more(empty_database):
    call_command("migrate", "contracts", "0015", verbosity=0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(NEVER_SIGNED)
    call_command("migrate", "contracts", "0016", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM contracts_contract ORDER BY id")
        assert [status for (status,) in cursor.fetchall()] == ["dropped", "terminated", "dropped", "draft"]
