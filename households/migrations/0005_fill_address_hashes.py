"""Households of before get the hash by which a shared address is found."""

from django.db import migrations


def fill(apps, schema_editor):
    household = apps.get_model("households", "Household")
    for each in household.objects.exclude(address=None).iterator(chunk_size=2000):
        each.save(update_fields=["address_hash"])


class Migration(migrations.Migration):
    dependencies = [("households", "0004_the_whole_way")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
