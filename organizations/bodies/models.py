"""Organizations and their former names."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from foundation.parties import SeenQuerySet
from organizations.permissions import EVERYBODY
from organizations.places.models import Place


class OrganizationKind(models.TextChoices):
    """What kind of organization it is."""

    BODY = "body", _("责任部门")
    WINDOW = "window", _("受理窗口")
    PROVIDER = "provider", _("承接主体")
    COMMITTEE = "committee", _("村（居）委会")
    EVALUATOR = "evaluator", _("评估机构")


class Folded(models.Func):
    """A text normalized to NFKC."""

    function = "normalize"
    template = "%(function)s(%(expressions)s, NFKC)"
    output_field = models.TextField()


class Organization(models.Model):
    """A body of its own: a bureau, a window, a charity, a company.

    ``plain_names`` are both names as they are searched: normalized and in small letters.
    """

    seen_by = EVERYBODY

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
    may_buy = models.BooleanField(_("可作购买主体"), default=False)
    may_supply = models.BooleanField(_("可作承接主体"), default=False)
    plain_names = models.GeneratedField(
        expression=Lower(Folded(Concat("name", models.Value("\n"), "name_en"))),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = SeenQuerySet["Organization"].as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class OrganizationName(models.Model):
    """The name that an organization had between two days."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="names")
    name = models.CharField(_("名称"), max_length=80)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        ordering = ("valid_from",)

    def __str__(self) -> str:
        return self.name
