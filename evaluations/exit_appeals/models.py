"""Appeals of providers against their exit."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.exit_appeals.states import EXIT_APPEAL, ExitAppealStatus
from evaluations.exits.models import Exit
from evaluations.permissions import SEES_EXIT_APPEALS
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from organizations.providers.models import Provider


class ExitAppeal(LifecycleModel):
    """A provider contests its exit; somebody who took no part in the exit decides."""

    lifecycle = EXIT_APPEAL
    seen_by = SEES_EXIT_APPEALS
    at_a_glance = ("text",)
    worklist_joins = ("exit__provider__organization",)

    exit = models.OneToOneField(Exit, models.PROTECT, related_name="appeal")
    text = models.TextField(_("理由"), max_length=4000)
    answer = models.TextField(_("复核决定"), max_length=2000, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=ExitAppealStatus.choices, default=ExitAppealStatus.FILED
    )

    objects = SeenQuerySet["ExitAppeal"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [EXIT_APPEAL.trigger()]

    def __str__(self) -> str:
        return gettext("申诉 · %(exit)s") % {"exit": self.exit}

    def get_absolute_url(self) -> str:
        return reverse("exit-appeal", args=[self.pk])

    @property
    def provider(self) -> Provider:
        """The provider that appeals."""
        return self.exit.provider

    def row_title(self) -> str:
        return str(self)
