"""Meetings of the joint conference, with agenda, decisions and minutes."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ENDED
from foundation.parties import SeenQuerySet, reads
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import SealedTextField
from foundation.roles import Actor
from households.register.models import Household
from organizations.bodies.models import Organization
from referrals.conference.states import MEETING, MeetingStatus
from referrals.needs.models import Need
from referrals.needs.states import FOR_THE_CONFERENCE, NeedStatus
from referrals.permissions import SEES_AGENDA_ITEMS, SEES_MEETINGS


class Level(models.TextChoices):
    """The kinds of meeting in the city's opinion on social assistance (S15, S21, S31)."""

    CONFERENCE = "conference", _("联席会议")
    LIAISON = "liaison", _("联络员会议")
    URGENT = "urgent", _("急难个案会商")


class Meeting(LifecycleModel):
    """One meeting on one day."""

    lifecycle = MEETING
    seen_by = SEES_MEETINGS

    number = models.CharField(_("会议编号"), max_length=20, unique=True)
    level = models.CharField(_("会议类别"), max_length=12, choices=Level.choices)
    held_on = models.DateField(_("日期"))
    venue = models.CharField(_("地点"), max_length=80)
    bodies = models.ManyToManyField(Organization, related_name="+", verbose_name=_("参会部门"))
    status = models.CharField(
        _("状态"), max_length=20, choices=MeetingStatus.choices, default=MeetingStatus.PLANNED
    )

    objects = SeenQuerySet["Meeting"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [MEETING.trigger()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.number])

    @property
    def has_minutes(self) -> bool:
        """Whether it was held, and its minutes are final."""
        return self.status in MeetingStatus.in_phase(ENDED)

    def row_title(self) -> str:
        return gettext("%(level)s · %(venue)s") % {"level": self.get_level_display(), "venue": self.venue}


class Decision(models.TextChoices):
    """What a meeting can decide on an item."""

    TRANSFER = "transfer", _("由责任部门办理")
    REFER = "refer", _("转介社会力量")
    LATER = "later", _("补充情况后再议")


class AgendaItemQuerySet(SeenQuerySet["AgendaItem"]):
    def to_decide(self) -> AgendaItemQuerySet:
        """Those of coming meetings that are not decided, and whose need still waits for a conference."""
        return self.filter(
            decision="",
            meeting__status__in=MeetingStatus.unfinished(),
            need__status__in=NeedStatus.with_trait(FOR_THE_CONFERENCE),
        )


class AgendaItem(Disclosing, models.Model):
    """One need on the agenda of one meeting, and what was decided."""

    seen_by = SEES_AGENDA_ITEMS

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    need = models.ForeignKey(Need, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField(_("序号"))
    discussion = SealedTextField(_("讨论情况"))
    decision = models.CharField(_("议定"), max_length=10, choices=Decision.choices, blank=True)
    body = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("责任部门")
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "need"], name="need_once_on_an_agenda"),
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.need}"

    @property
    def waits(self) -> bool:
        """Whether it is to be decided: its need may have ended meanwhile, with a death."""
        return not self.decision and self.need.for_the_conference

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.need.about_whom

    def discloses(self, field: str, reader: Actor) -> Telling:
        """As the need that was discussed; a household reads the result, not the discussion."""
        if not reads(reader, self.need, "agenda_items"):
            return Telling.NEVER
        return self.need.discloses("text", reader)
