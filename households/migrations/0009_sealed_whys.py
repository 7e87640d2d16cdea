"""Why somebody lives in two homes, why a number is corrected, what was given: sealed."""

from django.db import migrations
from django.utils.translation import gettext_lazy as _

from foundation.personal_data.fields import SealedTextField
from foundation.personal_data.sealing import seal_columns


class Migration(migrations.Migration):
    dependencies = [("households", "0008_phones_in_doubt")]

    operations = seal_columns(
        "households",
        {
            ("joining", "why"): SealedTextField(_("事由")),
            ("correction", "why"): SealedTextField(_("依据")),
            ("helpreceived", "what"): SealedTextField(_("内容")),
        },
    )
