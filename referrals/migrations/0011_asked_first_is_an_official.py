"""Applicants do not stand as those who answer for their own matter: the window does."""

from django.db import migrations

HANDOVERS = """
    UPDATE referrals_handover h SET from_name = left(o.name, 40)
    FROM referrals_matter m JOIN organizations_organization o ON o.id = m.window_id
    WHERE m.id = h.matter_id AND m.channel = 'self_service' AND NOT EXISTS (
        SELECT 1 FROM organizations_user u JOIN organizations_membership s ON s.user_id = u.id
        WHERE u.full_name = h.from_name AND s.role = 'window')
"""
MATTERS = """
    UPDATE referrals_matter m SET first_asked_id = 0, first_asked_name = left(o.name, 40)
    FROM organizations_organization o
    WHERE o.id = m.window_id AND (
        m.first_asked_id IN (SELECT user_id FROM organizations_membership WHERE role = 'household')
        OR m.first_asked_id = 0 AND m.channel = 'self_service')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0010_lines_that_end"),
        ("organizations", "0008_tries"),
    ]

    operations = [
        migrations.RunSQL(HANDOVERS, migrations.RunSQL.noop),
        migrations.RunSQL(MATTERS, migrations.RunSQL.noop),
    ]
