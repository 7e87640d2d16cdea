"""Who opens the bids together, and who scores them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.roles import Actor, Role
from organizations.bodies.models import Organization
from organizations.people.models import User
from procurement.purchases.models import Project

OVERSIGHT = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR)


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, actor: Actor) -> SeatQuerySet:
        """Buyer, finance and audit see all seats; everybody else the own ones."""
        if actor.role in OVERSIGHT:
            return self
        return self.filter(person_id=actor.user_id)


class Seat(LifecycleModel):
    """A person's part in one purchase."""

    project = models.ForeignKey(
        Project,
        models.PROTECT,
        related_name="%(class)ss",
        related_query_name="%(class)s",
        verbose_name=_("采购项目"),
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("姓名"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.project} {self.person.full_name}"

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """The person who sits there."""
        own = role not in OVERSIGHT or role in getattr(self, "told", ())
        return None, None, (self.person_id if own else None)

    def row_title(self) -> str:
        return f"{self.project.title} · {self.lifecycle.title}"
