"""Texts that were never sent are listed, those of the last day are tried again."""

from datetime import timedelta

from django.db import migrations
from django.db.models import F
from django.utils import timezone


def list_them(apps, schema_editor):
    Message = apps.get_model("foundation", "Message")
    unsent = Message.objects.filter(sent_at=None)
    unsent.filter(about__startswith="code:").update(until=F("at") + timedelta(minutes=10))
    now = timezone.now()
    unsent.filter(at__lt=now - timedelta(days=1)).update(undelivered_at=now)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0009_clocks_never_stop")]

    operations = [migrations.RunPython(list_them, migrations.RunPython.noop)]
