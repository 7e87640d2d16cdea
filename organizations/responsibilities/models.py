"""Responsibilities of bodies."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.refusals import Words
from foundation.wording import filled
from organizations.bodies.models import Organization
from organizations.permissions import EVERYBODY
from organizations.responsibilities.need_kinds import NeedKind
from organizations.responsibilities.offered import NeedKindField
from organizations.responsibilities.states import RESPONSIBILITY, ResponsibilityStatus


class ResponsibilityQuerySet(SeenQuerySet["Responsibility"]):
    def on(self, day: date) -> ResponsibilityQuerySet:
        """Those that are valid on a day."""
        ended = models.Q(valid_to=None) | models.Q(valid_to__gte=day)
        return self.filter(ended, valid_from__lte=day)

    def open_ended(self) -> ResponsibilityQuerySet:
        """Those that hold today or later."""
        ended = models.Q(valid_to=None) | models.Q(valid_to__gte=moments.today())
        return self.filter(ended)


class Responsibility(LifecycleModel):
    """What a body is responsible for between two days; needs of ``need_kind`` are routed to it."""

    lifecycle = RESPONSIBILITY
    seen_by = EVERYBODY
    at_a_glance = (("organization", _("责任部门")), "need_kind", "text", "basis", "valid_from")
    worklist_joins = ("organization",)

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="responsibilities")
    need_kind = NeedKindField(_("需求类别"), max_length=30, choices=NeedKind.choices, blank=True)
    text = models.CharField(_("职责"), max_length=200)
    basis = models.CharField(_("依据"), max_length=60)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=ResponsibilityStatus.choices, default=ResponsibilityStatus.IN_FORCE
    )

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        ordering = ("organization", "id")
        verbose_name_plural = "responsibilities"
        triggers = [RESPONSIBILITY.trigger()]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("duty", args=[self.pk])

    @property
    def standing(self) -> tuple[Words, str]:
        """How it stands today, and the tone: a last day that was set may be to come, or have passed."""
        today = moments.today()
        if self.valid_from > today:
            return _("尚未开始"), "soon"
        if self.valid_to is None:
            return _("现行"), "done"
        if self.valid_to >= today:
            return filled(_("现行\uff0c到 %(day)s 为止"), day=self.valid_to), "soon"
        return _("已停用"), "calm"

    def row_title(self) -> str:
        return f"{self.organization} · {self.text}"
