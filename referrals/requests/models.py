"""Requests for offers: one need offered to several providers."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.roles import Actor, Role
from households.register.models import Household
from organizations.places.models import Place
from referrals.needs.models import Need
from referrals.offers.ask import AskedFor
from referrals.permissions import SEES_REQUESTS
from referrals.requests.states import REQUEST, RequestStatus


class Mode(models.TextChoices):
    """How a need is offered: to one provider, one after another, or to several at once."""

    ONE = "one", _("只发给这一家")
    CASCADE = "cascade", _("按名次依次发，不接就发下一家")
    FIRST = "first", _("同时发给前几家，先答先得")
    BEST = "best", _("同时发给前几家，到期择优")


class RequestForOffers(Disclosing, AskedFor, LifecycleModel):
    """One need offered to several providers; ``queue`` holds the candidates in the order of that day: offer,
    score, parts, words.
    """

    lifecycle = REQUEST
    seen_by = SEES_REQUESTS
    worklist_joins = ("need__matter__household__place",)
    reasons_as = "goal"

    need = models.ForeignKey(Need, models.PROTECT, related_name="requests_for_offers")
    town = models.ForeignKey(Place, models.PROTECT, related_name="+")
    mode = models.CharField(_("发法"), max_length=8, choices=Mode.choices)
    queue = models.JSONField(_("候选"), default=list)
    status = models.CharField(
        _("状态"), max_length=20, choices=RequestStatus.choices, default=RequestStatus.OPEN
    )

    objects = SeenQuerySet["RequestForOffers"].as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["need"],
                condition=models.Q(status__in=RequestStatus.unfinished()),
                name="one_open_request_for_a_need",
            )
        ]
        triggers = [REQUEST.trigger()]

    @property
    def open(self) -> bool:
        """Whether providers are still asked."""
        return self.status in RequestStatus.unfinished()

    def __str__(self) -> str:
        return gettext("%(need)s 征集") % {"need": self.need}

    def get_absolute_url(self) -> str:
        return reverse("call", args=[self.pk])

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.need.about_whom

    def discloses(self, field: str, reader: Actor) -> Telling:
        """The goal: for the window; others in oversight give a reason first."""
        if reader.overseeing:
            return Telling.REASON
        return Telling.PLAIN if reader.role == Role.WINDOW else Telling.NEVER

    def case_key(self) -> str:
        return self.need.case_key()

    def row_title(self) -> str:
        return f"{self.get_mode_display()} · {self.need.matter.household.place}"

    def row_whose(self) -> str:
        return self.need.matter.household.number
