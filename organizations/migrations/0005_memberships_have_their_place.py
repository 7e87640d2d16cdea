"""Who is bound to a place or an organization has one; a membership without it gave sight of
what belongs to nobody, and ends here.
"""

import django.utils.translation
from django.db import migrations, models

AT_A_PLACE = ("window", "assistant", "grid_worker")
OF_AN_ORGANIZATION = ("handler", "coordinator", "social_worker")


def end_those_without(apps, schema_editor):
    memberships = apps.get_model("organizations", "Membership").objects
    memberships.filter(role__in=AT_A_PLACE, place=None).delete()
    memberships.filter(role__in=OF_AN_ORGANIZATION, organization=None).delete()


class Migration(migrations.Migration):

    dependencies = [("organizations", "0004_probation")]

    operations = [
        migrations.RunPython(end_those_without, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("role__in", AT_A_PLACE), _negated=True), ("place__isnull", False), _connector="OR"),
                name="membership_at_a_place",
                violation_error_message=django.utils.translation.gettext_lazy("这个身份要写明镇街或村（社区）。"),
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("role__in", OF_AN_ORGANIZATION), _negated=True), ("organization__isnull", False), _connector="OR"),
                name="membership_of_an_organization",
                violation_error_message=django.utils.translation.gettext_lazy("这个身份要写明机构。"),
            ),
        ),
    ]
