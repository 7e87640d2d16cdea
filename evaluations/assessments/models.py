"""What a round keeps of one provider: its self-report, evidence files, sampled cases, rulings and result."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.assessments.permissions import READS_RESULTS
from evaluations.assessments.states import ASSESSMENT, AssessmentStatus
from evaluations.permissions import SEES_ASSESSMENTS
from evaluations.rounds.models import Round
from foundation import moments
from foundation.append_only import append_only
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ANSWERING, ENDED
from foundation.parties import SeenQuerySet, is_one_of
from foundation.personal_data.sealed_files import SealedFile
from foundation.roles import Actor
from organizations.providers.models import Grade, Provider
from referrals.offers.models import Referral


class AssessmentQuerySet(SeenQuerySet["Assessment"]):
    def settled(self) -> AssessmentQuerySet:
        """Those whose results were published."""
        return self.filter(status__in=AssessmentStatus.in_phase(ENDED))

    def without_long_columns(self) -> AssessmentQuerySet:
        """Without what was counted, reported and scored in detail: lists do not need it."""
        return self.defer("evidence", "figures", "parts", "report")


class Assessment(LifecycleModel):
    """A provider in a round. ``total`` is 0 to 100, ``rank`` 1 for the best.

    ``evidence`` are the counts taken when scoring began (``tallies.evidence``), ``population`` the number of
    cases that the sample was drawn from; ``parts`` the points of each indicator as the provider reads them.
    """

    lifecycle = ASSESSMENT
    seen_by = SEES_ASSESSMENTS
    worklist_joins = ("provider__organization", "round")
    unjournaled = ("evidence", "parts", "report")

    round = models.ForeignKey(Round, models.CASCADE, related_name="assessments")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="assessments")
    report = models.JSONField(_("自评"), default=dict, blank=True)
    reported_at = models.DateTimeField(_("自评时间"), null=True, blank=True)
    evidence = models.JSONField(default=dict)
    population = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    parts = models.JSONField(default=list)
    total = models.DecimalField(_("总分"), max_digits=5, decimal_places=2, null=True)
    grade = models.CharField(_("等级"), max_length=10, choices=Grade.choices, blank=True)
    rank = models.PositiveIntegerField(_("名次"), null=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=AssessmentStatus.choices, default=AssessmentStatus.LISTED
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ("rank", "-total", "provider_id")
        constraints = [
            models.UniqueConstraint(fields=["round", "provider"], name="assessed_once_in_a_round"),
            models.CheckConstraint(
                condition=models.Q(total=None) | models.Q(total__gte=0, total__lte=100),
                name="assessment_0_to_100",
            ),
        ]
        triggers = [ASSESSMENT.trigger()]

    def __str__(self) -> str:
        return f"{self.round} · {self.provider}"

    def beside(self) -> list[LifecycleModel]:
        """The round, whose scoring waits for the self-reports."""
        return [self.round]

    def get_absolute_url(self) -> str:
        return reverse("assessment", args=[self.pk])

    def result_open_to(self, actor: Actor | None) -> bool:
        """Whether points and grade may be read: by oversight and the chair at once, by others once the result
        is announced.
        """
        if actor is None:
            return self.round.public
        return is_one_of(READS_RESULTS, actor, self)

    @property
    def has_result(self) -> bool:
        """Whether the result was computed, with a grade or without."""
        return self.total is not None or self.status in AssessmentStatus.in_phase(ANSWERING, ENDED)

    @property
    def total_words(self) -> str:
        """The total as it is shown; a dash where there was too little data."""
        return "—" if self.total is None else str(self.total)

    @property
    def grade_words(self) -> str:
        """The grade in words, or that there was too little data for one; empty before the result."""
        if self.grade:
            return str(Grade(self.grade).label)
        return gettext("数据不足，不评级") if self.has_result else ""

    @property
    def vetoes(self) -> list[str]:
        """The keys of the vetoes that were upheld."""
        last: dict[str, bool] = {}
        for ruling in self.rulings.all():
            if ruling.kind == RulingKind.VETO:
                last[ruling.key] = ruling.value == 1
        return [key for key, upheld in last.items() if upheld]

    def costliest(self, most: int) -> list[dict[str, Any]]:
        """At most ``most`` indicators that cost the provider points, the largest loss first."""
        counted = (part for part in self.parts if part["share"] is not None)
        return sorted(counted, key=lambda part: float(part["weight"]) * (float(part["share"]) - 1))[:most]

    def case_key(self) -> str:
        return self.round.case_key()

    def row_title(self) -> str:
        return str(self)


class EvidenceFile(SealedFile):
    """A file that a provider hands in with its self-report or with an appeal; kept encrypted."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="files")
    appeal = models.ForeignKey("evaluations.Appeal", models.CASCADE, null=True, related_name="files")
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(max_length=8)
    added_at = models.DateTimeField(default=moments.now)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class SampledCase(models.Model):
    """A case drawn by lot for scoring; ``position`` is its place in the draw."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="cases")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["assessment", "referral"], name="case_drawn_once")]

    def __str__(self) -> str:
        return gettext("个案 %(n)s") % {"n": self.position}


class RulingKind(models.TextChoices):
    """What a ruling decides: a level, a veto, or the outcome of an appeal."""

    MODERATION = "moderation", _("复议")
    VETO = "veto", _("一票否决")
    APPEAL = "appeal", _("申诉")


class Ruling(models.Model):
    """A decision beside the evaluators' sheets, with its reason; the newest ruling of a key holds.
    Append-only.

    ``value`` is a level (1 to 5) for a mark, 1 or 0 for a veto, a share (0 to 1) of the weight of an
    indicator after an appeal.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="rulings")
    kind = models.CharField(_("类别"), max_length=10, choices=RulingKind.choices)
    key = models.CharField(_("对象"), max_length=80)
    value = models.DecimalField(_("裁定"), max_digits=6, decimal_places=4)
    why = models.CharField(_("理由"), max_length=2000)
    by_name = models.CharField(_("裁定人"), max_length=60)
    at = models.DateTimeField(_("时间"), default=moments.now)

    class Meta:
        ordering = ("id",)
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.key} {self.value}"


class Question(models.Model):
    """What the sheets of a round put before its chair when moderation begins: a mark on which evaluators differ,
    or a veto that one of them suspects. Written only by ``sheets.questions``.

    ``key`` is that of the ruling which answers it. ``levels`` is ``{evaluator: level}`` of a mark, ``width`` how
    many levels lie between its lowest and its highest; ``words`` say what is suspected. Until its ruling a
    suspicion is ``open``, and so is a difference of more levels than the rule allows.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="questions")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="questions")
    kind = models.CharField(_("类别"), max_length=10, choices=RulingKind.choices)
    key = models.CharField(_("对象"), max_length=80)
    open = models.BooleanField(_("待认定"))
    width = models.PositiveSmallIntegerField(default=0)
    levels = models.JSONField(_("各人等级"), default=dict, blank=True)
    words = models.TextField(_("线索"), blank=True)

    class Meta:
        ordering = ("-open", "-width", "assessment", "key", "id")
        indexes = [models.Index(fields=["round", "kind", "-open", "-width"], name="questions_in_order")]

    def __str__(self) -> str:
        return f"{self.assessment} · {self.key}"

    @property
    def mark(self) -> str:
        """The mark as a form value: assessment and mark."""
        return f"{self.assessment_id}:{self.key}"
