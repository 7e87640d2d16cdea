"""Matters: one application or report of one household."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.journal.models import Entry
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import SERVING
from foundation.parties import SeenQuerySet, along
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import SealedTextField
from foundation.roles import CLOSE_TO_A_HOME, CONSIDERS_NEEDS, Actor, Role
from foundation.wording import day
from households.register.models import Household
from organizations.bodies.models import Organization
from organizations.places.models import Place
from referrals.matters.states import MATTER, MatterStatus
from referrals.needs.states import TOLD, NeedStatus
from referrals.permissions import READ_OF_MATTERS, SEES_MATTERS


class Channel(models.TextChoices):
    """How a matter arrived."""

    WINDOW = "window", _("窗口")
    ASSISTANT = "assistant", _("村（社区）协管员")
    GRID = "grid", _("网格员")
    HOTLINE = "hotline", _("12345 热线")
    PROVIDER = "provider", pgettext_lazy("channel", "服务机构")
    SELF_SERVICE = "self_service", _("本人网上")
    FOUND = "found", _("主动发现")


#: Answered needs that are told at once.
MOST_TOLD = 40


def told_of(finished_at: datetime) -> str:
    """That a need was answered, without the answer."""
    return gettext("%(day)s办完的一项，结果已经告诉家庭。") % {"day": day(finished_at)}


class Matter(Disclosing, LifecycleModel):
    """What a household asked for, when and where; its needs belong to it.

    ``external_number`` is the number of the channel (a hotline's order); both numbers are stored and share
    one deadline; ``external_code`` is its normal form for comparison. ``papers_later`` says that urgent help
    began before the documents were there. ``first_asked_name`` is that of an official, or of the window; the
    journal has the person by key.
    """

    lifecycle = MATTER
    seen_by = SEES_MATTERS
    read_by = READ_OF_MATTERS
    unjournaled = ("first_asked_name",)
    worklist_joins = ("household__place",)
    reasons_as = "story"

    number = models.CharField(_("受理号"), max_length=20, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="matters")
    town = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("受理镇街"))
    window = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("受理窗口"))
    channel = models.CharField(_("渠道"), max_length=14, choices=Channel.choices)
    story = SealedTextField(_("情况说明"))
    urgent = models.BooleanField(_("急难"), default=False)
    harm = models.BooleanField(_("未成年人受侵害迹象"), default=False)
    external_number = models.CharField(_("渠道单号"), max_length=40, blank=True)
    external_code = models.CharField(max_length=120, blank=True, db_default="", editable=False)
    reporter_organization_id = models.BigIntegerField(null=True, editable=False)
    wishes = models.JSONField(_("填报的需求"), default=list, blank=True)
    papers_later = models.BooleanField(_("材料后补"), default=False)
    papers_missing = SealedTextField(_("需补齐的材料"))
    first_asked_id = models.BigIntegerField(_("首问负责人"))
    first_asked_name = models.CharField(_("首问负责人"), max_length=40)
    status = models.CharField(
        _("状态"), max_length=20, choices=MatterStatus.choices, default=MatterStatus.REPORTED
    )

    objects = SeenQuerySet["Matter"].as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["town", "status", "-id"]),
            models.Index(
                fields=["reporter_organization_id", "-id"],
                condition=models.Q(reporter_organization_id__isnull=False),
                name="matter_reported_by",
            ),
            # Most matters are applications at a window; the reports of a channel are few among them.
            models.Index(
                fields=["channel", "status", "-id"],
                condition=~models.Q(channel="window"),
                name="matter_of_a_channel",
            ),
            models.Index(
                fields=["external_number"],
                condition=~models.Q(external_number=""),
                name="matter_external_number",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_code"],
                condition=~models.Q(external_code=""),
                name="matter_once_by_external_code",
            )
        ]
        triggers = [MATTER.trigger()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("matter", args=[self.number])

    @property
    def accepted(self) -> bool:
        """Whether the window has accepted it, and its needs are being answered."""
        return self.status in MatterStatus.in_phase(SERVING)

    @property
    def over(self) -> bool:
        """Whether nobody has to answer it any more."""
        return MatterStatus(self.status).over

    @property
    def to_look_into(self) -> bool:
        """Whether signs of harm to a child were reported, and civil affairs has not looked into them."""
        about = {"lifecycle": self._meta.label, "object_id": self.pk}
        return self.harm and not Entry.objects.filter(**about, move="look_into").exists()

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.household

    def discloses(self, field: str, reader: Actor) -> Telling:
        """The story and the missing documents: for those in charge and the household; others in oversight
        give a reason first. A grid worker reads what grid workers reported; a body that asks for documents,
        and the conference, read which are missing.
        """
        if reader.overseeing:
            return Telling.REASON
        if field == "papers_missing" and reader.role in CONSIDERS_NEEDS:
            return Telling.PLAIN
        if reader.role in CLOSE_TO_A_HOME:
            return Telling.PLAIN
        if reader.role == Role.GRID_WORKER and self.channel == Channel.GRID:
            return Telling.PLAIN
        return Telling.NEVER

    @property
    def answered(self) -> models.QuerySet[Any]:
        """The days on which needs were answered, the latest first."""
        done = self.needs.filter(status__in=NeedStatus.with_trait(TOLD), finished_at__isnull=False)
        return done.order_by("-finished_at", "-pk").values_list("finished_at", flat=True)

    @property
    def told(self) -> list[str]:
        """The needs answered last, without the answers: all that whoever reported it may know, and enough for the
        hotline to close its order.
        """
        return [told_of(when) for when in self.answered[:MOST_TOLD]]

    def row_title(self) -> str:
        return gettext("%(channel)s报告 · %(place)s") % {
            "channel": Channel(self.channel).label,
            "place": self.household.place,
        }

    def row_in_brief(self) -> str:
        report = gettext("%(channel)s报告") % {"channel": Channel(self.channel).label}
        return " · ".join(filter(None, (report, self.external_number)))

    def row_whose(self) -> str:
        return self.household.number


class DocumentRequest(Disclosing, models.Model):
    """The documents that an applicant was asked to bring: all of them, once (S12).

    A second request needs a recorded reason; ``need`` is None where the window asked.
    """

    seen_by = along("matter", SEES_MATTERS)

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="paper_requests")
    need_id = models.BigIntegerField(null=True)
    papers = SealedTextField(_("需补齐的材料"))
    again_because = SealedTextField(_("再次告知的理由"))
    asked_by = models.CharField(_("告知人"), max_length=80)
    asked_at = models.DateTimeField(_("告知时间"), default=moments.now)

    objects = SeenQuerySet["DocumentRequest"].as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.matter} {self.asked_at:%Y-%m-%d}"

    def discloses(self, field: str, reader: Actor) -> Telling:
        """As the missing documents of the matter."""
        return self.matter.discloses("papers_missing", reader)

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.matter.household
