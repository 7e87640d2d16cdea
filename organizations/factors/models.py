"""What people prove themselves with besides the password."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.personal_data.fields import SealedBytesField
from organizations.people.models import User


class FactorKind(models.TextChoices):
    """The kinds of second factors that a person adds."""

    APP = "app", _("验证器")
    PASSKEY = "passkey", _("通行密钥")


class Factor(models.Model):
    """An authenticator app or a passkey of one person.

    An app shares ``secret``; ``step`` is the last span of 30 seconds whose code was used, so that none is used twice.
    A passkey has ``credential``, its number in base64url, and ``public_key`` as the browser gave it (WebAuthn).
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="factors")
    kind = models.CharField(_("种类"), max_length=10, choices=FactorKind.choices)
    name = models.CharField(_("名称"), max_length=40)
    secret = SealedBytesField(null=True, blank=True, editable=False)
    step = models.BigIntegerField(default=0, editable=False)
    credential = models.CharField(max_length=1400, null=True, blank=True, unique=True, editable=False)
    public_key = models.BinaryField(null=True, blank=True, editable=False)
    added_at = models.DateTimeField(_("添加时间"), default=moments.now, editable=False)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=FactorKind.APP, secret__isnull=False)
                | models.Q(kind=FactorKind.PASSKEY, credential__isnull=False, public_key__isnull=False),
                name="factor_of_its_kind",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code on paper that stands for a lost factor, once; only its keyed hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(default=moments.now, editable=False)
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return str(self.pk)
