"""How often somebody has tried lately, counted where every process sees it."""

from __future__ import annotations

from django.db import models


class Tries(models.Model):
    """Tries of one kind by one network address within one stretch of time."""

    what = models.CharField(max_length=20)
    who = models.CharField(max_length=45)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "who", "since"], name="tries_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.count}"
