"""Ties between a person and an organization that forbid to judge it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from organizations.models.organization import Organization
from organizations.models.people import User


class TieKind(models.TextChoices):
    EMPLOYMENT = "employment", _("三年内任职")
    SHAREHOLDING = "shareholding", _("持股或任董事、理事")
    KIN = "kin", _("近亲属")
    CONTRACT = "contract", _("正在履行的合同")
    DECLARED = "declared", _("本人声明")


class Tie(models.Model):
    """A tie that somebody declared; it holds until ``until``, or for good."""

    person = models.ForeignKey(User, models.CASCADE, related_name="ties")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="ties")
    kind = models.CharField(_("关系"), max_length=14, choices=TieKind.choices)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    since = models.DateField(_("自"), default=moments.today)
    until = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["person", "organization", "kind"], name="tie_once_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.organization} ({self.get_kind_display()})"
