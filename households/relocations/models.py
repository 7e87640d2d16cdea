"""Relocations: households that move to another town, handed over from window to window."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import EncryptedField
from foundation.roles import Actor, Role
from households.permissions import SEES_RELOCATIONS
from households.register.models import Household
from households.relocations.states import RELOCATION, RelocationStatus
from organizations.places.models import Place


class Relocation(Disclosing, LifecycleModel):
    """The move from one town to another; the new window is in charge once it has accepted."""

    lifecycle = RELOCATION
    seen_by = SEES_RELOCATIONS
    at_a_glance = (("household", _("家庭")), ("from_town", _("原镇街")), "to_place")
    worklist_joins = ("household", "from_town", "to_place__parent")
    reasons_as = "reason"

    household = models.ForeignKey(Household, models.PROTECT, related_name="relocations")
    from_town = models.ForeignKey(Place, models.PROTECT, related_name="+")
    to_town = models.ForeignKey(Place, models.PROTECT, related_name="+")
    to_place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("迁入村（社区）"))
    address = EncryptedField(kind="address", verbose_name=_("新住址"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=RelocationStatus.choices, default=RelocationStatus.PROPOSED
    )

    objects = SeenQuerySet["Relocation"].as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(status__in=RelocationStatus.unfinished()),
                name="one_relocation_at_a_time",
            )
        ]
        triggers = [RELOCATION.trigger()]

    def __str__(self) -> str:
        return f"{self.household} → {self.to_place}"

    def get_absolute_url(self) -> str:
        return reverse("relocation", args=[self.pk])

    @property
    def waiting(self) -> bool:
        """Whether the other window has not answered yet."""
        return not RelocationStatus(self.status).over

    @property
    def about_whom(self) -> Household:
        """The household, which may ask who looked at it."""
        return self.household

    def discloses(self, field: str, reader: Actor) -> Telling:
        """The reason for declining: plain to windows, after a reason to oversight.

        The address never: it is revealed at the household, once it lives there.
        """
        if field == "address":
            return Telling.NEVER
        if reader.overseeing:
            return Telling.REASON
        return Telling.PLAIN if reader.role == Role.WINDOW else Telling.NEVER

    def beside(self) -> list[LifecycleModel]:
        """What waits for somebody about the household, which has another window once it has moved."""
        return self.household.beside()

    def case_key(self) -> str:
        return self.household.case_key()

    def row_title(self) -> str:
        return gettext("迁居移交 · %(town)s → %(place)s") % {"town": self.from_town, "place": self.to_place}

    def row_whose(self) -> str:
        return self.household.number
