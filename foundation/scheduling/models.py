"""When scheduled work was last done."""

from __future__ import annotations

from django.db import models


class Routine(models.Model):
    """One kind of scheduled work: the last day it was done for, and when it last ran.

    ``tries`` counts starts that did not finish; ``again_at`` is when it may start again.
    """

    name = models.CharField(primary_key=True, max_length=60)
    last_day = models.DateField(null=True)
    ran_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
