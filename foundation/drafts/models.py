"""Drafts of forms that were not sent yet."""

from __future__ import annotations

from django.db import models

from foundation import moments
from foundation.personal_data.fields import EncryptedField


class FormDraft(models.Model):
    """The draft of one opened form of one person: encrypted while unsent, without content once spent.

    ``key`` is the form's own. ``spent_at`` says when it was sent or discarded; nothing is saved
    under the key after that. ``user_id`` is 0 for visitors without an account. ``seat`` says in
    which role the form was opened; empty where that is not known.
    """

    user_id = models.BigIntegerField()
    seat = models.CharField(max_length=80, default="", db_default="")
    key = models.CharField(max_length=80)
    path = models.CharField(max_length=200)
    content = EncryptedField(kind="note", null=True)
    saved_at = models.DateTimeField(default=moments.now)
    spent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "key"], name="draft_of_one_form"),
            models.CheckConstraint(
                condition=models.Q(spent_at=None) | models.Q(content=None), name="spent_draft_is_empty"
            ),
        ]
        indexes = [
            models.Index(fields=["user_id", "path", "-saved_at"], name="draft_by_page"),
            models.Index(fields=["saved_at"], name="draft_by_age"),
        ]

    def __str__(self) -> str:
        return self.path
