"""The kept sums are forgotten: tonight everything is summed anew by what in time means now."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def forget(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("evaluations", "TallySpan").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0003_the_whole_way")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
