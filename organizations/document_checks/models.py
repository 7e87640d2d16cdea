"""Records of checks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.parties import SeenQuerySet
from foundation.wording import labelled, listed
from organizations.document_checks.items import Found, called
from organizations.people.models import User
from organizations.permissions import SEES_CREDENTIALS
from organizations.providers.models import Provider


class Purpose(models.TextChoices):
    """What was decided by the check."""

    ADMISSION = "admission", _("准入查验")
    RENEWAL = "renewal", _("续期查验")


class DocumentCheck(models.Model):
    """One check of a provider's documents, which is never changed.

    ``findings`` are mappings, one for each item of the checklist of that day: ``item`` and ``label``, what was ``found``,
    ``where`` it was looked up, on which day (``on``, an ISO date), and what the officer says of it (``words``).
    ``returned`` says that the documents were returned for what was wrong.
    """

    seen_by = SEES_CREDENTIALS

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="document_checks")
    purpose = models.CharField(_("用途"), max_length=12, choices=Purpose.choices)
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("查验人"))
    checked_at = models.DateTimeField(_("查验时间"), default=moments.now)
    findings = models.JSONField(_("查验情况"), default=list)
    returned = models.BooleanField(_("退回补正"), default=False)

    objects = SeenQuerySet["DocumentCheck"].as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.get_purpose_display())

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The findings as they are shown."""
        return [
            {
                **one,
                "called": called(one),
                "result": Found(one["found"]).label,
                "on": date.fromisoformat(one["on"]),
            }
            for one in self.findings
        ]

    @property
    def faults(self) -> str:
        """What was wrong, all of it, in words."""
        wrong = [one for one in self.findings if one["found"] == Found.WRONG]
        return listed(labelled(called(one), one["words"]) for one in wrong)
