"""Two editions that somebody compares."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.urls import reverse

from catalog.editions.models import Edition
from catalog.editions.states import SEES_EDITIONS, EditionStatus
from foundation.parties import Party, SeenQuerySet


def _of(party: Party) -> Party:
    """Those who see both editions of a pair, of a party that sees an edition."""
    if party.phases is None:
        return party
    states = EditionStatus.in_phase(party.phases)
    return replace(party, phases=None, where={"older__status__in": states, "newer__status__in": states})


class Pair(models.Model):
    """Two editions that are compared; the subject of the document that shows their difference."""

    seen_by = tuple(_of(party) for party in SEES_EDITIONS)

    older = models.ForeignKey(Edition, models.CASCADE, related_name="+")
    newer = models.ForeignKey(Edition, models.CASCADE, related_name="+")

    objects = SeenQuerySet["Pair"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["older", "newer"], name="pair_once")]

    def __str__(self) -> str:
        return f"{self.older} → {self.newer}"

    def get_absolute_url(self) -> str:
        return reverse("edition-difference", args=[self.older_id, self.newer_id])
