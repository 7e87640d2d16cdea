"""Kept sums of the records of providers, and what they told between rounds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluations.indicators.records import COUNTERS
from foundation import moments
from organizations.providers.models import Provider


class Tally(models.Model):
    """Sums of one provider over the kept window, for one kind of case; moved by ``tallies`` alone."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="tallies")
    mix = models.CharField(_("个案类型"), max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "mix"], name="tally_once_for_a_mix")]
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.provider_id} {self.mix}"


for _name in COUNTERS:
    Tally.add_to_class(_name, models.BigIntegerField(default=0))


class TallySpan(models.Model):
    """The days that the kept tallies cover; one row."""

    first = models.DateField()
    last = models.DateField()
    summed_at = models.DateTimeField(default=moments.now)

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"
