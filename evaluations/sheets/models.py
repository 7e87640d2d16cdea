"""Score sheets: the levels that one evaluator gives to one provider."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.assessments.models import Assessment
from evaluations.phases import UNSCORED
from evaluations.rounds.states import RoundStatus
from evaluations.schemes.models import OVERSEERS
from evaluations.sheets.states import SHEET, ReplaceGround, SheetStatus, VoidGround
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ANSWERING, SERVING
from foundation.lifecycle.table import Transition
from foundation.roles import Actor, Role
from organizations.people.models import ConflictKind, User


class ScoreSheetQuerySet(models.QuerySet["ScoreSheet"]):
    def visible_to(self, actor: Actor) -> ScoreSheetQuerySet:
        """Evaluators their own; the chair those of the round once all are in; oversight all, with levels only
        then too (see ``ScoreSheet.open_to``).
        """
        if actor.role in OVERSEERS:
            return self
        if actor.role == Role.EVALUATOR:
            me = actor.user_id
            closed = RoundStatus.in_phase(UNSCORED)
            others = models.Q(assessment__round__chair_id=me)
            return self.filter(
                models.Q(evaluator_id=me) | others & ~models.Q(assessment__round__status__in=closed)
            )
        return self.none()

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

    def get_absolute_url(self) -> str:
        return reverse("sheet", args=[self.pk])

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """The evaluator alone."""
        return None, None, self.evaluator_id if role == Role.EVALUATOR else None

    def open_to(self, actor: Actor) -> bool:
        """Whether an actor may read the levels: the evaluator always, others once scoring is over."""
        return self.evaluator_id == actor.user_id or not self.scored_now

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

    def transitions_for(self, actor: Actor) -> list[Transition]:
        """Leave out scoring once scoring is over."""
        return super().transitions_for(actor) if self.scored_now else []

    def row_title(self) -> str:
        return str(self)
