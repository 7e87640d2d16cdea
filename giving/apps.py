from foundation import autodiscovery


class GivingConfig(autodiscovery.PackageConfig):
    name = "giving"
    verbose_name = "慈善资金和物资"
