"""A message on its way to a phone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.personal_data.fields import EncryptedField, SealedTextField


class Message(models.Model):
    """One text; number and words lie encrypted, and ``about`` says what it is for."""

    to = EncryptedField(kind="phone", verbose_name=_("号码"))
    text = SealedTextField(_("内容"))
    about = models.CharField(_("用途"), max_length=40)
    at = models.DateTimeField(_("写入时间"), default=moments.now)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.to} {self.about}"


class PhoneCode(models.Model):
    """A code that was sent to a phone; only hashes are kept. ``really`` is false where
    nothing was sent, so that nobody learns whether a number is known.

    ``asker_hash`` is the visit that asked and alone may try it; ``about_hash`` what was
    typed beside the phone.
    """

    phone_hash = models.CharField(max_length=64)
    asker_hash = models.CharField(max_length=64, blank=True, db_default="")
    about_hash = models.CharField(max_length=64, blank=True, db_default="")
    purpose = models.CharField(max_length=40)
    code_hash = models.CharField(max_length=64)
    address = models.CharField(max_length=45, blank=True)
    really = models.BooleanField(default=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(default=moments.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["phone_hash", "purpose", "-sent_at"]),
            models.Index(fields=["address", "-sent_at"], name="code_by_address"),
        ]

    def __str__(self) -> str:
        return self.purpose
