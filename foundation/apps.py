"""The app configuration of foundation."""

from foundation import autodiscovery


class FoundationConfig(autodiscovery.PackageConfig):
    """The lowest package: lifecycles, journal, deadlines, personal data, rules, documents, messages."""

    name = "foundation"
    verbose_name = "基础"
