"""Contracts that came of a purchase name it, and what was awarded."""

from django.db import migrations
from django.db.models.functions import Greatest


def name_the_award(apps, schema_editor):
    call_off = apps.get_model("procurement", "CallOff")
    contract = apps.get_model("contracts", "Contract")
    for each in call_off.objects.select_related("project", "contract"):
        made = each.contract
        if made.purchase == "" and max(made.amount, made.signed_amount) > 0:
            contract.objects.filter(pk=made.pk).update(
                purchase=each.project.number,
                awarded_amount=Greatest("amount", "signed_amount"),
            )


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0002_what_an_objection_is_against"),
        ("contracts", "0013_bound_to_their_award"),
    ]

    operations = [migrations.RunPython(name_the_award, migrations.RunPython.noop)]
