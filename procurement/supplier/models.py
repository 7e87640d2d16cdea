"""A provider's folder of documents, uploaded once and included in every bid that requires them."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.parties import SeenQuerySet
from foundation.personal_data.sealed_files import SealedFile
from organizations.providers.models import Provider
from procurement.permissions import bidder
from procurement.supplier.papers import SupportingDocumentKind


class SupportingDocumentQuerySet(SeenQuerySet["SupportingDocument"]):
    def valid(self) -> SupportingDocumentQuerySet:
        """Documents that have not expired."""
        return self.filter(models.Q(valid_until=None) | models.Q(valid_until__gte=moments.today()))


class SupportingDocument(SealedFile):
    """One document; later bids include the newest one of its kind. Others get copies with the bids."""

    seen_by = (bidder,)

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="papers")
    kind = models.CharField(_("材料"), max_length=20, choices=SupportingDocumentKind.choices)
    file_kind = models.CharField(max_length=8)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    added_at = models.DateTimeField(_("上传时间"), default=moments.now)

    objects = SupportingDocumentQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "-id")

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("paper", args=[self.pk])
