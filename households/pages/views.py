"""The household's page: its people, its consents, and all help received."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.access import access
from foundation.inputs import IdNumberField
from foundation.journal import timeline
from foundation.journal.models import Entry
from foundation.pages.base import Page, find_visible
from foundation.pages.paging import leaf
from foundation.pages.tables import Line, table
from foundation.personal_data.keys import keyed_hash
from foundation.roles import Role
from households import helping
from households.models import Correction, Household, HouseholdMember, Relocation
from households.models.household import Category

READERS = (
    Role.CIVIL_AFFAIRS,
    Role.AUDITOR,
    Role.WINDOW,
    Role.ASSISTANT,
    Role.GRID_WORKER,
    Role.HOUSEHOLD,
)
WORKERS = (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.WINDOW)


#: What a row of the list shows, and no more; ``head`` is who came into the home first.
ROWS = Household.objects.annotate(
    head=Subquery(
        HouseholdMember.objects.filter(household=OuterRef("pk"), valid_to=None)
        .order_by("pk")
        .values("person__name")[:1]
    )
).values_list("pk", "number", "head", "place__name", "category", "size", named=True)


class Households(Page):
    """The households that the reader may see, by number or identity number."""

    access = access(GET=tuple(role for role in READERS if role is not Role.HOUSEHOLD))
    template = "households/households.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = ROWS.visible_to(self.actor)
        asked = request.GET.get("q", "").strip()
        if asked:
            number = IdNumberField.folded(asked)
            found = (
                found.filter(
                    members__valid_to=None, members__person__id_number_hash=keyed_hash(number)
                )
                if len(number) == IdNumberField.LENGTH
                else found.filter(number__icontains=asked)
            )
        page = leaf(found, request)
        here = reverse("households")
        categories = {value: str(label) for value, label in Category.choices}
        return self.show(
            {
                "page": page,
                "table": table(
                    (_("家庭编号"), _("户主"), _("村(社区)"), _("救助类别"), _("人口")),
                    (
                        Line(
                            f"{here}{each.number}/",
                            each.number,
                            (
                                each.head or "",
                                each.place__name,
                                categories[each.category],
                                each.size,
                            ),
                        )
                        for each in page
                    ),
                ),
                "asked": asked,
            }
        )


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
                "sources": helping.by_source(household),
                "moves": household.moves_for(self.actor),
                "is_window": self.actor.role == Role.WINDOW and household.status == "known",
                "relocations": household.relocations.select_related("to_place")
                if self.actor.role in WORKERS
                else [],
                "looked": Entry.objects.filter(
                    lifecycle__in=("households.Household", "households.Person"),
                    object_id__in=[household.pk, *[each.person_id for each in members]],
                    move="reveal",
                ).count(),
                "timeline": timeline.told(
                    [household, *[each.person for each in members]],
                    with_names=self.actor.role != Role.HOUSEHOLD,
                ),
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
                "moves": relocation.moves_for(self.actor),
                "timeline": timeline.told([relocation]),
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
                "timeline": timeline.told([correction]),
            }
        )
