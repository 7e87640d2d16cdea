"""A list of places: what is new, what is called otherwise or lies elsewhere, and what cannot be."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from foundation.journal import writing
from foundation.lifecycle import together
from foundation.roles import Actor
from foundation.work_items import rebuilding
from organizations.bodies import committees
from organizations.city_lists.kinds import CityListKind, Outcome
from organizations.city_lists.planning import Plan, Row
from organizations.places import codes, keeping
from organizations.places.models import TOWNS, Place, PlaceKind
from organizations.places.states import PLACE

#: The kinds of place in the order in which they are made: a village after its town.
LEVELS = ((PlaceKind.CITY,), (PlaceKind.ZONE,), TOWNS, (PlaceKind.VILLAGE,))

#: What a row may change of a place that is there.
CHANGING = ("kind", "name", "name_en", "zone", "latitude", "longitude")


class PlacesPlan(Plan):
    """The places of a list beside those that are there."""

    kind = CityListKind.PLACES

    def compare(self) -> None:
        every = list(Place.objects.select_related("parent", "zone"))
        self.there = {place.code: place for place in every if not place.closed}
        self.closed = {place.code: place.name for place in every if place.closed}
        self.before = {place.pk: writing.picture(place) for place in self.there.values()}
        #: The codes of the list so far, each with the number of its row.
        self.seen: dict[str, int] = {}
        self.new: list[Place] = []
        self.changed: list[Place] = []
        pairs = [(row, place) for row in self.rows if (place := self._place_of(row)) is not None]
        self._index(place for _row, place in pairs)
        for row, place in pairs:
            self._place(row, place)
        self._find_alike(pairs)
        self._find_beside(pairs)

    def _place_of(self, row: Row) -> Place | None:
        """The place of a row, there already or new; None where kind, code or name are wrong or doubled."""
        missing = [name for name in ("code", "name", "kind") if name in row.values and not row[name]]
        if missing:
            self.fault(row, _("代码、名称和类别都要写。"))
        if len(missing) or not all(name in row.values for name in ("code", "name", "kind")):
            return None
        code, row.title = codes.normalized(row["kind"], row["code"]), row["name"]
        if (earlier := self.seen.get(code)) is not None:
            self.fault(row, _("代码 %(code)s 和第 %(n)s 行重复。") % {"code": code, "n": earlier})
            return None
        self.seen[code] = row.number
        if (place := self.there.get(code)) is None:
            row.formerly = self.closed.get(code, "")
            return Place(
                kind=row["kind"],
                code=code,
                name=row["name"],
                name_en=row["name_en"] or "",
                latitude=row["latitude"],
                longitude=row["longitude"],
            )
        if not keeping.may_become(place.kind, row["kind"]):
            words = _("代码 %(code)s 是%(kind)s“%(name)s”，类别不能改。录错了的，先停用，再重新录入。")
            self.fault(row, words % {"code": code, "kind": place.get_kind_display(), "name": place.name})
            return None
        return place

    def _index(self, listed: Any) -> None:
        """What may be named as a parent or as a zone, by code and by name; of the list and of what is there."""
        every = self.there | {place.code: place for place in listed}
        self.parents: dict[str, list[Place]] = defaultdict(list)
        self.zones: dict[str, list[Place]] = defaultdict(list)
        for place in every.values():
            index = self.zones if place.kind == PlaceKind.ZONE else self.parents
            if place.kind != PlaceKind.VILLAGE:
                for word in codes.names_of(place):
                    index[word].append(place)
        self.cities = [place for place in every.values() if place.kind == PlaceKind.CITY]

    def _place(self, row: Row, place: Place) -> None:
        """Put one place below its parent, and compare it with what is there."""
        parent, zone = self._parent(row, place), self._zone(row)
        if place.kind == PlaceKind.CITY and place.pk is None and len(self.cities) > 1:
            others = [city for city in self.cities if city is not place]
            self.fault(row, _("已有市“%(name)s”，一个系统只有一个市。") % {"name": others[0].name})
        latitude = place.latitude if row["latitude"] is None else row["latitude"]
        longitude = place.longitude if row["longitude"] is None else row["longitude"]
        if row.number not in self.wrong:
            faults = codes.faults_of(place.kind, place.code, parent, zone)
            if place.pk is not None:  # what is there keeps its code and its parent
                faults = {field: words for field, words in faults.items() if field == "zone"}
            faults |= codes.faults_of_position(latitude, longitude)
            for words in dict.fromkeys(faults.values()):
                self.fault(row, words)
        if place.pk is None:
            place.parent, place.zone = parent, zone
            row.outcome = Outcome.NEW
            self.new.append(place)
        else:
            self._compare(row, place, parent, zone)

    def _parent(self, row: Row, place: Place) -> Place | None:
        """What a place is below: what the row names, else where it is, else the city unless it is a village."""
        if row["parent"]:
            found: Place | None = self.named(row["parent"], self.parents, row, _("上级"))
            return found
        if place.pk is not None:
            return place.parent
        below = place.kind not in (PlaceKind.CITY, PlaceKind.VILLAGE)
        return self.cities[0] if below and self.cities else None

    def _zone(self, row: Row) -> Place | None:
        """The zone that a row names."""
        found: Place | None = self.named(row["zone"], self.zones, row, _("开发区")) if row["zone"] else None
        return found

    def _compare(self, row: Row, place: Place, parent: Place | None, zone: Place | None) -> None:
        """Note what a row changes of a place that is there, and change it; what is not said stays."""
        if parent is not place.parent and (
            parent is None or place.parent is None or parent.code != place.parent.code
        ):
            self.fault(row, _("“%(name)s”的上级不能改。") % {"name": place.name})
            return
        said = {**row.values, "zone": zone}
        for name in CHANGING:
            old, new = getattr(place, name), said[name]
            if new not in (None, "") and new != old:
                row.changes.append((name, _plain(name, old), _plain(name, new)))
                setattr(place, name, new)
        if row.changes:
            row.outcome = Outcome.CHANGED
            self.changed.append(place)

    def _find_alike(self, pairs: list[tuple[Row, Place]]) -> None:
        """Note the rows by which a place gets the name of another one in use below the same parent."""
        rows = {place.code: row for row, place in pairs}
        named: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for place in [*self.there.values(), *self.new]:
            named[place.parent.code if place.parent else "", place.name].append(place)
        for alike in named.values():
            for place in alike if len(alike) > 1 else ():
                row = rows.get(place.code)
                if row is not None and row.number not in self.wrong and _gets_its_name(row):
                    self.fault(row, _("这里已有一个“%(name)s”。") % {"name": place.name})

    def _find_beside(self, pairs: list[tuple[Row, Place]]) -> None:
        """Note beside the rows by which places are renamed the bodies that bear the names before."""
        self.renamed = {
            place.pk: (old, new)
            for row, place in pairs
            for name, old, new in row.changes
            if name == "name" and row.number not in self.wrong
        }
        former = {pk: old for pk, (old, _new) in self.renamed.items()}
        found = committees.beside(former) if former else {}
        for row, place in pairs:
            for name, follows in found.get(place.pk, {}).items():
                then = committees.name_of(place) if follows else name
                row.beside.append(("follows" if follows else "stays", name, then))

    def carry_out(self, by: Actor) -> None:
        for kinds in LEVELS:
            made = [place for place in self.new if place.kind in kinds]
            if made:
                together.begin(PLACE, "enter", made, by=by)
            if made and kinds == LEVELS[-1]:
                committees.make_for(made, by=by)
        if self.changed:
            together.change(PLACE, "change", self.changed, before=self.before, fields=CHANGING, by=by)
            rebuilding.after_a_renaming()
            committees.follow(self.renamed, by=by)


def _gets_its_name(row: Row) -> bool:
    """Whether a row names a new place, or gives another name to one that is there."""
    return row.outcome == Outcome.NEW or any(name == "name" for name, _old, _new in row.changes)


def _plain(name: str, value: Any) -> Any:
    """A value of a place as ``CityList.shown`` keeps it: of a zone its name, of a kind its label."""
    if name == "kind":
        return str(PlaceKind(value).label)
    return str(value) if isinstance(value, Place) else value
