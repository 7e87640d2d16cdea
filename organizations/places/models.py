"""Places: the city, zones, towns and streets, villages and communities."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.parties import SeenQuerySet
from organizations.permissions import EVERYBODY


class PlaceKind(models.TextChoices):
    """The level of a place."""

    CITY = "city", _("市")
    ZONE = "zone", _("开发区")
    TOWN = "town", _("镇")
    STREET = "street", _("街道")
    VILLAGE = "village", _("村（社区）")


class Place(models.Model):
    """A place; a village is in exactly one town or street (``parent``).

    A development zone manages some places (``zone``) and is not their parent.
    """

    seen_by = EVERYBODY

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    kind = models.CharField(_("类别"), max_length=10, choices=PlaceKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("上级")
    )
    zone = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="managed", verbose_name=_("管理的开发区")
    )
    latitude = models.FloatField(_("纬度"))
    longitude = models.FloatField(_("经度"))

    objects = SeenQuerySet["Place"].as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def town(self) -> Place:
        """The town or street in charge: the parent of a village, else the place itself."""
        return self.parent if self.kind == PlaceKind.VILLAGE and self.parent else self
