"""The Django app of the catalog."""

from django.utils.translation import gettext_lazy as _

from foundation import autodiscovery


class CatalogConfig(autodiscovery.PackageConfig):
    name = "catalog"
    verbose_name = _("购买服务目录")
