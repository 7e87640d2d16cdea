"""Daily totals of the records per provider, and the span of days that they cover."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluations.indicators.records import COUNTERS
from foundation import moments
from organizations.providers.models import Provider


class Tally(models.Model):
    """The sums of one provider over the stored span, for one stratum of the case mix; written only by
    ``tallies``.
    """

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
    """The first and last day that the stored tallies cover, and their sums over all providers; a single row.

    ``city`` holds a list for each stratum: what is compared, in the order of ``tallies.COMPARED``, the marks
    and their number.
    """

    first = models.DateField()
    last = models.DateField()
    summed_at = models.DateTimeField(default=moments.now)
    city = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"
