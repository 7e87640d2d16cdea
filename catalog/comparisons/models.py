"""Two editions that somebody compares."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from catalog.editions.models import Edition
from foundation.roles import Actor


class PairQuerySet(models.QuerySet["Pair"]):
    def visible_to(self, actor: Actor) -> PairQuerySet:
        """Pairs of which the actor sees both editions."""
        seen = Edition.objects.visible_to(actor)
        return self.filter(older__in=seen, newer__in=seen)


class Pair(models.Model):
    """Two editions that are compared; the subject of the document that shows their difference."""

    older = models.ForeignKey(Edition, models.CASCADE, related_name="+")
    newer = models.ForeignKey(Edition, models.CASCADE, related_name="+")

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["older", "newer"], name="pair_once")]

    def __str__(self) -> str:
        return f"{self.older} → {self.newer}"

    def get_absolute_url(self) -> str:
        return reverse("edition-difference", args=[self.older_id, self.newer_id])
