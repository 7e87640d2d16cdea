"""What somebody has typed into a form and not sent yet."""

from __future__ import annotations

from django.db import models

from foundation import moments
from foundation.personal_data.fields import EncryptedField


class FormDraft(models.Model):
    """One person's unsent form at one address; encrypted, gone when sent."""

    user_id = models.BigIntegerField()
    path = models.CharField(max_length=200)
    content = EncryptedField(kind="note")
    saved_at = models.DateTimeField(default=moments.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "path"], name="draft_once")]

    def __str__(self) -> str:
        return self.path
