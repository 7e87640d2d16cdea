"""What earlier editions did not have: headings, standards as data, days in force."""

import re
from datetime import timedelta

from django.db import migrations

GROUPS = {
    "A": ("基层经办事务", "Front-line administration"),
    "B": ("照料护理", "Care"),
    "C": ("心理与社会支持", "Psychological and social support"),
    "D": ("能力提升与发展", "Ability and development"),
    "E": ("补充性救助项目", "Supplementary aid projects"),
}
PUBLISHED = ("scheduled", "in_force", "superseded", "withdrawn")


def fill(apps, schema_editor):
    Edition = apps.get_model("catalog", "Edition")
    Heading = apps.get_model("catalog", "Heading")
    Term = apps.get_model("catalog", "Term")
    Organization = apps.get_model("organizations", "Organization")
    leading = Organization.objects.filter(code="minzheng").first()
    for edition in Edition.objects.order_by("in_force_from", "id"):
        edition.issuer = leading
        if edition.status in PUBLISHED:
            edition.dated_on = edition.published_on
            edition.withdrawal = "（未记录）" if edition.status == "withdrawn" else ""
        edition.save()
        codes = sorted(edition.items.values_list("code", flat=True))
        for code in dict.fromkeys(code[:1] for code in codes):
            name, english = GROUPS.get(code, (code, code))
            Heading.objects.create(edition=edition, code=code, name=name, name_en=english)
        for code in dict.fromkeys(code[:3] for code in codes):
            name, english = GROUPS.get(code[:1], (code, code))
            Heading.objects.create(
                edition=edition, code=code, name=f"{name}({code})", name_en=f"{english} ({code})"
            )
        for item in edition.items.all():
            _fill_item(item)
        if edition.status in ("in_force", "superseded"):
            last = edition.in_force_to
            until = last + timedelta(days=1) if last else None
            Term.objects.create(edition=edition, starts=edition.in_force_from, until=until)


def _fill_item(item):
    item.description = item.description or f"{item.name}:{item.standard}"
    item.standards = [
        {
            "text": re.sub(r"[|\uff5c\r\n]", " ", item.standard)[:120],
            "text_en": re.sub(r"[|\uff5c\r\n]", " ", item.standard_en)[:200],
            "measure": "符合标准的比例",
            "comparison": "at_least",
            "target": "100",
            "unit": "%",
        }
    ]
    item.target_groups = ["low_income"]
    if item.funding == "purchased":
        item.methods = ["open", "consultation", "framework", "commission", "single", "inquiry"]
    item.save()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_more_of_an_edition")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
