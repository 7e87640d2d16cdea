"""The app configuration of foundation."""

from django.utils.translation import gettext_lazy as _

from foundation import autodiscovery


class FoundationConfig(autodiscovery.PackageConfig):
    """The lowest package: lifecycles, journal, deadlines, personal data, rules, documents, messages."""

    name = "foundation"
    verbose_name = _("记录、规则、时限和文书")
