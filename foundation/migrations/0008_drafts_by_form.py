from django.db import migrations, models

import foundation.personal_data.fields

#: A draft of an address becomes one of a form that nobody has opened since.
KEYS = "UPDATE foundation_formdraft SET key = 'kept-' || id"


class Migration(migrations.Migration):

    dependencies = [("foundation", "0007_codes_of_one_visit")]

    operations = [
        migrations.RemoveConstraint(model_name="formdraft", name="draft_once"),
        migrations.AddField(
            model_name="formdraft",
            name="key",
            field=models.CharField(default="", max_length=80),
            preserve_default=False,
        ),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="formdraft", name="spent_at", field=models.DateTimeField(null=True)
        ),
        migrations.AlterField(
            model_name="formdraft",
            name="content",
            field=foundation.personal_data.fields.EncryptedField(kind="note", null=True),
        ),
        migrations.AddIndex(
            model_name="formdraft",
            index=models.Index(fields=["user_id", "path", "-saved_at"], name="draft_by_page"),
        ),
        migrations.AddIndex(
            model_name="formdraft",
            index=models.Index(fields=["saved_at"], name="draft_by_age"),
        ),
        migrations.AddConstraint(
            model_name="formdraft",
            constraint=models.UniqueConstraint(fields=("user_id", "key"), name="draft_of_one_form"),
        ),
        migrations.AddConstraint(
            model_name="formdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("spent_at", None), ("content", None), _connector="OR"),
                name="spent_draft_is_empty",
            ),
        ),
    ]
