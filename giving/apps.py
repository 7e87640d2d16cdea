"""The Django app of charity funds and goods."""

from django.utils.translation import gettext_lazy as _

from foundation import autodiscovery


class GivingConfig(autodiscovery.PackageConfig):
    name = "giving"
    verbose_name = _("慈善资金和物资")
