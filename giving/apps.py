"""The Django app of charity funds and goods."""

from foundation import autodiscovery


class GivingConfig(autodiscovery.PackageConfig):
    name = "giving"
    verbose_name = "慈善资金和物资"
