"""The Django app of evaluations."""

from django.utils.translation import gettext_lazy as _

from foundation import autodiscovery


class EvaluationsConfig(autodiscovery.PackageConfig):
    name = "evaluations"
    verbose_name = _("评估与退出")
