"""Signatures under contracts and supplementary agreements."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.amendments.models import Amendment
from contracts.contracts.models import Contract
from foundation import moments
from foundation.append_only import append_only


class Side(models.TextChoices):
    """The buyer (甲方) or the provider (乙方)."""

    BUYER = "buyer", _("甲方")
    PROVIDER = "provider", _("乙方")


class Signature(models.Model):
    """A signature under a text: the SHA-256 of its PDF, and the name typed. Append-only.

    ``amendment`` is ``None`` for the contract itself.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="signatures")
    amendment = models.ForeignKey(Amendment, models.PROTECT, null=True, blank=True, related_name="signatures")
    side = models.CharField(_("方"), max_length=8, choices=Side.choices)
    organization = models.CharField(_("单位"), max_length=80)
    signer = models.CharField(_("签署人"), max_length=40)
    sha256 = models.CharField(_("文本摘要"), max_length=64)
    at = models.DateTimeField(_("签署时间"), default=moments.now)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "amendment", "side"], name="signed_once_by_a_side", nulls_distinct=False
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.contract} {self.get_side_display()} {self.signer}"
