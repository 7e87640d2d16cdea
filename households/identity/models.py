"""Look-ups by identity number: who looked, when, and with what result."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments


class Found(models.TextChoices):
    """The result of a look-up."""

    NOBODY = "nobody", _("没有登记")
    HERE = "here", _("在职责范围内")
    ELSEWHERE = "elsewhere", _("由别处登记")


class LookUp(models.Model):
    """One look-up; only a keyed hash of the number is stored."""

    user_id = models.BigIntegerField(_("查找人"))
    number_hash = models.CharField(max_length=64)
    found = models.CharField(_("结果"), max_length=10, choices=Found.choices)
    reason = models.CharField(_("事由"), max_length=300, blank=True)
    at = models.DateTimeField(_("时间"), default=moments.now)

    class Meta:
        verbose_name = _("按证件号查找")
        ordering = ("-id",)
        indexes = [models.Index(fields=["user_id", "-at"], name="look_up_by_person")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
