"""The app configuration of organizations."""

from django.utils.translation import gettext_lazy as _

from foundation import autodiscovery


class OrganizationsConfig(autodiscovery.PackageConfig):
    """Bodies, providers, places, and people with roles."""

    name = "organizations"
    verbose_name = _("机构与人员")
