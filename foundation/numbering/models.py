"""Counters for official numbers."""

from django.db import models


class Counter(models.Model):
    """The last number that was given with these letters (``series``) in a year."""

    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.series}{self.year}"
