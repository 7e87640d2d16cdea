"""Appeals of providers against one indicator or one veto of a provisional result."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.appeals.states import APPEAL, AppealStatus
from evaluations.assessments.models import Assessment
from evaluations.permissions import SEES_APPEALS
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import DROPPED
from foundation.parties import SeenQuerySet
from foundation.wording import percent


class Appeal(LifecycleModel):
    """A provider contests one indicator, or a veto; ``reviewers`` are two people who scored nothing of it.

    ``proposed`` is the share (0 to 1) of the weight that the first reviewer found right; None: dismissed.
    """

    lifecycle = APPEAL
    seen_by = SEES_APPEALS
    at_a_glance = ("text", "answer", ("proposal_in_words", _("拟定的结论")))
    worklist_joins = ("assessment__provider__organization", "assessment__round")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="appeals")
    key = models.CharField(_("申诉的指标"), max_length=60)
    text = models.TextField(_("理由"), max_length=4000)
    reviewers = models.JSONField(_("复核人员"), default=list)
    proposed = models.DecimalField(
        _("拟改为（占权重的比例）"), max_digits=6, decimal_places=4, null=True, blank=True
    )
    answer = models.TextField(_("复核意见"), max_length=4000, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=AppealStatus.choices, default=AppealStatus.FILED
    )

    objects = SeenQuerySet["Appeal"].as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "key"],
                condition=models.Q(status__in=AppealStatus.in_phase(~DROPPED)),
                name="appealed_once",
            )
        ]
        triggers = [APPEAL.trigger()]

    def __str__(self) -> str:
        return f"{self.assessment.provider} · {self.title}"

    def beside(self) -> list[LifecycleModel]:
        """The round, which the reviewers see wait for others."""
        return [self.assessment.round]

    def get_absolute_url(self) -> str:
        return reverse("appeal", args=[self.pk])

    @property
    def title(self) -> str:
        """The title of the contested indicator or veto."""
        scheme = self.assessment.round.scheme
        leaf = scheme.leaf(self.key)
        if leaf is not None:
            return leaf["title"]
        return next((veto["title"] for veto in scheme.vetoes if veto["key"] == self.key), self.key)

    @property
    def proposal_in_words(self) -> str:
        """What the first reviewer found; "" before that."""
        if not self.answer:
            return ""
        if self.proposed is None:
            return gettext("不成立")
        return gettext("成立，改为权重的 %(share)s") % {"share": percent(float(self.proposed))}

    def case_key(self) -> str:
        return self.assessment.case_key()

    def row_title(self) -> str:
        return gettext("申诉 · %(what)s") % {"what": self}
