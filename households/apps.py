from foundation import autodiscovery


class HouseholdsConfig(autodiscovery.PackageConfig):
    name = "households"
    verbose_name = "家庭"
