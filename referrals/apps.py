"""The Django app of referrals."""

from django.utils.translation import gettext_lazy as _

from foundation import autodiscovery


class ReferralsConfig(autodiscovery.PackageConfig):
    name = "referrals"
    verbose_name = _("受理与转介")
