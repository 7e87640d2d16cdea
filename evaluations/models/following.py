"""What a published result brings, and what a draft would have brought."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.lifecycle import (
    RECTIFICATION,
    SIMULATION,
    RectificationStatus,
    RoundStatus,
    SimulationStatus,
)
from evaluations.models.judging import Assessment
from evaluations.models.round import Round
from evaluations.models.scheme import OVERSEERS, Scheme
from foundation import moments
from foundation.append_only import append_only
from foundation.lifecycle.model import LivedModel
from foundation.roles import Actor, Role
from organizations.models import Provider, User


class Effect(models.TextChoices):
    """The kinds of consequences (domain, section 6)."""

    BONUS = "bonus", _("匹配加分")
    PAYMENT_SHARE = "payment_share", _("支付比例")
    RENEWAL = "renewal", _("续签优先")
    ADVICE = "advice", _("书面建议")
    WARNING = "warning", _("警告")
    RECTIFICATION = "rectification", _("限期整改")
    SUSPENSION = "suspension", _("暂停承接")
    EXIT = "exit", _("提出退出")
    RESUMPTION = "resumption", _("恢复承接")


class Consequence(models.Model):
    """One consequence as it was carried out, with the rule in words. Append-only."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="consequences")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="consequences")
    effect = models.CharField(_("后果"), max_length=14, choices=Effect.choices)
    rule = models.CharField(_("规则"), max_length=200)
    words = models.CharField(_("说明"), max_length=300)
    at = models.DateTimeField(_("时间"), default=moments.now)

    class Meta:
        ordering = ("id",)
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.provider} {self.effect}"


class RectificationQuerySet(models.QuerySet["Rectification"]):
    def visible_to(self, actor: Actor) -> RectificationQuerySet:
        """Oversight, the provider itself, whoever checks again."""
        if actor.role in OVERSEERS:
            return self
        if actor.role == Role.COORDINATOR:
            return self.filter(provider__organization_id=actor.organization_id)
        if actor.role == Role.EVALUATOR:
            return self.filter(rechecker_id=actor.user_id)
        return self.none()


class Rectification(LivedModel):
    """A failed provider has so many days to mend what was found; an evaluator without ties checks again."""

    lifecycle = RECTIFICATION
    worklist_joins = ("provider__organization",)

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="rectification")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="rectifications")
    what = models.TextField(_("要整改的"), max_length=2000)
    days = models.PositiveSmallIntegerField(_("整改期限（天）"))
    report = models.TextField(_("整改报告"), max_length=4000, blank=True)
    rechecker = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("复查人"))
    outcome = models.CharField(_("复查意见"), max_length=2000, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=RectificationStatus.choices, default=RectificationStatus.ORDERED
    )

    objects = RectificationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [RECTIFICATION.trigger()]

    def __str__(self) -> str:
        return gettext("%(provider)s 整改") % {"provider": self.provider}

    def get_absolute_url(self) -> str:
        return reverse("rectification", args=[self.pk])

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """The provider, and whoever checks again."""
        if role == Role.COORDINATOR:
            return self.provider.organization_id, None, None
        return None, None, (self.rechecker_id or 0) if role == Role.EVALUATOR else None

    def row_title(self) -> str:
        return str(self)


class SimulationQuerySet(models.QuerySet["Simulation"]):
    def visible_to(self, actor: Actor) -> SimulationQuerySet:
        """Civil affairs and the audit."""
        return self if actor.role in OVERSEERS else self.none()


class Simulation(LivedModel):
    """A scheme run over the evidence of a past round. ``result`` is what ``simulating`` found (see there)."""

    lifecycle = SIMULATION
    worklist_joins = ("scheme", "round")
    unjournaled = ("result",)

    scheme = models.ForeignKey(Scheme, models.CASCADE, verbose_name=_("方案"), related_name="+")
    round = models.ForeignKey(
        Round,
        models.PROTECT,
        verbose_name=_("用哪一轮的数据"),
        related_name="+",
        limit_choices_to={"status": RoundStatus.FINAL},
    )
    grades = models.JSONField(_("分数线"), default=dict)
    resamples = models.PositiveIntegerField(_("重抽次数"), default=1000)
    seed = models.BigIntegerField(_("随机种子"))
    result = models.JSONField(default=dict)
    status = models.CharField(
        _("状态"), max_length=20, choices=SimulationStatus.choices, default=SimulationStatus.DONE
    )

    objects = SimulationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [SIMULATION.trigger()]

    def __str__(self) -> str:
        return gettext("试算 %(scheme)s") % {"scheme": self.scheme}

    def get_absolute_url(self) -> str:
        return reverse("simulation", args=[self.pk])
