"""Second homes: proposed by one window, confirmed by the window where the person counts."""

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
from households.joining.states import JOINING, JoiningStatus
from households.permissions import SEES_JOININGS
from households.register.models import Household, Person, Relation


class Joining(Disclosing, LifecycleModel):
    """The proposal that ``person``, who counts in ``home``, also lives in ``household``.

    Until it is accepted the person is no member of the household, and the household's window sees and
    changes nothing of the person.
    """

    lifecycle = JOINING
    seen_by = SEES_JOININGS
    at_a_glance = (("person", _("姓名")), ("household", _("也住在")), "relation", "why")
    worklist_joins = ("household__town", "person")
    reasons_as = "why"

    household = models.ForeignKey(Household, models.PROTECT, related_name="joinings")
    home = models.ForeignKey(Household, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="joinings")
    relation = models.CharField(_("与户主关系"), max_length=12, choices=Relation.choices)
    why = SealedTextField(_("事由"))
    status = models.CharField(
        _("状态"), max_length=20, choices=JoiningStatus.choices, default=JoiningStatus.PROPOSED
    )

    objects = SeenQuerySet["Joining"].as_manager()

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

    @property
    def waits(self) -> bool:
        """Whether the window of the person's home has not answered yet."""
        return self.status in JoiningStatus.unfinished()

    def beside(self) -> list[LifecycleModel]:
        """What waits for somebody about the household, which the person joins."""
        return self.household.beside()

    def discloses(self, field: str, reader: Actor) -> Telling:
        """The reason: plain to windows, after a reason to oversight, never to others."""
        if reader.overseeing:
            return Telling.REASON
        return Telling.PLAIN if reader.role == Role.WINDOW else Telling.NEVER

    def case_key(self) -> str:
        return self.household.case_key()

    def row_title(self) -> str:
        return gettext("两边轮住 · %(town)s窗口提出") % {"town": self.household.town}

    def row_whose(self) -> str:
        return str(self.person)
