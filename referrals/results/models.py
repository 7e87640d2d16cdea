"""The published results of each closed month, with nothing that is not public."""

from __future__ import annotations

from django.db import models

from foundation import moments


class Issue(models.Model):
    """The results of one calendar month. They never change, so that two versions cannot be compared.

    ``figures`` and ``lines`` hold no group smaller than ``least`` households.
    """

    month = models.DateField(unique=True)
    least = models.PositiveSmallIntegerField()
    figures = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    made_at = models.DateTimeField(default=moments.now)

    class Meta:
        ordering = ("-month",)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
