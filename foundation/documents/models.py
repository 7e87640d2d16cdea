"""Documents that the product makes and stores, with their hash."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.documents.states import DocumentStatus
from foundation.lifecycle.phases import DROPPED, ENDED
from foundation.personal_data import keys
from foundation.personal_data.fields import SealedBytesField

#: The time without progress after which no worker is rendering a document any more.
STILL = timedelta(minutes=5)


class DocumentQuerySet(models.QuerySet["Document"]):
    def ready(self) -> DocumentQuerySet:
        """Documents that are made."""
        return self.filter(status__in=DocumentStatus.in_phase(ENDED))

    def unready(self) -> DocumentQuerySet:
        """Documents that wait, are being made, or could not be made."""
        return self.exclude(status__in=DocumentStatus.in_phase(ENDED))

    def left_behind(self) -> DocumentQuerySet:
        """Documents queued or rendering that have made no progress for ``STILL``.

        A time of progress in the future counts as well: the machine's clock was wrong then.
        """
        now = moments.now()
        return self.filter(status__in=DocumentStatus.unfinished()).exclude(
            touched_at__range=(now - STILL, now + STILL)
        )


def new_code() -> str:
    """An unguessable code for the address that verifies a document."""
    return secrets.token_urlsafe(12)


class Document(models.Model):
    """One PDF about one object. The file is stored encrypted, its hash in plain.

    ``touched_at`` is the time of the last progress, ``tries`` how often rendering was begun.
    """

    kind = models.CharField(_("种类"), max_length=40)
    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    title = models.CharField(_("标题"), max_length=120)
    content_digest = models.CharField(max_length=64)
    status = models.CharField(
        _("状态"), max_length=12, choices=DocumentStatus.choices, default=DocumentStatus.QUEUED
    )
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    fault = models.TextField(blank=True)
    sealed = SealedBytesField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=24, default=new_code, unique=True)
    requested_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(_("时间"), default=moments.now)
    ready_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(default=moments.now)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes = [
            models.Index(
                fields=["touched_at"],
                condition=models.Q(status__in=DocumentStatus.unfinished()),
                name="document_on_its_way",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_label", "subject_id", "content_digest"],
                name="document_once_for_the_same_content",
            ),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="document_progress_to_100"),
        ]

    def __str__(self) -> str:
        return self.title

    def left_behind(self) -> bool:
        """Whether it waits or renders without progress (see ``DocumentQuerySet.left_behind``)."""
        return type(self).objects.left_behind().filter(pk=self.pk).exists()

    @property
    def under_way(self) -> bool:
        """Whether a worker has it, or will have it."""
        return self.status in DocumentStatus.unfinished()

    @property
    def ready(self) -> bool:
        """Whether it is made."""
        return self.status in DocumentStatus.in_phase(ENDED)

    @property
    def failed(self) -> bool:
        """Whether it could not be made."""
        return self.status in DocumentStatus.in_phase(DROPPED)

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.code])

    def content(self) -> bytes:
        """The decrypted PDF."""
        return keys.decrypt(bytes(self.sealed or b""), "foundation_document.sealed")
