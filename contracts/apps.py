"""The Django app of contracts and money."""

from foundation import autodiscovery


class ContractsConfig(autodiscovery.PackageConfig):
    name = "contracts"
    verbose_name = "合同与资金"
