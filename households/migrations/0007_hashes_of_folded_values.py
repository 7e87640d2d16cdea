"""Hashes are of the folded value now: rows whose value was kept otherwise get theirs anew.

A number that was kept twice, in two widths, stays as it is: it is a second entry of a
person whom somebody has to look at.
"""

from django.db import migrations

from foundation import typed
from foundation.personal_data.keys import keyed_hash


def fold(apps, schema_editor):
    Household = apps.get_model("households", "Household")
    for each in Household.objects.exclude(address_hash="").iterator(chunk_size=500):
        if each.address_hash != keyed_hash(each.address.plain()):
            each.save(update_fields=["address_hash"])
    Person = apps.get_model("households", "Person")
    for each in Person.objects.exclude(id_number_hash="").iterator(chunk_size=500):
        number = each.id_number.plain()
        right = keyed_hash(number)
        if number == typed.code(number) and each.id_number_hash == right:
            continue
        if not Person.objects.filter(id_number_hash=right).exclude(pk=each.pk).exists():
            each.id_number = typed.code(number)
            each.save(update_fields=["id_number", "id_number_hash"])


class Migration(migrations.Migration):
    dependencies = [("households", "0006_told_and_verified")]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
