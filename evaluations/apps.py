"""The Django app of evaluations."""

from foundation import autodiscovery


class EvaluationsConfig(autodiscovery.PackageConfig):
    name = "evaluations"
    verbose_name = "评估与退出"
