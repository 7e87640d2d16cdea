"""A matter: one knock at the door, by one household."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.model import LivedModel
from foundation.personal_data.fields import SealedTextField
from foundation.roles import Actor, Role
from households.models import Household
from organizations.models import Organization, Place
from referrals.lifecycle import MATTER, MatterStatus


class Channel(models.TextChoices):
    WINDOW = "window", _("窗口")
    ASSISTANT = "assistant", _("村(社区)协管员")
    GRID = "grid", _("网格员")
    HOTLINE = "hotline", _("12345 热线")
    SELF_SERVICE = "self_service", _("本人网上")


class MatterQuerySet(models.QuerySet["Matter"]):
    def visible_to(self, actor: Actor) -> MatterQuerySet:
        """The window of the town, the village's assistant, the household itself,
        the body or conference that a need was brought to, and oversight.
        """
        match actor.role:
            case Role.CIVIL_AFFAIRS | Role.AUDITOR:
                return self
            case Role.WINDOW:
                return self.filter(town_id=actor.place_id)
            case Role.ASSISTANT:
                return self.filter(household__place_id=actor.place_id)
            case Role.HOUSEHOLD:
                return self.filter(household__accounts__user_id=actor.user_id)
        return self.none()


class Matter(LivedModel):
    """What a household asked for, when and where; its needs hang below it."""

    lifecycle = MATTER
    worklist_joins = ("household__place", "town")

    number = models.CharField(_("受理号"), max_length=20, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="matters")
    town = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("受理镇街"))
    window = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("受理窗口")
    )
    channel = models.CharField(_("渠道"), max_length=14, choices=Channel.choices)
    story = SealedTextField(_("情况说明"))
    urgent = models.BooleanField(_("急难"), default=False)
    papers_missing = models.TextField(_("需补齐的材料"), max_length=1000, blank=True)
    first_asked_id = models.BigIntegerField(_("首问负责人"))
    first_asked_name = models.CharField(_("首问负责人"), max_length=40)
    status = models.CharField(
        _("状态"), max_length=20, choices=MatterStatus.choices, default=MatterStatus.REPORTED
    )

    objects = MatterQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["town", "status", "-id"])]
        triggers = [MATTER.trigger()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("matter", args=[self.number])

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """The window of the town, or the assistant of the village."""
        if role == Role.WINDOW:
            return None, self.town_id, None
        if role == Role.ASSISTANT:
            return None, self.household.place_id, None
        return None, None, None

    def row_title(self) -> str:
        return gettext("%(channel)s报告 · %(place)s") % {
            "channel": self.get_channel_display(),
            "place": self.household.place,
        }

    def row_whose(self) -> str:
        return self.household.number
