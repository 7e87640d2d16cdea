"""The Django app of purchases."""

from foundation import autodiscovery


class ProcurementConfig(autodiscovery.PackageConfig):
    name = "procurement"
    verbose_name = "采购"
