"""Rounds of evaluation."""

from __future__ import annotations

from collections import Counter

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.permissions import SEES_ROUNDS
from evaluations.phases import PUBLIC, TOLD, UNSCORED
from evaluations.rounds.states import CONTESTABLE, ROUND, RoundStatus
from evaluations.schemes.models import Scheme
from evaluations.sheets.states import PROPOSED_ABOUT, SheetStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.wording import labelled
from organizations.people.models import User
from organizations.providers.models import Nature


class RoundQuerySet(SeenQuerySet["Round"]):
    def told(self) -> RoundQuerySet:
        """Those whose results the providers can read."""
        return self.filter(status__in=RoundStatus.in_phase(TOLD))

    def public(self) -> RoundQuerySet:
        """Those whose results everybody can read."""
        return self.filter(status__in=RoundStatus.in_phase(PUBLIC))


class Kind(models.TextChoices):
    """The kinds of rounds."""

    YEARLY = "yearly", _("年度评估")
    MID_TERM = "mid_term", _("中期评估")


class Round(LifecycleModel):
    """One evaluation of some providers over a period (both days included).

    ``seed`` was generated when scoring began; it lets anybody draw evaluators and cases again. ``rules`` and
    ``formulas`` are the versions that the result was computed with, ``agreement`` is the agreement of the
    raters, ``digest`` the SHA-256 of all evidence at publication.
    """

    lifecycle = ROUND
    seen_by = SEES_ROUNDS
    at_a_glance = ("kind", "scheme", "period_from", "period_to", "chair", ("results_in_words", _("评估结果")))
    worklist_joins = ("scheme",)

    title = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.YEARLY)
    scheme = models.ForeignKey(Scheme, models.PROTECT, verbose_name=_("方案"))
    period_from = models.DateField(_("评估期自"))
    period_to = models.DateField(_("评估期至"))
    sample_size = models.PositiveSmallIntegerField(_("每家抽取的个案"), default=4)
    chair = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("评估组长"))
    seed = models.CharField(_("抽签号"), max_length=32, blank=True)
    rules = models.JSONField(_("所用规则版本"), default=dict)
    formulas = models.PositiveSmallIntegerField(_("公式版本"), default=0)
    agreement = models.JSONField(_("评分一致性"), default=dict, blank=True)
    digest = models.CharField(_("证据摘要"), max_length=64, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=RoundStatus.choices, default=RoundStatus.PLANNED
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_to__gte=models.F("period_from")), name="round_has_days"
            ),
            models.CheckConstraint(
                condition=models.Q(sample_size__gte=1, sample_size__lte=30), name="round_samples_some"
            ),
        ]
        triggers = [ROUND.trigger()]

    def __str__(self) -> str:
        return self.title

    def beside(self) -> list[LifecycleModel]:
        """The sheets about which something is proposed, until its deadline."""
        from evaluations.sheets.models import ScoreSheet  # imported late: it imports this module

        proposed = SheetStatus.with_trait(PROPOSED_ABOUT)
        return list(ScoreSheet.objects.filter(assessment__round=self, status__in=proposed))

    def get_absolute_url(self) -> str:
        return reverse("round", args=[self.pk])

    @property
    def results_in_words(self) -> list[str]:
        """How many providers reached which grade; nothing before the results are computed."""
        grades = (assessment.grade_words for assessment in self.assessments.all())
        counted = Counter(filter(None, grades)).most_common()
        return [labelled(grade, gettext("%(n)s 家") % {"n": count}) for grade, count in counted]

    @property
    def told(self) -> bool:
        """Whether the providers can read their results."""
        return self.status in RoundStatus.in_phase(TOLD)

    @property
    def public(self) -> bool:
        """Whether everybody can read the results."""
        return self.status in RoundStatus.in_phase(PUBLIC)

    @property
    def scored(self) -> bool:
        """Whether scoring is over."""
        return self.status not in RoundStatus.in_phase(UNSCORED)

    @property
    def contestable(self) -> bool:
        """Whether providers may appeal against their results."""
        return self.status in RoundStatus.with_trait(CONTESTABLE)


class PeerSums(models.Model):
    """The results of the providers of one nature in a round, added up for their scorecards; written only by
    ``peers``.

    ``totals`` are those of the graded ones, lowest first, ``total`` is their sum and ``graded`` their number.
    ``groups`` holds for each group of indicators (by its title) the sum of the shares that they reached, in
    tenths of a percent, and how many of them have data in it.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="peer_sums")
    nature = models.CharField(_("性质"), max_length=24, choices=Nature.choices)
    graded = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    totals = ArrayField(models.DecimalField(max_digits=5, decimal_places=2))
    groups = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "nature"], name="peers_added_up_once")]
        verbose_name_plural = "peer sums"

    def __str__(self) -> str:
        return f"{self.round} · {self.get_nature_display()}"
