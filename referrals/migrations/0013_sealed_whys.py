"""What papers lack, why they are asked for again, why more help or a hand-over: sealed."""

from django.db import migrations
from django.utils.translation import gettext_lazy as _

from foundation.personal_data.fields import SealedTextField
from foundation.personal_data.sealing import seal_columns


class Migration(migrations.Migration):
    dependencies = [("referrals", "0012_orders_as_codes")]

    operations = seal_columns(
        "referrals",
        {
            ("matter", "papers_missing"): SealedTextField(_("需补齐的材料")),
            ("paperrequest", "again_because"): SealedTextField(_("再次告知的理由")),
            ("need", "why_proposed"): SealedTextField(_("建议的理由")),
            ("handover", "why"): SealedTextField(_("理由")),
        },
    )
