"""Second homes: proposed by one window, confirmed by the window where the person counts."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import SealedTextField
from foundation.roles import Actor, Role
from households.joining.states import JOINING, JoiningStatus
from households.register.models import Household, Person, Relation


class JoiningQuerySet(models.QuerySet["Joining"]):
    def visible_to(self, actor: Actor) -> JoiningQuerySet:
        """For the window that asks, the window where the person counts, and oversight."""
        if actor.role in (Role.CIVIL_AFFAIRS, Role.AUDITOR):
            return self
        if actor.role == Role.WINDOW:
            town = actor.place_id
            return self.filter(models.Q(household__town_id=town) | models.Q(home__town_id=town))
        return self.none()


class Joining(Disclosing, LifecycleModel):
    """The proposal that ``person``, who counts in ``home``, also lives in ``household``.

    Until it is accepted the person is no member of the household, and the household's window sees and
    changes nothing of the person.
    """

    lifecycle = JOINING
    worklist_joins = ("household__town", "home__town", "person")
    reasons_as = "why"

    household = models.ForeignKey(Household, models.PROTECT, related_name="joinings")
    home = models.ForeignKey(Household, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="joinings")
    relation = models.CharField(_("与户主关系"), max_length=12, choices=Relation.choices)
    why = SealedTextField(_("事由"))
    status = models.CharField(
        _("状态"), max_length=20, choices=JoiningStatus.choices, default=JoiningStatus.PROPOSED
    )

    objects = JoiningQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"],
                condition=models.Q(status__in=JoiningStatus.unfinished()),
                name="one_joining_at_a_time",
            )
        ]
        triggers = [JOINING.trigger()]

    def __str__(self) -> str:
        return f"{self.household} {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("joining", args=[self.pk])

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """The window that is asked; after its answer the one that asked."""
        asked = self.status == JoiningStatus.PROPOSED
        return None, (self.home if asked else self.household).town_id, None

    def discloses(self, field: str, reader: Actor) -> Telling:
        """The reason: plain to windows, after a reason to oversight, never to others."""
        if reader.overseeing:
            return Telling.REASON
        return Telling.PLAIN if reader.role == Role.WINDOW else Telling.NEVER

    def row_title(self) -> str:
        return gettext("两边轮住 · %(town)s窗口提出") % {"town": self.household.town}

    def row_whose(self) -> str:
        return str(self.person)
