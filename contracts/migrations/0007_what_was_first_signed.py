"""Contracts that were signed before remember their amount: nothing had been added to them."""

from django.db import migrations

SIGNED = """
    UPDATE contracts_contract SET signed_amount = amount WHERE status NOT IN ('draft', 'offered')
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0006_amendments_and_renewals")]

    operations = [migrations.RunSQL(SIGNED, migrations.RunSQL.noop)]
