"""The app configuration of households."""

from django.utils.translation import gettext_lazy as _

from foundation import autodiscovery


class HouseholdsConfig(autodiscovery.PackageConfig):
    """Households, people, consents, and help received."""

    name = "households"
    verbose_name = _("家庭")
