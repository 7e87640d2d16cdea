"""The Django app of purchases."""

from django.utils.translation import gettext_lazy as _

from foundation import autodiscovery


class ProcurementConfig(autodiscovery.PackageConfig):
    name = "procurement"
    verbose_name = _("采购")
