"""What ran before books its part of the week; judgements name the way they came by."""

from django.db import migrations

WEEKS = """
    UPDATE referrals_referral SET weekly = greatest(1, ceil(units / 4.0));
    UPDATE catalog_offer o SET booked = least(o.weekly, running.units)
    FROM (SELECT offer_id, sum(weekly) AS units FROM referrals_referral
          WHERE status IN ('accepted', 'planned', 'in_service') GROUP BY offer_id) running
    WHERE running.offer_id = o.id;
"""
WAYS = """
    UPDATE referrals_satisfaction SET channel =
        CASE channel WHEN 'household' THEN 'own' WHEN 'window' THEN 'call' ELSE channel END;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_the_whole_way"),
        ("catalog", "0006_the_whole_way"),
    ]

    operations = [
        migrations.RunSQL(WEEKS, migrations.RunSQL.noop),
        migrations.RunSQL(WAYS, migrations.RunSQL.noop),
    ]
