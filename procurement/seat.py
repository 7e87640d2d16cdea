"""The common base of key holders and panel seats: a person's part in one purchase."""

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
        """All for buyer, finance and audit; their own for others."""
        if actor.role in OVERSIGHT:
            return self
        return self.filter(person_id=actor.user_id)


class Seat(LifecycleModel):
    """A person's part in one purchase.

    ``notified_in_person`` of a subclass are roles of oversight of which only the person of the seat is
    notified.
    """

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
        """Notices go to the person of the seat; other roles of oversight are notified as a whole."""
        own = role not in OVERSIGHT or role in getattr(self, "notified_in_person", ())
        return None, None, (self.person_id if own else None)

    def row_title(self) -> str:
        return f"{self.project.title} · {self.lifecycle.title}"
