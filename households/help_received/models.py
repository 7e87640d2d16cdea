"""Help that households received, from government and from charities (S22)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.parties import SeenQuerySet
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import SealedTextField
from foundation.roles import TOLD_OF_HELP, Actor
from foundation.wording import day
from households.permissions import SEES_HELP
from households.register.models import Household, Person
from organizations.bodies.models import Organization
from organizations.responsibilities.need_kinds import NeedKind
from organizations.responsibilities.offered import NeedKindField


class Source(models.TextChoices):
    """The kind of source of help."""

    GOVERNMENT = "government", _("政府救助")
    PURCHASED = "purchased", _("政府购买服务")
    CHARITY = "charity", _("慈善帮扶")
    OUTSIDE = "outside", _("系统外的帮助")


class HelpReceived(Disclosing, models.Model):
    """One line of help to a household; amounts in CNY.

    Help for one person follows that person (``person``). Help that the system did not arrange is
    reported by the household (``told_giver``, no ``giver``); it counts, and is never clawed back.
    """

    seen_by = SEES_HELP
    confided = ("from_whom",)

    household = models.ForeignKey(Household, models.PROTECT, related_name="help_received")
    source = models.CharField(_("来源"), max_length=12, choices=Source.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="help_received")
    giver = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, verbose_name=_("提供方"))
    told_giver = models.CharField(_("提供方"), max_length=80, blank=True)
    need_kind = NeedKindField(_("需求"), max_length=20, choices=NeedKind.choices, blank=True)
    what = SealedTextField(_("内容"))
    item_code = models.CharField(_("目录代码"), max_length=12, blank=True)
    units = models.DecimalField(_("数量"), max_digits=9, decimal_places=2, null=True)
    amount = models.DecimalField(_("折合金额（元）"), max_digits=11, decimal_places=2, default=Decimal("0"))
    given_on = models.DateField(_("日期"))

    objects = SeenQuerySet["HelpReceived"].as_manager()

    class Meta:
        ordering = ("-given_on", "-id")
        verbose_name_plural = "help received"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="help_not_negative"),
            models.CheckConstraint(
                condition=models.Q(giver__isnull=False) | ~models.Q(told_giver=""), name="help_has_a_giver"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {day(self.given_on)}"

    @property
    def about_whom(self) -> Household:
        """The household, which may ask who looked at it."""
        return self.household

    def discloses(self, field: str, reader: Actor) -> Telling:
        """What was given and by whom, since it shows what was lacking.

        Plain to those in charge and the household, after a reason to oversight, never to a grid worker.
        """
        if reader.overseeing:
            return Telling.REASON
        return Telling.PLAIN if reader.role in TOLD_OF_HELP else Telling.NEVER

    @property
    def from_whom(self) -> str:
        """The name of the giver."""
        return str(self.giver or self.told_giver)
