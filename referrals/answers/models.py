"""How content a household is with an answer, by channel."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.parties import SeenQuerySet
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import SealedTextField
from foundation.roles import Actor
from households.register.models import Household
from referrals.needs.models import Need
from referrals.permissions import sees_needs


class Way(models.TextChoices):
    """The channel by which a household gave its rating."""

    LINK = "link", _("短信链接")
    CALL = "call", _("窗口回访")
    OWN = "own", _("本人网上")


class Satisfaction(Disclosing, models.Model):
    """The household's rating of the result by one channel: 1 (bad) to 5 (good)."""

    seen_by = sees_needs("need")

    need = models.ForeignKey(Need, models.CASCADE, related_name="satisfactions")
    score = models.PositiveSmallIntegerField(_("满意度"))
    words = SealedTextField(_("意见"))
    channel = models.CharField(_("渠道"), max_length=20, choices=Way.choices)
    at = models.DateTimeField(default=moments.now)

    objects = SeenQuerySet["Satisfaction"].as_manager()

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["at"], name="satisfaction_at")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5), name="satisfaction_1_to_5"
            ),
            models.UniqueConstraint(fields=["need", "channel"], name="satisfaction_once_a_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.score}"

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.need.about_whom

    def discloses(self, field: str, reader: Actor) -> Telling:
        """As the need that it rates."""
        return self.need.discloses("result", reader)
