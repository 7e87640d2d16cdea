"""What proves that the secrets of a start are those of the database."""

from __future__ import annotations

from django.db import models


class ProofOfSecrets(models.Model):
    """The one row of a known text: ``sealed`` under each key that may have encrypted something here, by the number of
    the key and in base64, and its keyed hash.
    """

    only = models.BooleanField(default=True, editable=False)
    sealed = models.JSONField(default=dict)
    hashed = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "proofs of secrets"
        constraints = [
            models.UniqueConstraint(fields=["only"], name="proof_of_secrets_once"),
            models.CheckConstraint(condition=models.Q(only=True), name="proof_of_secrets_only"),
        ]

    def __str__(self) -> str:
        return f"keys {', '.join(self.sealed)}"
