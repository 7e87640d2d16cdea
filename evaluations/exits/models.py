"""Exits of providers, with the files of the provider's statement and the votes of the panel."""

from __future__ import annotations

from datetime import datetime, time

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.contracts.standing import suspended
from evaluations.assessments.models import Assessment
from evaluations.exits.causes import Cause
from evaluations.exits.states import EXIT, ExitStatus
from evaluations.permissions import READS_STATEMENTS, SEES_EXITS, overseers
from evaluations.phases import BARRED, DECIDED, HEARING, PUBLISHED
from foundation import moments
from foundation.append_only import append_only
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ASKED, DROPPED, SERVING
from foundation.parties import SeenQuerySet, is_one_of
from foundation.personal_data.sealed_files import SealedFile
from foundation.roles import Actor
from organizations.providers.models import Provider
from referrals.offers.models import Referral
from referrals.rematching import rematching
from referrals.rematching.states import RematchStatus


class ExitQuerySet(SeenQuerySet["Exit"]):
    def under_way(self) -> ExitQuerySet:
        """Those in which something is still to be decided, handed over or settled."""
        return self.filter(status__in=ExitStatus.unfinished())

    def decided(self) -> ExitQuerySet:
        """Those whose decision stands, and can be contested."""
        return self.filter(status__in=ExitStatus.in_phase(DECIDED))

    def listed(self) -> ExitQuerySet:
        """Those whose provider is barred until a day."""
        return self.filter(status__in=ExitStatus.in_phase(BARRED))

    def published(self) -> ExitQuerySet:
        """Those that the public reads."""
        return self.filter(status__in=ExitStatus.in_phase(PUBLISHED))


class Exit(LifecycleModel):
    """The exit of one provider from the market.

    ``reasons`` are the words of the notice, ``panel`` the ids of the users who decide, ``leaves_on`` the day
    that a provider asked for, ``barred_until`` the last day of the ban. ``correction`` stands beside the
    public entry after an appeal.
    """

    lifecycle = EXIT
    seen_by = SEES_EXITS
    at_a_glance = ("cause", "reasons", "leaves_on", "barred_until")
    worklist_joins = ("provider__organization",)

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="exits")
    cause = models.CharField(_("事由"), max_length=16, choices=Cause.choices)
    reasons = models.TextField(_("事实和理由"), max_length=4000)
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="exits")
    panel = models.JSONField(_("合议组"), default=list)
    leaves_on = models.DateField(_("申请退出日"), null=True, blank=True)
    statement = models.TextField(_("陈述申辩"), max_length=4000, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    barred_until = models.DateField(_("禁入至"), null=True, blank=True)
    correction = models.TextField(_("更正"), max_length=2000, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=ExitStatus.choices, default=ExitStatus.PROPOSED
    )

    objects = ExitQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["provider"],
                condition=models.Q(status__in=ExitStatus.unfinished()),
                name="one_exit_at_a_time",
            )
        ]
        triggers = [EXIT.trigger()]

    def __str__(self) -> str:
        return gettext("%(provider)s 退出") % {"provider": self.provider}

    def beside(self) -> list[LifecycleModel]:
        """What those decide who had no part in it: its appeal, and where the provider's work goes; and the contracts
        that are not resumed while the provider leaves.
        """
        appeal = getattr(self, "appeal", None)
        previews = self.provider.rematches.filter(status__in=RematchStatus.unfinished())
        return [*previews, *suspended(self.provider_id), *([appeal] if appeal else [])]

    def get_absolute_url(self) -> str:
        return reverse("exit", args=[self.pk])

    @property
    def open_work(self) -> models.QuerySet[Referral]:
        """The open referrals that need another provider, urgent ones first."""
        return rematching.to_move(self.provider_id)

    @property
    def has_urgent_work(self) -> bool:
        """Whether one of them is urgent."""
        return self.open_work.filter(urgent=True).exists()

    @property
    def leaves_later(self) -> bool:
        """Whether the day that the provider asked for has not come."""
        return self.leaves_on is not None and moments.today() < self.leaves_on

    @property
    def hands_over_from(self) -> datetime | None:
        """The beginning of the day on which the provider goes, where it named a later one than that of the decision:
        the days of its hand-over run from then.
        """
        if self.leaves_on is None or self.decided_at is None:
            return None
        goes = datetime.combine(self.leaves_on, time.min, tzinfo=moments.SHANGHAI)
        return goes if goes > self.decided_at else None

    @property
    def voluntary(self) -> bool:
        """Whether the provider itself asked to leave."""
        return self.cause == Cause.VOLUNTARY

    @property
    def decided(self) -> bool:
        """Whether its decision stands, and can be contested."""
        return self.status in ExitStatus.in_phase(DECIDED)

    @property
    def published(self) -> bool:
        """Whether the public reads it."""
        return self.status in ExitStatus.in_phase(PUBLISHED)

    @property
    def noticed(self) -> bool:
        """Whether the provider was notified of its reasons."""
        return not self.voluntary and self.status in ExitStatus.in_phase(~(ASKED | DROPPED))

    @property
    def moves_work(self) -> bool:
        """Whether the provider's open work is to go to others, even where nothing is left of it."""
        return self.status in ExitStatus.in_phase(HEARING, SERVING)

    def votes_open_to(self, actor: Actor) -> bool:
        """Whether an actor may read the votes: once it is decided, and oversight before that."""
        return self.decided_at is not None or is_one_of(overseers, actor, self)

    def statement_open_to(self, actor: Actor) -> bool:
        """Whether an actor may read the provider's statement: oversight, the panel, the provider itself."""
        return is_one_of(READS_STATEMENTS, actor, self)

    def row_title(self) -> str:
        return f"{self} · {self.get_cause_display()}"


class ExitFile(SealedFile):
    """A file of the provider's statement; kept encrypted."""

    exit = models.ForeignKey(Exit, models.CASCADE, related_name="files")
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(max_length=8)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Vote(models.Model):
    """The vote of one member of the panel, with its reason. Append-only."""

    exit = models.ForeignKey(Exit, models.PROTECT, related_name="votes")
    person_id = models.BigIntegerField()
    person_name = models.CharField(_("成员"), max_length=60)
    leaves = models.BooleanField(_("退出"))
    why = models.CharField(_("理由"), max_length=1000)
    at = models.DateTimeField(default=moments.now)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["exit", "person_id"], name="one_voice_each")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.exit_id} {self.person_name}"
