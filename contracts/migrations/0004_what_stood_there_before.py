"""The ledger is told what the columns already hold: what was granted, and each contract's part."""

from django.db import migrations

GRANTED = """
    INSERT INTO contracts_ledgerentry (at, line_id, credit, debit, amount, note)
    SELECT make_timestamptz(l.year, 1, 1, 0, 0, 0, 'Asia/Shanghai'), l.id, 'granted', 'available',
           l.amount, '期初'
    FROM contracts_budgetline l WHERE l.amount > 0
"""
EARMARKS = """
    INSERT INTO contracts_earmark (contract_id, line_id, reserved, committed, spent)
    SELECT contract_id, line_id,
           sum(CASE 'reserved' WHEN debit THEN amount WHEN credit THEN -amount ELSE 0 END),
           sum(CASE 'committed' WHEN debit THEN amount WHEN credit THEN -amount ELSE 0 END),
           sum(CASE 'spent' WHEN debit THEN amount WHEN credit THEN -amount ELSE 0 END)
    FROM contracts_ledgerentry WHERE contract_id IS NOT NULL GROUP BY 1, 2
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0003_budgets_and_year_end")]

    operations = [
        migrations.RunSQL(GRANTED, migrations.RunSQL.noop),
        migrations.RunSQL(EARMARKS, migrations.RunSQL.noop),
    ]
