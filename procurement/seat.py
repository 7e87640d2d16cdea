"""The common base of key holders and panel seats: a person's part in one purchase."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from organizations.bodies.models import Organization
from organizations.people.models import User
from procurement.purchases.models import Project


class Seat(LifecycleModel):
    """A person's part in one purchase."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="%(class)ss", verbose_name=_("采购项目")
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("姓名"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.project} {self.person.full_name}"

    def case_key(self) -> str:
        return self.project.case_key()

    def beside(self) -> list[Project]:
        """The purchase, which waits for its key holders and experts."""
        return [self.project]

    def due_with(self) -> list[Project]:
        return [self.project]

    def row_title(self) -> str:
        return f"{self.project.title} · {self.lifecycle.title}"
