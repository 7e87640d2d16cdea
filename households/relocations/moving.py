"""Moving: within the town at once, to another town by a hand-over between the two windows."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.refusals import Invalid, NotNow
from foundation.roles import SYSTEM, Actor
from households.register import events, missing, registration
from households.register.models import Household, Person
from households.register.states import HOUSEHOLD
from households.relocations.models import Relocation
from households.relocations.states import RELOCATION, RelocationStatus
from organizations.places.models import Place


@HOUSEHOLD.transition("move_house")
def move_house(household: Household, *, by: Actor, place: Place, address: str) -> None:
    """Move within the town; raises ``Invalid`` for a place in another one."""
    if place.town.pk != household.town_id:
        message = _("新住处在%(town)s，请用“迁往别的镇街”移交。") % {"town": place.town}
        raise Invalid(message, fields={"place": message}, rule="S3")
    registration.lived_in(household)
    household.place, household.address = place, address


move_house.lacks(missing.nobody_there)


@RELOCATION.start("propose")
def propose(*, by: Actor, household: Household, place: Place, address: str) -> Relocation:
    """Propose to hand a household over to the window of another town (S3).

    Matters and open referrals stay with the window that has them until they are answered, and no
    clock restarts. Raises ``Invalid`` and ``NotNow``.
    """
    registration.worked_on_alone(household.pk)
    household = Household.objects.select_for_update().get(pk=household.pk)
    if not household.known:
        raise NotNow(_("这户已经注销。"), rule="S3")
    if not household.verified:
        raise NotNow(_("这户还没有核对证件，请移交它的事项。"), rule="S3")
    registration.lived_in(household)
    if place.town.pk == household.town_id:
        message = _("仍在本镇街，请用“镇内迁居”办理。")
        raise Invalid(message, fields={"place": message}, rule="S3")
    if household.relocations.filter(status__in=RelocationStatus.unfinished()).exists():
        raise NotNow(_("这户已有一次移交在等对方确认。"), rule="S3")
    return Relocation.objects.create(
        household=household,
        from_town_id=household.town_id,
        to_town=place.town,
        to_place=place,
        address=address,
    )


@RELOCATION.transition("accept")
def accept(relocation: Relocation, *, by: Actor) -> None:
    """Take the household over, with its new place and address."""
    household = Household.objects.select_for_update().get(pk=relocation.household_id)
    household.place_id, household.town_id = relocation.to_place_id, relocation.to_town_id
    household.address = relocation.address
    household.save(update_fields=["place", "town", "address", "address_hash"])


decline = RELOCATION.act("decline", Relocation)
take_back = RELOCATION.act("take_back", Relocation)
lapse = RELOCATION.act("lapse", Relocation)


@events.on_end.register
def lapse_with_the_household(household: Household, person: Person | None) -> None:
    """End the relocation of a household that is closed: nobody is left to be taken over."""
    if person is None:
        for relocation in household.relocations.filter(status__in=RelocationStatus.unfinished()):
            lapse(relocation, by=SYSTEM)
