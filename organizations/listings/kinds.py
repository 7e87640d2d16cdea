"""The two lists of the registration authority."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListKind(models.TextChoices):
    """Which list: the first suspends for new work, the second bars, both while an organization stands on it."""

    ABNORMAL = "abnormal", _("活动异常名录")
    SERIOUS_BREACH = "serious_breach", _("严重违法失信名单")
