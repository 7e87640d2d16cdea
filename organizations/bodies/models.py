"""Organizations and their former names."""

from __future__ import annotations

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Concat, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from organizations.bodies.states import ORGANIZATION, OrganizationStatus
from organizations.permissions import EVERYBODY
from organizations.places.models import Place


class OrganizationKind(models.TextChoices):
    """What kind of organization it is."""

    BODY = "body", _("责任部门")
    WINDOW = "window", _("受理窗口")
    PROVIDER = "provider", _("承接主体")
    COMMITTEE = "committee", _("村（居）委会")
    EVALUATOR = "evaluator", _("评估机构")


#: The kinds that are entered by hand or by file; providers come in by accreditation.
ENTERED = (
    OrganizationKind.BODY,
    OrganizationKind.WINDOW,
    OrganizationKind.COMMITTEE,
    OrganizationKind.EVALUATOR,
)


#: The kinds of which one is in use at each place: a window of a town, the committee of a village.
ONE_AT_A_PLACE = (OrganizationKind.WINDOW, OrganizationKind.COMMITTEE)


class Folded(models.Func):
    """A text normalized to NFKC."""

    function = "normalize"
    template = "%(function)s(%(expressions)s, NFKC)"
    output_field = models.TextField()


class OrganizationQuerySet(SeenQuerySet["Organization"]):
    def in_use(self) -> OrganizationQuerySet:
        """Those that were not closed."""
        return self.filter(status__in=OrganizationStatus.unfinished())

    def bodies(self) -> OrganizationQuerySet:
        """The responsible bodies in use."""
        return self.in_use().filter(kind=OrganizationKind.BODY)

    def windows(self) -> OrganizationQuerySet:
        """The windows in use."""
        return self.in_use().filter(kind=OrganizationKind.WINDOW)

    def entered(self) -> OrganizationQuerySet:
        """Those of the kinds that are entered by hand or by file."""
        return self.filter(kind__in=ENTERED)


class Organization(LifecycleModel):
    """A body of its own: a bureau, a window, a charity, a company.

    ``plain_names`` are both names as they are searched: normalized and in small letters. ``hours`` are the opening
    hours of a week as ``bodies.hours`` reads them: by the number of the day (1 is Monday) a list of pairs of times
    (``"09:00"``); a day that is left out is closed, and an empty mapping says that they are not known.
    """

    lifecycle = ORGANIZATION
    seen_by = EVERYBODY
    at_a_glance = ("kind", "code", "credit_code", "place", "address")
    unjournaled = ("plain_names",)

    kind = models.CharField(_("类别"), max_length=12, choices=OrganizationKind.choices)
    code = models.SlugField(_("简码"), unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    credit_code = models.CharField(
        _("统一社会信用代码"),
        max_length=18,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Z]{18}$")],
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, verbose_name=_("所在地"))
    phone = models.CharField(_("公开电话"), max_length=30, blank=True)
    address = models.CharField(_("办公地址"), max_length=120, blank=True)
    hours = models.JSONField(_("开放时间"), default=dict, blank=True)
    may_buy = models.BooleanField(_("可作购买主体"), default=False)
    may_supply = models.BooleanField(_("可作承接主体"), default=False)
    plain_names = models.GeneratedField(
        expression=Lower(Folded(Concat("name", models.Value("\n"), "name_en"))),
        output_field=models.TextField(),
        db_persist=True,
    )
    status = models.CharField(
        _("状态"), max_length=20, choices=OrganizationStatus.choices, default=OrganizationStatus.IN_USE
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "place"],
                condition=models.Q(kind__in=ONE_AT_A_PLACE, status__in=OrganizationStatus.unfinished()),
                name="organization_one_at_a_place",
            )
        ]
        triggers = [ORGANIZATION.trigger()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("body", args=[self.pk])

    @property
    def closed(self) -> bool:
        """Whether it is used no more."""
        return OrganizationStatus(self.status).over


class OrganizationNameQuerySet(models.QuerySet["OrganizationName"]):
    def on(self, day: date) -> OrganizationNameQuerySet:
        """Those of a day."""
        first = models.Q(valid_from=None) | models.Q(valid_from__lte=day)
        last = models.Q(valid_to=None) | models.Q(valid_to__gte=day)
        return self.filter(first, last)


class OrganizationName(models.Model):
    """The name that an organization had between two days; without a first day it is not known since when."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="names")
    name = models.CharField(_("名称"), max_length=80)
    valid_from = models.DateField(_("自"), null=True, blank=True)
    valid_to = models.DateField(_("至"), null=True, blank=True)

    objects = OrganizationNameQuerySet.as_manager()

    class Meta:
        ordering = (models.F("valid_from").asc(nulls_first=True),)

    def __str__(self) -> str:
        return self.name
