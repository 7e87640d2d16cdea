"""The app configuration of households."""

from foundation import autodiscovery


class HouseholdsConfig(autodiscovery.PackageConfig):
    """Households, people, consents, and help received."""

    name = "households"
    verbose_name = "家庭"
