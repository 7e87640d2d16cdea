"""Corrections of identity numbers; the wrong number is kept."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import EncryptedField, SealedTextField
from foundation.roles import WINDOW_AND_OVERSEERS, Actor, Role
from households.corrections.states import CORRECTION, CorrectionStatus
from households.permissions import SEES_CORRECTIONS
from households.register.models import Household, Person


class Correction(Disclosing, LifecycleModel):
    """The number as it was (``wrong``) and as it should be (``right``)."""

    lifecycle = CORRECTION
    seen_by = SEES_CORRECTIONS
    at_a_glance = (("person", _("姓名")), "wrong", "right", "why")
    worklist_joins = ("household__place", "person")
    reasons_as = "why"

    household = models.ForeignKey(Household, models.PROTECT, related_name="corrections")
    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    wrong = EncryptedField(kind="id_number", verbose_name=_("原证件号"), null=True, blank=True)
    right = EncryptedField(kind="id_number", verbose_name=_("正确的证件号"))
    why = SealedTextField(_("依据"))
    status = models.CharField(
        _("状态"), max_length=20, choices=CorrectionStatus.choices, default=CorrectionStatus.PROPOSED
    )

    objects = SeenQuerySet["Correction"].as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(status__in=CorrectionStatus.unfinished()),
                name="one_correction_at_a_time",
            )
        ]
        triggers = [CORRECTION.trigger()]

    def __str__(self) -> str:
        return f"{self.household} {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("correction", args=[self.pk])

    def may_reveal(self, actor: Actor, field: str) -> bool:
        """Windows and oversight, since whoever confirms must compare the numbers."""
        return actor.role in WINDOW_AND_OVERSEERS

    def discloses(self, field: str, reader: Actor) -> Telling:
        """The reason: plain to windows, after a reason to oversight, never to others."""
        if reader.overseeing:
            return Telling.REASON
        return Telling.PLAIN if reader.role == Role.WINDOW else Telling.NEVER

    def case_key(self) -> str:
        return self.household.case_key()

    def row_title(self) -> str:
        return gettext("证件号更正 · %(place)s") % {"place": self.household.place}

    def row_whose(self) -> str:
        return str(self.person)
