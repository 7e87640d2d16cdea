"""Whoever was only told of before becomes a household that is not verified.

Applications from outside that no window has ever accepted were bound to the number that
somebody typed; from now on the number of the document counts, at the window.
"""

from django.db import migrations


def part(apps, schema_editor):
    household = apps.get_model("households", "Household")
    matter = apps.get_model("referrals", "Matter")
    outside = ("self_service", "provider", "hotline", "assistant", "grid")
    waiting = ("reported", "papers_missing", "explained")
    for each in household.objects.filter(status="known", matters__channel__in=outside).distinct():
        own = matter.objects.filter(household=each)
        if own.exclude(channel__in=outside, status__in=waiting).exists():
            continue
        members = list(each.members.select_related("person"))
        if len(members) != 1:
            continue
        person = members[0].person
        if person.homes.count() != 1:
            continue
        person.claimed_number, person.id_number = person.id_number, None
        person.save()
        household.objects.filter(pk=each.pk).update(verified=False)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0006_results_of_a_month"),
        ("households", "0006_told_and_verified"),
    ]

    operations = [migrations.RunPython(part, migrations.RunPython.noop)]
