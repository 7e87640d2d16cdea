"""The kinds of list."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CityListKind(models.TextChoices):
    """What the rows of a list are."""

    PLACES = "places", _("地点")
    BODIES = "bodies", _("部门和评估机构")
    WINDOWS = "windows", _("受理窗口")


class Outcome(models.TextChoices):
    """What becomes of a row when its list is entered."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("有变化")
    UNCHANGED = "unchanged", _("没有变化")
