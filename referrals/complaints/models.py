"""Complaints of households."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.append_only import append_only
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ANSWERING
from foundation.parties import SeenQuerySet, along
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import SealedTextField
from foundation.roles import HOUSEHOLD_SIDE, Actor, Role
from households.register.models import Household
from organizations.places.models import Place
from referrals.complaints.states import COMPLAINT, ComplaintStatus
from referrals.needs.models import Need
from referrals.permissions import SEES_COMPLAINTS


class About(models.TextChoices):
    """Whom a complaint is about."""

    PROVIDER = "provider", _("服务机构或社工")
    BODY = "body", _("责任部门")
    WINDOW = "window", _("受理窗口")


#: Answers that a choice tells beside it; its page has all of them.
REPLIES_TOLD = 20


class Complaint(Disclosing, LifecycleModel):
    """A complaint; one about whoever answers complaints goes one level up."""

    lifecycle = COMPLAINT
    seen_by = SEES_COMPLAINTS
    worklist_joins = ("household", "town", "need")
    reasons_as = "text"
    confided = ("reply",)

    household = models.ForeignKey(Household, models.PROTECT, related_name="complaints")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="complaints")
    town = models.ForeignKey(Place, models.PROTECT, related_name="+")
    about = models.CharField(_("投诉谁"), max_length=10, choices=About.choices)
    text = SealedTextField(_("投诉内容"))
    raised = models.BooleanField(_("已上交一级"), default=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=ComplaintStatus.choices, default=ComplaintStatus.FILED
    )

    objects = SeenQuerySet["Complaint"].as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["town", "status"])]
        triggers = [COMPLAINT.trigger()]

    def __str__(self) -> str:
        return gettext("投诉 %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("complaint", args=[self.pk])

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.household

    def discloses(self, field: str, reader: Actor) -> Telling:
        """For the household and whoever answers; others in oversight give a reason first."""
        answers = reader.role == Role.CIVIL_AFFAIRS and not self.answered_by_window
        if answers or reader.role in HOUSEHOLD_SIDE:
            return Telling.PLAIN
        return Telling.REASON if reader.overseeing else Telling.NEVER

    @property
    def reply(self) -> str:
        """The latest answer; "" before the first."""
        given = getattr(self, "newest", None)
        if given is None:
            given = self.newest_replies[:1]
        return given[0].text if given else ""

    @property
    def newest_replies(self) -> models.QuerySet[Reply]:
        """The answers, the latest first."""
        return self.replies.order_by("-pk")

    @property
    def told_replies(self) -> list[Reply]:
        """The latest answers, in order."""
        return list(self.newest_replies[:REPLIES_TOLD])[::-1]

    @property
    def answered_by_window(self) -> bool:
        """Whether the window answers; otherwise civil affairs does."""
        return self.about != About.WINDOW and not self.raised

    @property
    def answered(self) -> bool:
        """Whether it has an answer that the household has not taken yet."""
        return self.status in ComplaintStatus.in_phase(ANSWERING)

    @property
    def may_go_higher(self) -> bool:
        """Whether somebody stands above whoever has answered: nobody in the city does above civil affairs."""
        return self.answered_by_window

    def case_key(self) -> str:
        return self.need.case_key() if self.need else super().case_key()

    def row_title(self) -> str:
        return gettext("投诉%(about)s · %(town)s") % {"about": self.get_about_display(), "town": self.town}

    def row_whose(self) -> str:
        return self.household.number


class Reply(Disclosing, models.Model):
    """An answer to a complaint; one that goes up a level gets another beside those that it has. Append-only."""

    seen_by = along("complaint", SEES_COMPLAINTS)

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="replies")
    text = SealedTextField(_("答复"))
    by = models.CharField(_("答复人"), max_length=80)
    at = models.DateTimeField(_("答复时间"), default=moments.now)

    objects = SeenQuerySet["Reply"].as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "replies"
        triggers = append_only(sealed="text")

    def __str__(self) -> str:
        return f"{self.complaint} {self.at:%Y-%m-%d}"

    def discloses(self, field: str, reader: Actor) -> Telling:
        """As the complaint."""
        return self.complaint.discloses(field, reader)

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.complaint.household
