"""The index of words is made anew: digits apart, widths alike, marks between words."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

import catalog.models.search


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_the_whole_way")]

    operations = [
        migrations.RemoveIndex(model_name="item", name="item_search"),
        migrations.RemoveField(model_name="item", name="search"),
        migrations.AddField(
            model_name="item",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=catalog.models.search.Characters(
                    "name", "name_en", "audience_text", "description", "includes", "standards",
                    weights="AABCCD",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="item_search"),
        ),
    ]
