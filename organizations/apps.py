"""The app configuration of organizations."""

from foundation import autodiscovery


class OrganizationsConfig(autodiscovery.PackageConfig):
    """Bodies, providers, places, and people with roles."""

    name = "organizations"
    verbose_name = "机构与人员"
