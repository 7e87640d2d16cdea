"""Score sheets: the levels that one evaluator gives to one provider."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.assessments.models import Assessment
from evaluations.permissions import SEES_SHEETS, drawn_evaluator
from evaluations.rounds.states import RoundStatus
from evaluations.sheets.states import PROPOSED_ABOUT, SHEET, ReplaceGround, SheetStatus, VoidGround
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ANSWERING, SERVING
from foundation.parties import SeenQuerySet
from foundation.roles import Actor
from organizations.people.models import ConflictKind, User


class ScoreSheetQuerySet(SeenQuerySet["ScoreSheet"]):
    def sitting(self) -> ScoreSheetQuerySet:
        """Those whose evaluators are on the panel."""
        return self.filter(status__in=SheetStatus.unfinished())

    def submitted(self) -> ScoreSheetQuerySet:
        """Those whose levels count."""
        return self.filter(status__in=SheetStatus.in_phase(ANSWERING))


class ScoreSheet(LifecycleModel):
    """One evaluator's sheet for one provider.

    ``scores`` is ``{mark: {"level": 1 to 5 or None, "note"}}``; a mark is an indicator's key, for cases
    ``key@case``; None says that it cannot be judged. ``suspicions`` is ``{veto: words}``. ``ground`` and its
    words say why somebody asked to replace the evaluator or to void the sheet; ``seed`` is that of a later
    draw.
    """

    lifecycle = SHEET
    seen_by = SEES_SHEETS
    at_a_glance = ("ground", "ground_words")
    worklist_joins = ("assessment__provider__organization", "assessment__round")
    unjournaled = ("scores",)

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="sheets")
    evaluator = models.ForeignKey(User, models.PROTECT, related_name="sheets")
    scores = models.JSONField(_("评分"), default=dict)
    suspicions = models.JSONField(_("一票否决线索"), default=dict, blank=True)
    ground = models.CharField(
        _("换人或作废的原因"),
        max_length=12,
        blank=True,
        choices=list(dict([*ReplaceGround.choices, *VoidGround.choices]).items()),
    )
    ground_words = models.CharField(_("查实的情况"), max_length=1000, blank=True)
    tie = models.CharField(_("发现的关系"), max_length=20, choices=ConflictKind.choices, blank=True)
    seed = models.CharField(_("递补抽签号"), max_length=32, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=SheetStatus.choices, default=SheetStatus.DRAWN
    )

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["assessment", "evaluator"], name="one_sheet_each")]
        triggers = [SHEET.trigger()]

    def __str__(self) -> str:
        return f"{self.assessment.round} · {self.assessment.provider}"

    def beside(self) -> list[LifecycleModel]:
        """The round, which the drawn evaluator sees wait for others."""
        return [self.assessment.round]

    def due_with(self) -> list[LifecycleModel]:
        """The round, while something is proposed about it: else it has a clock of its own."""
        proposed = self.status in SheetStatus.with_trait(PROPOSED_ABOUT)
        return [self.assessment.round] if proposed else []

    def get_absolute_url(self) -> str:
        return reverse("sheet", args=[self.pk])

    def open_to(self, actor: Actor) -> bool:
        """Whether an actor may read the levels: the evaluator always, others once scoring is over."""
        return not self.scored_now or drawn_evaluator.admits(actor, self)

    @property
    def sitting(self) -> bool:
        """Whether the evaluator is on the panel."""
        return self.status in SheetStatus.unfinished()

    @property
    def submitted(self) -> bool:
        """Whether its levels count."""
        return self.status in SheetStatus.in_phase(ANSWERING)

    @property
    def scored_now(self) -> bool:
        """Whether its round is being scored."""
        return self.assessment.round.status in RoundStatus.in_phase(SERVING)

    def case_key(self) -> str:
        return self.assessment.case_key()

    def row_title(self) -> str:
        return str(self)
