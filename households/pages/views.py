"""The household's page: its people, its consents, and all help received."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from foundation.access import access
from foundation.inputs import IdNumberField
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible, visible
from foundation.pages.lists import ListPage
from foundation.pages.numbered import numbered
from foundation.pages.tables import Column
from foundation.personal_data.keys import keyed_hash
from foundation.refusals import Refused
from foundation.roles import Role
from foundation.typed import folded
from households import helping, lookups, telling
from households.models import Correction, Household, HouseholdMember, Joining, Relocation
from households.models.household import Category

READERS = (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.WINDOW, Role.ASSISTANT, Role.GRID_WORKER, Role.HOUSEHOLD)
WORKERS = (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.WINDOW)


#: What a row of the list shows, and no more; ``first`` is who came into the home first.
ROWS = Household.objects.annotate(
    first=Subquery(
        HouseholdMember.objects.filter(household=OuterRef("pk"), valid_to=None)
        .order_by("pk")
        .values("person__name")[:1]
    )
).values_list("pk", "number", "first", "place__name", "category", "size", named=True)


class Households(ListPage):
    """The households that the reader may see, by number or identity number."""

    access = access(GET=tuple(role for role in READERS if role is not Role.HOUSEHOLD))
    template = "households/households.html"
    beneath = "households"
    columns = (
        Column(gettext_lazy("家庭编号"), "number"),
        Column(gettext_lazy("户主"), lambda row: row.first or ""),
        Column(gettext_lazy("村（社区）"), "place__name"),
        Column(gettext_lazy("救助类别"), lambda row: Category(row.category).label),
        Column(gettext_lazy("人口"), "size"),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found, fault = visible(ROWS, self.actor), ""
        asked = folded(request.GET.get("q", ""))
        if asked:
            number = IdNumberField.folded(asked)
            if len(number) == IdNumberField.LENGTH:
                found, fault = self._by_number(found, number)
            else:
                found = numbered(found, asked, "JT")
        return self.show_list(found, status=422 if fault else 200, asked=asked, fault=fault)

    def _by_number(self, found: QuerySet[Any], number: str) -> tuple[QuerySet[Any], str]:
        """The households of a number, or why it may not be asked for now."""
        try:
            IdNumberField().clean(number)
            lookups.look_up(number, by=self.actor)
        except ValidationError as wrong:
            return found.none(), " ".join(wrong.messages)
        except Refused as refusal:
            return found.none(), str(refusal.message)
        numbered = {"members__person__id_number_hash": keyed_hash(number)}
        return found.filter(members__valid_to=None, **numbered), ""


class ShowHousehold(Page):
    """One household; the people's data stay masked until a reason is given."""

    access = access(GET=READERS)
    template = "households/household.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        household = find_visible(Household, self.actor, number=number)
        homes = household.members.select_related(
            "person__guardian", "person__guardian_body"
        ).prefetch_related("person__homes__household")
        members = list(homes)
        neighbours = []
        if household.address_hash and self.actor.role != Role.HOUSEHOLD:
            neighbours = list(
                Household.objects.visible_to(self.actor)
                .filter(address_hash=household.address_hash)
                .exclude(pk=household.pk)[:5]
            )
        return self.show(
            {
                "object": household,
                "members": [each for each in members if each.valid_to is None],
                "gone": [each for each in members if each.valid_to is not None],
                "neighbours": neighbours,
                "consents": household.consents.select_related("person", "given_by"),
                "sources": helping.by_source(household, self.actor),
                "moves": household.moves_for(self.actor),
                "is_window": self.actor.role == Role.WINDOW
                and household.status == "known"
                and household.verified,
                "relocations": household.relocations.select_related("to_place")
                if self.actor.role in WORKERS
                else [],
                "joinings": household.joinings.filter(status="proposed").select_related("person")
                if self.actor.role in WORKERS
                else [],
                "looked": telling.looked(household, self.actor),
                "timeline": telling.told(household, self.actor),
            }
        )


class ShowRelocation(Page):
    """A hand-over between two windows."""

    access = access(GET=WORKERS)
    template = "households/relocation.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        relocation = find_visible(Relocation, self.actor, pk=pk)
        return self.show(
            {
                "object": relocation,
                "in_charge": Household.objects.visible_to(self.actor)
                .filter(pk=relocation.household_id)
                .exists(),
                "moves": relocation.moves_for(self.actor),
                "timeline": timeline.told([relocation], to=self.actor),
            }
        )


class ShowJoining(Page):
    """A second home that the window where the person counts is asked to confirm."""

    access = access(GET=WORKERS)
    template = "households/joining.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        joining = find_visible(Joining, self.actor, pk=pk)
        of_the_home = self.actor.role != Role.WINDOW or joining.home.town_id == self.actor.place_id
        return self.show(
            {
                "object": joining,
                "of_the_home": of_the_home,
                "moves": joining.moves_for(self.actor),
                "timeline": timeline.told([joining], with_names=of_the_home, to=self.actor),
            }
        )


class ShowCorrection(Page):
    """The wrong and the right number, side by side, for the second person."""

    access = access(GET=WORKERS)
    template = "households/correction.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        correction = find_visible(Correction, self.actor, pk=pk)
        return self.show(
            {
                "object": correction,
                "moves": correction.moves_for(self.actor),
                "timeline": timeline.told([correction], to=self.actor),
            }
        )
