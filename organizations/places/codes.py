"""What holds of the code, the parent and the position of a place, however it is entered.

Codes are those of the administrative divisions (GB/T 2260 for the city, those of statistics below it): 6 digits of the
city, 9 of a town, 12 of a village. A city may have codes of its own making below its own, of 6 to 12 digits, as long as
each begins with the code of its parent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from foundation.forms import typed
from organizations.places.models import TOWNS, Place, PlaceKind

#: Digits of the code of a city, and of any at least and at most.
OF_A_CITY, LEAST, MOST = 6, 6, 12

#: The zeros that statistics write behind the code of a city and of a town, to make it twelve digits.
_FILLED = {PlaceKind.CITY: "000000", **dict.fromkeys((*TOWNS, PlaceKind.ZONE), "000")}


def normalized(kind: str, text: str) -> str:
    """The code as it is stored: without spaces, and without the zeros that fill it up to twelve digits."""
    code = typed.code(text)
    zeros = _FILLED.get(PlaceKind(kind), "") if kind in PlaceKind.values else ""
    return code.removesuffix(zeros) if zeros and len(code) == MOST else code


def faults_of(kind: str, code: str, parent: Place | None, zone: Place | None) -> dict[str, str]:
    """What is wrong with the code, the parent and the zone of a place, by field."""
    faults: dict[str, str] = {}
    if not re.fullmatch(rf"\d{{{LEAST},{MOST}}}", code, re.ASCII):
        faults["code"] = _("区划代码应为 %(least)s 到 %(most)s 位数字。") % {"least": LEAST, "most": MOST}
    elif kind == PlaceKind.CITY and len(code) != OF_A_CITY:
        faults["code"] = _("市的区划代码应为 %(digits)s 位数字。") % {"digits": OF_A_CITY}
    elif parent is not None and not (code.startswith(parent.code) and len(code) > len(parent.code)):
        faults["code"] = _("代码应以“%(parent)s”的代码 %(code)s 开头，后面再加几位。") % {
            "parent": parent,
            "code": parent.code,
        }
    faults |= _above(kind, parent)
    if zone is not None and zone.kind != PlaceKind.ZONE:
        faults["zone"] = _("“%(name)s”不是开发区。") % {"name": zone}
    elif zone is not None and kind not in TOWNS:
        faults["zone"] = _("只有镇和街道由开发区管理。")
    return faults


def _above(kind: str, parent: Place | None) -> Mapping[str, str]:
    """What is wrong with the parent of a place of that kind."""
    if kind == PlaceKind.CITY:
        return {"parent": _("市没有上级。")} if parent is not None else {}
    if kind == PlaceKind.VILLAGE:
        if parent is None or parent.kind not in TOWNS:
            return {"parent": _("村（社区）要写明属于哪个镇或街道。")}
    elif parent is None:
        return {"parent": _("请先录入市。")}
    elif parent.kind != PlaceKind.CITY:
        return {"parent": _("镇、街道和开发区的上级是市。")}
    if parent.closed:
        return {"parent": _("“%(name)s”已停用。") % {"name": parent}}
    return {}


def in_degrees(value: float) -> str:
    """A latitude or longitude to six decimals, which are less than a metre, without zeros behind."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def names_of(place: Place) -> set[str]:
    """How a sheet may name a place, as names are compared: its name, its code, and the code with the zeros of statistics."""
    filled = place.code + _FILLED.get(PlaceKind(place.kind), "")
    return {typed.compared(place.name), place.code, filled if len(filled) == MOST else place.code}


def faults_of_position(latitude: float | None, longitude: float | None) -> dict[str, str]:
    """What is wrong with a position in degrees, by field; both are there or neither is."""
    faults: dict[str, str] = {}
    if (latitude is None) != (longitude is None):
        field = "latitude" if latitude is None else "longitude"
        faults[field] = _("纬度和经度要一起填写，不知道就都不填。")
    if latitude is not None and not -90 <= latitude <= 90:
        faults["latitude"] = _("纬度应在 -90 到 90 之间。")
    if longitude is not None and not -180 <= longitude <= 180:
        faults["longitude"] = _("经度应在 -180 到 180 之间。")
    return faults
