"""Hand-overs of first-asked responsibility to another worker or another window."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import SealedTextField
from foundation.roles import Actor, Role
from organizations.people.models import User
from organizations.places.models import Place
from referrals.handovers.states import HANDOVER, HandoverStatus
from referrals.matters.models import Matter
from referrals.permissions import SEES_HANDOVERS


class Handover(Disclosing, LifecycleModel):
    """To a colleague (``to_user``), or to the window of ``to_town``. Deadlines go on unchanged."""

    lifecycle = HANDOVER
    seen_by = SEES_HANDOVERS
    at_a_glance = ("from_name", "to_town", "to_user", "why")
    worklist_joins = ("matter__household", "from_town", "to_town")
    reasons_as = "why"

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="handovers")
    from_town = models.ForeignKey(Place, models.PROTECT, related_name="+")
    from_name = models.CharField(_("原首问负责人"), max_length=40)
    to_town = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("接手窗口"))
    to_user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接手人")
    )
    why = SealedTextField(_("理由"))
    status = models.CharField(
        _("状态"), max_length=20, choices=HandoverStatus.choices, default=HandoverStatus.PROPOSED
    )

    objects = SeenQuerySet["Handover"].as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=models.Q(status__in=HandoverStatus.unfinished()),
                name="one_handover_at_a_time",
            )
        ]
        triggers = [HANDOVER.trigger()]

    def __str__(self) -> str:
        return gettext("%(matter)s 首问移交") % {"matter": self.matter}

    def get_absolute_url(self) -> str:
        return reverse("handover", args=[self.pk])

    def discloses(self, field: str, reader: Actor) -> Telling:
        """The reason: for both windows; others in oversight give a reason first."""
        if reader.overseeing:
            return Telling.REASON
        return Telling.PLAIN if reader.role == Role.WINDOW else Telling.NEVER

    def case_key(self) -> str:
        return self.matter.case_key()

    def row_title(self) -> str:
        return gettext("首问移交 · %(town)s → %(to)s") % {
            "town": self.from_town,
            "to": self.to_user.full_name if self.to_user else self.to_town,
        }

    def row_whose(self) -> str:
        return str(self.matter.household.place)
