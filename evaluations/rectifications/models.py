"""Rectifications that a failed provider owes."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.contracts.standing import suspended
from evaluations.assessments.models import Assessment
from evaluations.permissions import SEES_RECTIFICATIONS
from evaluations.rectifications.states import RECTIFICATION, RectificationStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from organizations.people.models import User
from organizations.providers.models import Provider


class Rectification(LifecycleModel):
    """A failed provider has to remedy what was found within so many calendar days; an evaluator without ties
    checks.
    """

    lifecycle = RECTIFICATION
    seen_by = SEES_RECTIFICATIONS
    at_a_glance = ("what", "days", "report")
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

    objects = SeenQuerySet["Rectification"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [RECTIFICATION.trigger()]

    def __str__(self) -> str:
        return gettext("%(provider)s 整改") % {"provider": self.provider}

    @property
    def has_rechecker(self) -> bool:
        """Whether an evaluator was drawn who checks."""
        return self.rechecker_id is not None

    @property
    def without_rechecker(self) -> bool:
        """Whether none could be drawn yet."""
        return self.rechecker_id is None

    def beside(self) -> list[LifecycleModel]:
        """The contracts that are not resumed before the re-check is passed."""
        return list(suspended(self.provider_id))

    def get_absolute_url(self) -> str:
        return reverse("rectification", args=[self.pk])

    def row_title(self) -> str:
        return str(self)
