"""Entering and changing the places of the city, by its administrator."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from foundation.advisory_locks import take_lock
from foundation.city import events
from foundation.refusals import Invalid
from foundation.roles import Actor
from foundation.work_items import rebuilding
from organizations.bodies import committees
from organizations.places import codes
from organizations.places.models import TOWNS, Place, PlaceKind
from organizations.places.states import ALONE, BASIS, PLACE


@PLACE.start("enter")
def enter(
    *,
    by: Actor,
    kind: str,
    code: str,
    name: str,
    name_en: str = "",
    parent: Place | None = None,
    zone: Place | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> Place:
    """Enter a place; a village gets its committee with it, for which its assistants hold their role.

    ``latitude`` and ``longitude`` are degrees. Without a parent, what lies right below the city is below it. Raises
    ``Invalid`` for a code that one in use has or that does not begin with the parent's, for a second city, for a
    village without a town, and for a name that another one beside it has.
    """
    take_lock("alone", ALONE)
    code = codes.normalized(kind, code)
    if parent is None and kind not in (PlaceKind.CITY, PlaceKind.VILLAGE):
        parent = Place.objects.city()
    faults = codes.faults_of(kind, code, parent, zone) | codes.faults_of_position(latitude, longitude)
    if kind == PlaceKind.CITY and (city := Place.objects.city()):
        faults["kind"] = _("已有市“%(name)s”，一个系统只有一个市。") % {"name": city}
    if "code" not in faults and (other := Place.objects.in_use().filter(code=code).first()):
        faults["code"] = _("代码 %(code)s 已是“%(name)s”。") % {"code": code, "name": other}
    _require(faults | _named_alike(name, parent))
    place = Place.objects.create(
        kind=kind,
        code=code,
        name=name,
        name_en=name_en,
        parent=parent,
        zone=zone,
        latitude=latitude,
        longitude=longitude,
    )
    if kind == PlaceKind.VILLAGE:
        committees.make_for([place], by=by)
    return place


@PLACE.transition("change")
def change(
    place: Place,
    *,
    by: Actor,
    name: str,
    name_en: str = "",
    kind: str = "",
    zone: Place | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> None:
    """Change how a place is called, which zone manages it, and where it lies (degrees); a town that becomes a street, or a
    street a town, is of another ``kind`` and stays what it is otherwise. The committee of a village that is called after
    it follows. Raises ``Invalid`` as ``enter`` does.
    """
    kind = kind or place.kind
    if not may_become(place.kind, kind):
        _require({"kind": _("只有镇和街道可以互改类别。")})
    faults = codes.faults_of(place.kind, place.code, place.parent, zone)
    faults = {field: fault for field, fault in faults.items() if field == "zone"}
    faults |= codes.faults_of_position(latitude, longitude) | _named_alike(name, place.parent, but=place)
    _require(faults)
    if name != place.name:
        rebuilding.after_a_renaming()
        committees.follow({place.pk: (place.name, name)}, by=by)
    place.kind, place.name, place.name_en, place.zone = kind, name, name_en, zone
    place.latitude, place.longitude = latitude, longitude


def may_become(kind: str, other: str) -> bool:
    """Whether a place of one kind may be of the other: the same, or town and street, which are one level."""
    return kind == other or {kind, other} <= set(TOWNS)


@events.before_coding.register
def require_code_of_the_places(code: str) -> None:
    """Raise ``Invalid`` for a division code of the city that none of its places has."""
    there = Place.objects.in_use().exclude(kind=PlaceKind.ZONE)
    if there.exists() and not there.filter(code__startswith=code).exists():
        message = _("已录入的地点没有一个以 %(code)s 开头\uff0c请核对代码。") % {"code": code}
        raise Invalid(message, fields={"division_code": message}, rule=BASIS)


def _named_alike(name: str, parent: Place | None, *, but: Place | None = None) -> dict[str, str]:
    """What is wrong with a name that another place in use below the same parent has."""
    alike = Place.objects.in_use().filter(name=name, parent=parent)
    if (alike.exclude(pk=but.pk) if but else alike).exists():
        return {"name": _("这里已有一个“%(name)s”。") % {"name": name}}
    return {}


def _require(faults: dict[str, Any]) -> None:
    """Raise ``Invalid`` at the fields that are wrong."""
    if faults:
        raise Invalid(next(iter(faults.values())), fields=faults, rule=BASIS)
