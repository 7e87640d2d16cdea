"""Emergency access to a role that a person does not hold."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ASKED, SERVING
from foundation.parties import SeenQuerySet
from foundation.roles import Role
from foundation.rules import reading
from foundation.wording import moment
from organizations.bodies.models import Organization
from organizations.emergencies.states import EMERGENCY, EmergencyStatus
from organizations.people.models import User
from organizations.permissions import SEES_EMERGENCIES
from organizations.places.models import Place

#: The rule with the minutes for which a request waits, and for which a role is lent.
RULE = "people.emergency"


def waiting_time() -> timedelta:
    """How long a request waits for its answer."""
    return timedelta(minutes=reading.current(RULE).value["waits"])


class EmergencyAccess(LifecycleModel):
    """A role that a person is given in an emergency from ``opened_at`` ``until`` a moment, and why."""

    lifecycle = EMERGENCY
    seen_by = SEES_EMERGENCIES
    at_a_glance = (
        "user",
        "role",
        "organization",
        "place",
        "why",
        ("length_in_words", _("多久")),
        "opened_at",
        "until",
    )
    worklist_joins = ("user", "organization", "place")

    user = models.ForeignKey(User, models.CASCADE, related_name="emergencies", verbose_name=_("本人"))
    role = models.CharField(_("身份"), max_length=20, choices=Role.choices)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("机构")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地点")
    )
    why = models.CharField(_("理由"), max_length=300)
    opened_at = models.DateTimeField(_("生效时间"), null=True, blank=True, editable=False)
    until = models.DateTimeField(_("到时"), null=True, blank=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=EmergencyStatus.choices, default=EmergencyStatus.ASKED
    )

    objects = SeenQuerySet["EmergencyAccess"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [EMERGENCY.trigger()]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(status__in=EmergencyStatus.in_phase(ASKED, SERVING)),
                name="one_emergency_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return gettext("%(name)s：%(role)s %(where)s") % {
            "name": self.user.full_name,
            "role": self.get_role_display(),
            "where": self.organization or self.place or "",
        }

    @property
    def length_in_words(self) -> str:
        """How long it lasts once it is allowed; "" when it has been."""
        if self.opened_at is not None:
            return ""
        lasts = reading.current(RULE).value["lasts"]
        return gettext("批准后 %(n)s 分钟") % {"n": lasts}

    def get_absolute_url(self) -> str:
        return reverse("emergency", args=[self.pk])

    def row_title(self) -> str:
        if (by := self.answered_by) is None:
            return str(self)
        until = gettext("%(moment)s 前批准") % {"moment": moment(by)}
        return f"{self} · {until}"

    @property
    def urgent(self) -> bool:
        """Whether somebody waits for it now, so that it stands before all else."""
        return self.status in EmergencyStatus.in_phase(ASKED)

    @property
    def goes_on(self) -> bool:
        """Whether the role is lent now."""
        return self.status in EmergencyStatus.in_phase(SERVING)

    @property
    def answered_by(self) -> datetime | None:
        """The moment at which a request lapses that nobody has allowed; None once it is decided."""
        return self.created_at + waiting_time() if self.urgent else None
