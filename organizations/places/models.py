"""Places: the city, zones, towns and streets, villages and communities."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from organizations.permissions import EVERYBODY
from organizations.places.states import PLACE, PlaceStatus


class PlaceKind(models.TextChoices):
    """The level of a place."""

    CITY = "city", _("市")
    ZONE = "zone", _("开发区")
    TOWN = "town", _("镇")
    STREET = "street", _("街道")
    VILLAGE = "village", _("村（社区）")


#: The kinds of place that have a window and villages.
TOWNS = (PlaceKind.TOWN, PlaceKind.STREET)


class PlaceQuerySet(SeenQuerySet["Place"]):
    def in_use(self) -> PlaceQuerySet:
        """Those that were not closed."""
        return self.filter(status__in=PlaceStatus.unfinished())

    def city(self) -> Place | None:
        """The city in use, once it was entered."""
        return self.in_use().filter(kind=PlaceKind.CITY).first()

    def towns(self) -> PlaceQuerySet:
        """The towns and streets in use."""
        return self.in_use().filter(kind__in=TOWNS)

    def villages(self) -> PlaceQuerySet:
        """The villages and communities in use."""
        return self.in_use().filter(kind=PlaceKind.VILLAGE)


class Place(LifecycleModel):
    """A place; a village is in exactly one town or street (``parent``).

    A development zone manages some places (``zone``) and is not their parent. ``code`` is that of the administrative
    division; it begins with that of the parent. Kind, code and parent stay as they were entered: what is wrong is
    closed and entered anew, so that a code is that of one place in use, and maybe of others that were closed.
    ``latitude`` and ``longitude`` (degrees) are both there, or neither is known.
    """

    lifecycle = PLACE
    seen_by = EVERYBODY
    at_a_glance = ("kind", "code", "parent")

    code = models.CharField(_("代码"), max_length=12, db_index=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    kind = models.CharField(_("类别"), max_length=10, choices=PlaceKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("上级")
    )
    zone = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="managed", verbose_name=_("管理的开发区")
    )
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=PlaceStatus.choices, default=PlaceStatus.IN_USE
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(status__in=PlaceStatus.unfinished()),
                name="place_one_of_a_code",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind=PlaceKind.CITY, status__in=PlaceStatus.unfinished()),
                name="place_one_city",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_position_whole",
            ),
        ]
        triggers = [PLACE.trigger()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("place", args=[self.pk])

    @property
    def closed(self) -> bool:
        """Whether it is used no more."""
        return PlaceStatus(self.status).over

    @property
    def town(self) -> Place:
        """The town or street in charge: the parent of a village, else the place itself."""
        return self.parent if self.kind == PlaceKind.VILLAGE and self.parent else self
