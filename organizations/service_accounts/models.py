"""Accounts of neighbouring systems, which act in the membership of whoever made them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.roles import Actor
from foundation.wording import listed
from organizations.people.models import Membership
from organizations.permissions import SEES_SERVICE_ACCOUNTS
from organizations.service_accounts.states import SERVICE_ACCOUNT, ServiceAccountStatus

#: Characters of a name that the journal keeps.
NAME_KEPT = 60


class ServiceAccountQuerySet(SeenQuerySet["ServiceAccount"]):
    def in_use_on(self, day: date) -> ServiceAccountQuerySet:
        """Those that are valid on a day, so far as they say so themselves (``bearing.live``)."""
        return self.filter(status__in=ServiceAccountStatus.unfinished(), expires_on__gte=day)


class ServiceAccount(LifecycleModel):
    """A program that acts in a membership, with a token of its own.

    ``parts`` are the packages whose addresses it may ask; without ``acts`` it only reads. ``digest`` is the hash of
    its token, whose text is nowhere kept; ``mark`` that of the password under which it was issued
    (``signing_in.tokens.mark``). The last day on which it is valid is ``expires_on``, of which was told on
    ``expiry_told_on``.
    """

    lifecycle = SERVICE_ACCOUNT
    seen_by = SEES_SERVICE_ACCOUNTS
    at_a_glance = ("name", "purpose", "expires_on", "last_used_at")
    worklist_joins = ("membership__user", "membership__organization")
    unjournaled = ("digest", "mark", "last_used_at", "expiry_told_on")

    #: The text of its token, on the object that its issue returns and on no other.
    text = ""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="service_accounts")
    name = models.CharField(_("程序名称"), max_length=40)
    purpose = models.CharField(_("用途"), max_length=200)
    parts = ArrayField(models.CharField(max_length=30), verbose_name=_("可用的部分"))
    acts = models.BooleanField(_("可以办理"), default=False)
    expires_on = models.DateField(_("有效期至"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    mark = models.CharField(max_length=10, editable=False)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, editable=False)
    expiry_told_on = models.DateField(null=True, blank=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=ServiceAccountStatus.choices, default=ServiceAccountStatus.IN_USE
    )

    objects = ServiceAccountQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [SERVICE_ACCOUNT.trigger()]
        constraints = [
            models.CheckConstraint(condition=~models.Q(parts=[]), name="service_account_of_some_part")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("service-account", args=[self.pk])

    def row_title(self) -> str:
        return f"{self.membership} · {self.name}"

    @property
    def parts_in_words(self) -> str:
        """The packages whose addresses it may ask, by their names."""
        return listed(apps.get_app_config(part).verbose_name for part in self.parts)

    @property
    def over(self) -> bool:
        """Whether its last day has passed."""
        return self.expires_on < moments.today()

    def actor(self, *, request_id: str = "", address: str = "") -> Actor:
        """Who acts through it: its maker, named with the program."""
        person = self.membership.actor(request_id=request_id, address=address)
        told = gettext("%(person)s\uff08%(program)s\uff09") % {"person": person.name, "program": self.name}
        return replace(person, name=told[:NAME_KEPT], program=True, parts=frozenset(self.parts))
