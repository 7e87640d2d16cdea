"""Objections of providers, and the complaints to finance that may follow."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from organizations.providers.models import Provider
from procurement.objections.states import OBJECTION, ObjectionStatus
from procurement.permissions import SEES_WHAT_IS_ASKED
from procurement.purchases.models import Project


class Against(models.TextChoices):
    """What an objection is against: the method or the award."""

    METHOD = "method", _("采购方式")
    AWARD = "award", _("成交结果")


class Objection(LifecycleModel):
    """A provider's objection to an award or a method; after the answer it may complain to finance.

    ``upholding`` is the reason for which one person of the buyer proposes to uphold it; a second one
    decides.
    """

    lifecycle = OBJECTION
    seen_by = SEES_WHAT_IS_ASKED
    at_a_glance = (
        ("project", _("采购项目")),
        ("provider", _("承接主体")),
        "against",
        "grounds",
        "answer_text",
    )
    worklist_joins = ("project", "provider__organization")

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="objections", verbose_name=_("采购项目")
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="objections", verbose_name=_("质疑人")
    )
    against = models.CharField(_("针对"), max_length=6, choices=Against.choices, default=Against.AWARD)
    grounds = models.TextField(_("事实和理由"), max_length=2000)
    answer_text = models.TextField(_("答复"), max_length=2000, blank=True)
    upholding = models.CharField(_("认为成立的理由"), max_length=2000, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=ObjectionStatus.choices, default=ObjectionStatus.RAISED
    )

    objects = SeenQuerySet["Objection"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [OBJECTION.trigger()]

    def __str__(self) -> str:
        return f"{self.project} {self.provider}"

    def get_absolute_url(self) -> str:
        return reverse("objection", args=[self.pk])

    def beside(self) -> list[Project]:
        """The purchase, whose bids are not opened while an objection to its method is unanswered."""
        return [self.project]

    @property
    def undecided(self) -> bool:
        """Whether no proposal to uphold it waits."""
        return not self.upholding

    def case_key(self) -> str:
        return self.project.case_key()

    def row_title(self) -> str:
        return f"{self.project.title} · {self.provider}"
