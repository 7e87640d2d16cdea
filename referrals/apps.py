"""The Django app of referrals."""

from foundation import autodiscovery


class ReferralsConfig(autodiscovery.PackageConfig):
    name = "referrals"
    verbose_name = "受理与转介"
