"""A list of windows: one for each town, with its address, telephone and opening hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.utils.translation import gettext as _

from foundation.journal import writing
from foundation.lifecycle import together
from foundation.roles import Actor
from organizations.bodies import codes
from organizations.bodies.models import Organization, OrganizationKind, OrganizationName
from organizations.bodies.states import ORGANIZATION
from organizations.city_lists.kinds import CityListKind, Outcome
from organizations.city_lists.planning import Plan, Row
from organizations.places.codes import names_of
from organizations.places.models import Place

#: What a row may change of a window that is there.
CHANGING = ("address", "phone", "hours")


class WindowsPlan(Plan):
    """The windows of a list beside those that are there."""

    kind = CityListKind.WINDOWS

    def compare(self) -> None:
        towns: dict[str, list[Place]] = defaultdict(list)
        for town in Place.objects.towns():
            for word in names_of(town):
                towns[word].append(town)
        there = {window.place_id: window for window in Organization.objects.windows()}
        self.before = {window.pk: writing.picture(window) for window in there.values()}
        self.new: list[Organization] = []
        self.changed: list[Organization] = []
        self.seen: dict[int, int] = {}
        for row in self.rows:
            own = self._town(row, towns)
            if own is not None and row["name"]:
                self._window(row, own, there.get(own.pk))

    def _town(self, row: Row, towns: Mapping[str, list[Place]]) -> Place | None:
        """The town of a row, if it is one and no earlier row has it."""
        missing = [name for name in ("town", "name") if name in row.values and not row[name]]
        if missing:
            self.fault(row, _("镇街和窗口名称都要写。"))
        row.title = row["name"] or ""
        if missing or not row["town"]:
            return None
        town: Place | None = self.named(row["town"], towns, row, _("镇街"))
        if town is not None and (earlier := self.seen.get(town.pk)) is not None:
            self.fault(
                row, _("“%(town)s”和第 %(n)s 行重复，一个镇街一个窗口。") % {"town": town, "n": earlier}
            )
            return None
        if town is not None:
            self.seen[town.pk] = row.number
        return town

    def _window(self, row: Row, town: Place, window: Organization | None) -> None:
        """The new window of a town, or what is different of the one that is there."""
        if window is None:
            row.outcome = Outcome.NEW
            self.new.append(
                Organization(
                    kind=OrganizationKind.WINDOW,
                    name=row["name"],
                    place=town,
                    address=row["address"] or "",
                    phone=row["phone"] or "",
                    hours=row["hours"] or {},
                )
            )
        elif window.name != row["name"]:
            self.fault(row, renamed(window))
        elif take_over(row, window, CHANGING):
            self.changed.append(window)

    def carry_out(self, by: Actor) -> None:
        taken = set(codes.beginning_with(codes.OF_A_WINDOW))
        for window in self.new:
            if window.place is not None:
                window.code = next(codes.free(codes.stem_of(window.kind, window.place), taken))
        together.begin(ORGANIZATION, "establish", self.new, by=by)
        OrganizationName.objects.bulk_create(
            OrganizationName(organization=window, name=window.name) for window in self.new
        )
        if self.changed:
            together.change(ORGANIZATION, "change", self.changed, before=self.before, fields=CHANGING, by=by)


def renamed(organization: Organization) -> str:
    """What is said where a list calls an organization otherwise than it is called."""
    return _("已有“%(name)s”。改名请在它的页面办理，要写从哪天起。") % {"name": organization.name}


def take_over(row: Row, organization: Organization, names: tuple[str, ...]) -> bool:
    """Change what a row says otherwise, and note it; whether it says anything otherwise. An empty cell says nothing."""
    for name in names:
        old, new = getattr(organization, name), row[name]
        if new not in (None, "", {}) and new != old:
            row.changes.append((name, old, new))
            setattr(organization, name, new)
    if row.changes:
        row.outcome = Outcome.CHANGED
    return bool(row.changes)
