"""Schemes, rounds, what was found of each provider, and evaluators' sheets."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.lifecycle import ROUND, SCHEME, SHEET, RoundStatus, SchemeStatus, SheetStatus
from foundation import moments
from foundation.lifecycle.model import LivedModel
from foundation.roles import Actor, Role
from organizations.models import Provider, User
from organizations.models.provider import Grade

OVERSEERS = (Role.CIVIL_AFFAIRS, Role.AUDITOR)


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def visible_to(self, actor: Actor) -> SchemeQuerySet:
        """A scheme is no secret once it is in use."""
        return self if actor.role in OVERSEERS else self.filter(status=SchemeStatus.IN_USE)


class Scheme(LivedModel):
    """A version of the scheme: indicators with weights (sum 100). Frozen in use.

    ``indicators`` is a list of ``{key, title, weight, source, figure}``; source is
    automatic, survey or scored; figure names the automatic figure it reads.
    """

    lifecycle = SCHEME

    name = models.CharField(_("名称"), max_length=80)
    indicators = models.JSONField(_("指标"))
    status = models.CharField(
        _("状态"), max_length=20, choices=SchemeStatus.choices, default=SchemeStatus.DRAFT
    )

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [
            SCHEME.trigger(),
            pgtrigger.Protect(
                name="frozen_in_use",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="in_use"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("scheme", args=[self.pk])


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, actor: Actor) -> RoundQuerySet:
        """Oversight sees every round, a drawn evaluator the own, others the published."""
        if actor.role in OVERSEERS:
            return self
        if actor.role == Role.EVALUATOR:
            return self.filter(assessments__sheets__evaluator_id=actor.user_id).distinct()
        if actor.role == Role.COORDINATOR:
            return self.filter(
                status__in=[RoundStatus.PROVISIONAL, RoundStatus.FINAL],
                assessments__provider__organization_id=actor.organization_id,
            ).distinct()
        return self.filter(status=RoundStatus.FINAL)


class Round(LivedModel):
    """One evaluation of some providers over a period."""

    lifecycle = ROUND
    worklist_joins = ("scheme",)

    title = models.CharField(_("名称"), max_length=80)
    scheme = models.ForeignKey(Scheme, models.PROTECT, verbose_name=_("方案"))
    period_from = models.DateField(_("评估期自"))
    period_to = models.DateField(_("评估期至"))
    rules = models.JSONField(_("所用规则版本"), default=dict)
    status = models.CharField(
        _("状态"), max_length=20, choices=RoundStatus.choices, default=RoundStatus.PLANNED
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_to__gte=models.F("period_from")), name="round_has_days"
            )
        ]
        triggers = [ROUND.trigger()]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("round", args=[self.pk])


class Assessment(models.Model):
    """What a round found of one provider. ``total`` is 0 to 100.

    ``figures`` are the automatic figures as they stood when scoring began;
    ``parts`` the points of each indicator, as published.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="assessments")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="assessments")
    figures = models.JSONField(default=dict)
    parts = models.JSONField(default=list)
    total = models.DecimalField(_("总分"), max_digits=5, decimal_places=2, null=True)
    grade = models.CharField(_("等级"), max_length=10, choices=Grade.choices, blank=True)

    class Meta:
        ordering = ("-total", "provider_id")
        constraints = [
            models.UniqueConstraint(fields=["round", "provider"], name="assessed_once_in_a_round"),
            models.CheckConstraint(
                condition=models.Q(total=None) | models.Q(total__gte=0, total__lte=100),
                name="assessment_0_to_100",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.provider}"


class ScoreSheetQuerySet(models.QuerySet["ScoreSheet"]):
    def visible_to(self, actor: Actor) -> ScoreSheetQuerySet:
        """An evaluator sees the own sheets, blind to others; oversight all."""
        if actor.role in OVERSEERS:
            return self
        if actor.role == Role.EVALUATOR:
            return self.filter(evaluator_id=actor.user_id)
        return self.none()


class ScoreSheet(LivedModel):
    """One evaluator's levels (1 to 5) and notes by indicator key."""

    lifecycle = SHEET
    worklist_joins = ("assessment__provider__organization", "assessment__round")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="sheets")
    evaluator = models.ForeignKey(User, models.PROTECT, related_name="sheets")
    scores = models.JSONField(_("评分"), default=dict)
    status = models.CharField(
        _("状态"), max_length=20, choices=SheetStatus.choices, default=SheetStatus.DRAWN
    )

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "evaluator"], name="one_sheet_each")
        ]
        triggers = [SHEET.trigger()]

    def __str__(self) -> str:
        return f"{self.assessment.round} · {self.assessment.provider}"

    def get_absolute_url(self) -> str:
        return reverse("sheet", args=[self.pk])

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """Only the evaluator who was drawn is told."""
        return None, None, self.evaluator_id if role == Role.EVALUATOR else None

    def row_title(self) -> str:
        return str(self)


class ProviderFigures(models.Model):
    """The automatic figures of a provider, refreshed every night."""

    provider = models.OneToOneField(Provider, models.CASCADE, related_name="figures")
    values = models.JSONField(default=dict)
    as_of = models.DateTimeField(default=moments.now)

    class Meta:
        verbose_name_plural = "provider figures"

    def __str__(self) -> str:
        return f"{self.provider}"
