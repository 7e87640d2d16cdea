"""Forms of the actions on places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CodeField, NumberField
from foundation.wording import listed, said_together
from organizations.bodies import committees
from organizations.places.models import TOWNS, Place, PlaceKind
from organizations.places.seeking import a_place
from organizations.places.states import PLACE


def _degrees(label: Any, **kwargs: Any) -> NumberField:
    """A field for degrees of latitude or longitude."""
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return NumberField(label=label, required=False, max_digits=12, decimal_places=8, widget=widget, **kwargs)


class PlaceForm(ActionForm):
    """How a place is called, which zone manages it, and where it lies."""

    name = forms.CharField(label=_("名称"), max_length=40)
    name_en = forms.CharField(label=_("英文名称"), max_length=60, required=False)
    zone = forms.ModelChoiceField(
        label=_("管理的开发区"),
        queryset=Place.objects.none(),
        required=False,
        help_text=_("只有镇和街道由开发区管理。"),
    )
    latitude = _degrees(_("纬度"), help_text=_("度，例如 30.00。不知道就不填，不会当作 0。"))
    longitude = _degrees(_("经度"), help_text=_("度，例如 110.00。按距离匹配服务时用。"))

    def prepare(self) -> None:
        self.chooser("zone").queryset = Place.objects.in_use().filter(kind=PlaceKind.ZONE)

    def given(self) -> dict[str, Any]:
        found = super().given()
        degrees = {name: found[name] for name in ("latitude", "longitude")}
        return found | {name: None if value is None else float(value) for name, value in degrees.items()}


@form_for(PLACE, "enter")
class EnterPlace(PlaceForm):
    """What a new place is, its code, and what it belongs to."""

    kind = forms.ChoiceField(label=_("类别"), choices=PlaceKind.choices)
    code = CodeField(
        label=_("区划代码"),
        max_length=40,
        help_text=_("市 6 位，镇街 9 位，村（社区）12 位；也可以自编，以上级的代码开头，6 到 12 位。"),
    )
    parent = a_place(
        _("上级"), required=False, help_text=_("村（社区）写明属于哪个镇或街道；其他的不填就是市。")
    )

    field_order = ("kind", "code", "name", "name_en", "parent", "zone", "latitude", "longitude")

    def prepare(self) -> None:
        super().prepare()
        self.chooser("parent").queryset = Place.objects.in_use().filter(kind__in=(*TOWNS, PlaceKind.CITY))


@form_for(PLACE, "change")
class ChangePlace(PlaceForm):
    """The same of a place that is there; code and parent stay, and the kind but for towns and streets."""

    changes = True

    kind = forms.ChoiceField(
        label=_("类别"), choices=[(kind.value, kind.label) for kind in TOWNS], required=False
    )

    def prepare(self) -> None:
        super().prepare()
        if self.obj is None:
            return
        self.initial.setdefault("zone", self.obj.zone_id)
        for name in ("latitude", "longitude"):
            degrees = getattr(self.obj, name)
            self.initial.setdefault(name, degrees if degrees is None else round(degrees, 8))
        for name in self.fields:
            self.initial.setdefault(name, getattr(self.obj, name))
        if words := self._of_the_bodies():
            self.fields["name"].help_text = words
        if self.obj.kind not in TOWNS:
            del self.fields["zone"], self.fields["kind"]

    def _of_the_bodies(self) -> str:
        """Which bodies bear the name that may change: those that follow, and those that keep it."""
        named = committees.beside({self.obj.pk: self.obj.name}).get(self.obj.pk, {})
        words = {
            True: _("“%(names)s”跟着改名。"),
            False: _("这些机构的名称里有原来的地名，不会跟着改，要改的请到各自的页面办理：%(names)s。"),
        }
        told = {one: listed(name for name, follows in named.items() if follows is one) for one in words}
        return str(said_together(*(words[one] % {"names": names} for one, names in told.items() if names)))
