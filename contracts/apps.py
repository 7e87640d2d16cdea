"""The Django app of contracts and money."""

from django.utils.translation import gettext_lazy as _

from foundation import autodiscovery


class ContractsConfig(autodiscovery.PackageConfig):
    name = "contracts"
    verbose_name = _("合同与资金")
