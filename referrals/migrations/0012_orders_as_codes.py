"""An order is one order however its number is written: those of before get their code too.

Of orders that were taken twice the first has the code; the others stay as they are.
"""

from django.db import migrations, models

from foundation.typed import order_code


def fill(apps, schema_editor):
    Matter = apps.get_model("referrals", "Matter")
    taken = set()
    orders = Matter.objects.exclude(external_number="").order_by("pk").only("channel", "external_number")
    for each in orders.iterator(chunk_size=500):
        code = order_code(each.external_number)
        if code and (each.channel, code) not in taken:
            taken.add((each.channel, code))
            Matter.objects.filter(pk=each.pk).update(external_code=code)


class Migration(migrations.Migration):

    dependencies = [
        ('households', '0007_hashes_of_folded_values'),
        ('organizations', '0008_tries'),
        ('referrals', '0011_asked_first_is_an_official'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='matter',
            name='matter_once_by_external_number',
        ),
        migrations.AddField(
            model_name='matter',
            name='external_code',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=120),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.UniqueConstraint(condition=models.Q(('external_code', ''), _negated=True), fields=('channel', 'external_code'), name='matter_once_by_external_code'),
        ),
    ]
