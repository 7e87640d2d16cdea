"""Needs: one thing that one household lacks; and findings that were set aside."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.append_only import append_only
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import SERVING
from foundation.parties import SeenQuerySet
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import SealedTextField
from foundation.roles import TOLD_OF_NEEDS, Actor
from households.register.models import Household, Person, Sex
from organizations.bodies.models import Organization
from organizations.places.models import Place
from organizations.responsibilities import offered
from organizations.responsibilities.need_kinds import NeedKind
from organizations.responsibilities.offered import NeedKindField
from referrals.matters.models import Matter
from referrals.needs.states import FOR_THE_CONFERENCE, HELPED, NEED, OFFERED_OUT, RATED, TO_SEND, NeedStatus
from referrals.permissions import READ_OF_NEEDS, sees_needs


class NeedQuerySet(SeenQuerySet["Need"]):
    def for_the_conference(self) -> NeedQuerySet:
        """Needs that wait for a joint conference."""
        return self.filter(status__in=NeedStatus.with_trait(FOR_THE_CONFERENCE))


class Need(Disclosing, LifecycleModel):
    """One need with its own way to an answer. ``granted`` is CNY.

    ``person`` is whose need it is (None: the household's); ``follows`` is the need whose help was not enough.
    """

    lifecycle = NEED
    seen_by = sees_needs()
    at_a_glance = ("kind", "town", "text", "body")
    read_by = READ_OF_NEEDS
    worklist_joins = ("matter__household__place",)
    confided = ("what_stands_against",)
    reasons_as = "text"

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="needs")
    town = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("受理镇街"))
    kind = NeedKindField(_("需求"), max_length=20, choices=NeedKind.choices)
    text = SealedTextField(_("具体情况"))
    urgent = models.BooleanField(_("急难"), default=False)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("谁的需求")
    )
    worker_sex = models.CharField(_("希望的服务人员"), max_length=1, choices=Sex.choices, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    why_proposed = SealedTextField(_("建议的理由"))
    body = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("责任部门")
    )
    conference_asked = models.BooleanField(_("曾提交联席会议"), default=False)
    result = SealedTextField(_("结果"))
    granted = models.DecimalField(_("批准金额（元）"), max_digits=11, decimal_places=2, default=Decimal("0"))
    refusal = SealedTextField(_("不予批准的理由"))
    finished_at = models.DateTimeField(_("办完时间"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=20, choices=NeedStatus.choices, default=NeedStatus.OPEN)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["status", "kind"]),
            models.Index(fields=["status", "-id"]),
            models.Index(fields=["town", "status"]),
            models.Index(fields=["body", "status"]),
            # Results are counted by the month in which a need was settled.
            models.Index(
                fields=["finished_at"], condition=models.Q(finished_at__isnull=False), name="need_finished"
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(status__in=NeedStatus.in_phase(TO_SEND)),
                name="need_waiting_longest",
            ),
            models.Index(
                fields=["town", "created_at"],
                condition=models.Q(status__in=NeedStatus.in_phase(TO_SEND)),
                name="need_waiting_in_town",
            ),
            models.Index(
                fields=["-id"], condition=models.Q(conference_asked=True), name="need_asked_a_conference"
            ),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(granted__gte=0), name="grant_not_negative")]
        triggers = [NEED.trigger()]

    def __str__(self) -> str:
        return f"{self.matter.number} {offered.called(self.kind)}"

    def get_absolute_url(self) -> str:
        return reverse("need", args=[self.pk])

    @property
    def waits(self) -> bool:
        """Whether it is at the window, which has to send it somewhere."""
        return self.status in NeedStatus.in_phase(TO_SEND)

    @property
    def lacks_papers(self) -> bool:
        """Whether its body was the last to ask for documents, and they are not there yet."""
        if not self.matter.papers_missing:
            return False
        return [asked.need_id for asked in self.matter.paper_requests.all()][-1:] == [self.pk]

    @property
    def for_the_conference(self) -> bool:
        """Whether it waits for a joint conference."""
        return self.status in NeedStatus.with_trait(FOR_THE_CONFERENCE)

    @property
    def offered_out(self) -> bool:
        """Whether providers have been asked to take it, and none has yet."""
        return self.status in NeedStatus.with_trait(OFFERED_OUT)

    @property
    def in_hand(self) -> bool:
        """Whether a body or a provider is at it."""
        return self.status in NeedStatus.in_phase(SERVING)

    @property
    def helped(self) -> bool:
        """Whether help was given, and the household has not yet been told so."""
        return self.status in NeedStatus.with_trait(HELPED)

    @property
    def may_be_rated(self) -> bool:
        """Whether the household is asked what it thinks of the answer."""
        return self.status in RATED

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.matter.household

    @property
    def what_stands_against(self) -> str:
        """What the checks found against helping, and why it was set aside; it tells of earlier help."""
        from referrals.needs import checks

        return checks.in_words(self)

    def discloses(self, field: str, reader: Actor) -> Telling:
        """What is lacking and what became of it: for those who handle it and the household; others in
        oversight give a reason first; the grid worker of the village reads nothing.
        """
        if reader.overseeing:
            return Telling.REASON
        return Telling.PLAIN if reader.role in TOLD_OF_NEEDS else Telling.NEVER

    def beside(self) -> list[LifecycleModel]:
        """The referrals of an urgent need that wait for somebody, which are due with it."""
        if not self.urgent:
            return []
        waiting = self.referrals.model.lifecycle.states_that_wait()
        return list(self.referrals.filter(status__in=waiting))

    def case_key(self) -> str:
        """That of its matter, which is not read for it."""
        return f"{Matter._meta.label}:{self.matter_id}"

    def row_title(self) -> str:
        return f"{offered.called(self.kind)} · {self.matter.household.place}"

    def row_whose(self) -> str:
        return self.matter.household.number


class MissingHelp(models.Model):
    """A household that should have help of a kind and had none when the worker last looked.

    Found anew every night (``missing.look_again``); whoever reads it asks again whether it still holds.
    """

    household = models.ForeignKey(Household, models.CASCADE, related_name="+")
    town = models.ForeignKey(Place, models.PROTECT, related_name="+")
    kind = NeedKindField(_("需求"), max_length=20, choices=NeedKind.choices)
    looked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "town", "household"], name="missing_help_in_town")]
        constraints = [models.UniqueConstraint(fields=["kind", "household"], name="missing_help_once")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.kind}"


class Override(models.Model):
    """One finding in the words of its day, and why it does not stand. Append-only."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="overrides")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="overrides")
    key = models.CharField(_("发现"), max_length=80)
    words = models.CharField(_("当时的说明"), max_length=400)
    reason = models.CharField(_("理由"), max_length=300)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("办理人"), max_length=60)
    at = models.DateTimeField(_("时间"), default=moments.now)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["household", "key"])]
        triggers = append_only()

    def __str__(self) -> str:
        return self.key
