"""Appeals of providers against their exit."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.exit_appeals.states import EXIT_APPEAL, ExitAppealStatus
from evaluations.exits.models import Exit
from evaluations.schemes.models import OVERSEERS
from foundation.lifecycle.models import LifecycleModel
from foundation.roles import Actor, Role
from organizations.providers.models import Provider


class ExitAppealQuerySet(models.QuerySet["ExitAppeal"]):
    def visible_to(self, actor: Actor) -> ExitAppealQuerySet:
        """Oversight, and the provider itself."""
        if actor.role in OVERSEERS:
            return self
        if actor.role == Role.COORDINATOR:
            return self.filter(exit__provider__organization_id=actor.organization)
        return self.none()


class ExitAppeal(LifecycleModel):
    """A provider contests its exit; somebody who took no part in the exit decides."""

    lifecycle = EXIT_APPEAL
    worklist_joins = ("exit__provider__organization",)

    exit = models.OneToOneField(Exit, models.PROTECT, related_name="appeal")
    text = models.TextField(_("理由"), max_length=4000)
    answer = models.TextField(_("复核决定"), max_length=2000, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=ExitAppealStatus.choices, default=ExitAppealStatus.FILED
    )

    objects = ExitAppealQuerySet.as_manager()

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

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """The provider itself."""
        if role == Role.COORDINATOR:
            return self.exit.provider.organization_id, None, None
        return None, None, None

    def row_title(self) -> str:
        return str(self)
