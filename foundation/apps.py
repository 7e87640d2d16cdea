from foundation import autodiscovery


class FoundationConfig(autodiscovery.PackageConfig):
    name = "foundation"
    verbose_name = "基础"
