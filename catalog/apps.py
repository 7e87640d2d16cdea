"""The Django app of the catalog."""

from foundation import autodiscovery


class CatalogConfig(autodiscovery.PackageConfig):
    name = "catalog"
    verbose_name = "购买服务目录"
