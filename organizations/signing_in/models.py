"""Counts of sign-in tries, in the database so that all processes share them."""

from __future__ import annotations

from django.db import models


class Tries(models.Model):
    """Tries of one kind by one account, browser or address (``who``) in one period of time."""

    what = models.CharField(max_length=20)
    who = models.CharField(max_length=45)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "who", "since"], name="tries_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.count}"
