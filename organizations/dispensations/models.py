"""Dispensations from the rule on roles that must not meet in one person."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.roles import Role
from organizations.bodies.models import Organization
from organizations.dispensations.states import DISPENSATION, DispensationStatus
from organizations.people.models import User
from organizations.permissions import SEES_DISPENSATIONS
from organizations.places.models import Place


class Dispensation(LifecycleModel):
    """A role that a person is to hold between two days beside ``other``, another role of his, and why."""

    lifecycle = DISPENSATION
    seen_by = SEES_DISPENSATIONS
    at_a_glance = ("user", "role", "organization", "place", "other", "valid_from", "valid_to", "why")
    worklist_joins = ("user", "organization", "place")

    user = models.ForeignKey(User, models.CASCADE, related_name="dispensations", verbose_name=_("本人"))
    role = models.CharField(_("身份"), max_length=20, choices=Role.choices)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("机构")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地点")
    )
    other = models.CharField(_("已有的身份"), max_length=20, choices=Role.choices)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"))
    why = models.CharField(_("理由"), max_length=300)
    status = models.CharField(
        _("状态"), max_length=20, choices=DispensationStatus.choices, default=DispensationStatus.PENDING
    )

    objects = SeenQuerySet["Dispensation"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [DISPENSATION.trigger()]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "other"],
                condition=models.Q(status__in=DispensationStatus.unfinished()),
                name="one_dispensation_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return gettext("%(name)s：%(role)s兼%(other)s") % {
            "name": self.user.full_name,
            "role": self.get_role_display(),
            "other": self.get_other_display(),
        }

    def get_absolute_url(self) -> str:
        return reverse("dispensation", args=[self.pk])
