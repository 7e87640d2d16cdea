"""Why a provider leaves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cause(models.TextChoices):
    """Why a provider leaves (domain, section 4)."""

    FAILED_TWICE = "failed_twice", _("连续两次评估不合格")
    FAILED_RECHECK = "failed_recheck", _("整改复查不合格")
    VETO = "veto", _("一票否决")
    BREACH = "breach", _("严重违约")
    LOST_LICENCE = "lost_licence", _("失去登记或资质")
    HARM = "harm", _("伤害服务对象")
    VOLUNTARY = "voluntary", _("自愿退出")
