"""When work that the clock does was done last."""

from __future__ import annotations

from django.db import models


class Routine(models.Model):
    """One kind of work that the clock does: the last day it was done for, and when it last ran.

    ``tries`` counts beginnings without an end, and ``again_at`` is when it may begin again.
    """

    name = models.CharField(primary_key=True, max_length=60)
    last_day = models.DateField(null=True)
    ran_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
