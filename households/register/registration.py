"""Registering households, and finding them again by an identity number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import ric

from foundation import moments
from foundation.advisory_locks import take_lock
from foundation.forms.typed import compared
from foundation.inbox import notices
from foundation.journal import sentences, writing
from foundation.numbering import numbers
from foundation.numbering.series import Series
from foundation.personal_data.keys import keyed_hash
from foundation.personal_data.revealing import BASIS
from foundation.refusals import Invalid, Refused
from foundation.roles import Actor, Role
from foundation.wording import day, filled
from households.register import events, phones
from households.register.models import Household, HouseholdMember, Leaving, Person, Relation, Sex
from households.register.states import HOUSEHOLD, the_work_of
from organizations.places.models import Place


@dataclass(frozen=True)
class Applicant:
    """Who applies, as the form gives it; birth date and sex come from the number."""

    name: str
    id_number: str
    phone: str = ""
    address: str = ""


def person_by_number(id_number: str) -> Person | None:
    """The person with that identity number; None if nobody is registered with it."""
    return Person.objects.filter(id_number_hash=keyed_hash(id_number)).first()


def worked_on_alone(household_id: int) -> None:
    """Let no other action on the household, or on what waits with windows about it, go on meanwhile."""
    take_lock("alone", the_work_of(household_id))


def held(household: Household) -> Household:
    """The household as it is now, locked: what begins for it is shown where it lives, and to whom, also if it
    moves at the same moment.
    """
    return Household.objects.select_for_update(no_key=True).get(pk=household.pk)


def lived_in(household: Household) -> Household:
    """The household as it is now, locked against a move or a death that is recorded at the same moment.

    Raises ``Refused`` if nobody lives in it any more.
    """
    now = held(household)
    if not now.has_people:
        raise Refused(_("这户已没有在世的成员，不能再办理新的事项。"), rule="S22")
    return now


def household_of(person: Person) -> Household | None:
    """The household in which the person counts now; None if there is none."""
    home = person.homes.filter(valid_to=None, counts=True).select_related("household").first()
    return home.household if home else None


def person_from_number(name: str, id_number: str) -> Person:
    """Create a person; birth date and sex come from the number."""
    return Person.objects.create(
        name=name, id_number=id_number, birth_date=ric.get_birth_date(id_number), sex=sex_of(id_number)
    )


def sex_of(id_number: str) -> Sex:
    """The sex by the number: an odd 17th digit is male (GB 11643)."""
    return Sex.MALE if int(id_number[16]) % 2 else Sex.FEMALE


@transaction.atomic
def find_or_register(
    applicant: Applicant,
    *,
    by: Actor,
    place: Place,
    category: str,
    size: int,
    monthly_income: Decimal | None = None,
    language: str = "mandarin",
    why: str = "",
) -> tuple[Household, bool]:
    """The household of the document that a window has seen, registered if there is none; whether it is new.

    A second window that enters the same identity number gets the first entry. Somebody known who
    counts nowhere now is recognised (see ``recognise``).
    """
    take_lock("household", keyed_hash(applicant.id_number))
    person = person_by_number(applicant.id_number)
    household = household_of(person) if person else None
    if household is not None:
        return household, False
    if person is not None:
        recognise(person, by=by, name=applicant.name, why=why)
    made = register(
        by=by,
        person=person,
        applicant=applicant,
        place=place,
        category=category,
        size=size,
        monthly_income=monthly_income,
        language=language,
    )
    return made, True


def claim(applicant: Applicant, *, by: Actor, place: Place, category: str, size: int) -> Household:
    """Register what somebody says of a household, unverified until a window has seen a document.

    The number is stored to be compared later; nobody is found by it.
    """
    return register(
        by=by,
        person=Person.objects.create(name=applicant.name, claimed_number=applicant.id_number or None),
        applicant=applicant,
        place=place,
        category=category,
        size=size,
        monthly_income=None,
        language="mandarin",
        verified=False,
    )


def same_name(person: Person, name: str) -> None:
    """Raise ``Invalid`` at ``name`` if the person is registered under another name."""
    if compared(person.name.plain()) != compared(name):
        message = _("与登记的姓名不一致，请对照证件核对证件号和姓名。")
        raise Invalid(message, fields={"name": message}, rule="S22")


#: What is written into the journal here.
RECOGNISE = sentences.act("recognise", gettext_lazy("%(who)s按证件重新登记了一个人"), confided=True)


def recognise(person: Person, *, by: Actor, name: str, why: str) -> None:
    """Prepare to register somebody again who is known and counts nowhere now.

    The name must agree. For somebody from another town a reason is needed, and the window there is
    notified that (not where) it happened. Raises ``Invalid``.
    """
    alive(person)
    same_name(person, name)
    home = person.homes.filter(counts=True).order_by("-valid_to", "-pk").first()
    if home is None or home.household.town_id == by.place_id:
        return
    if not why.strip():
        message = _("此人以前由别的窗口登记，请写明现在由本窗口登记的事由。")
        raise Invalid(message, fields={"why": message}, rule=BASIS)
    writing.write(person._meta.label, person, RECOGNISE, by, reason=why.strip(), basis=BASIS)
    words = gettext_lazy("%(home)s：曾在这户的一个人已由别的窗口重新登记。如有疑问，请向民政部门核实。")
    notices.send(home.household, Role.WINDOW, filled(words, home=home.household))


def alive(person: Person) -> None:
    """Raise ``Invalid`` at ``id_number`` for somebody who has died."""
    if person.died_on:
        message = _("登记显示此人已于 %(day)s 去世，请核对。") % {"day": day(person.died_on)}
        raise Invalid(message, fields={"id_number": message}, rule="S22")


@HOUSEHOLD.start("register")
def register(
    *,
    by: Actor,
    person: Person | None,
    applicant: Applicant,
    place: Place,
    category: str,
    size: int,
    monthly_income: Decimal | None,
    language: str,
    verified: bool = True,
) -> Household:
    """Register a new household with its head; ``person`` is the head if already known."""
    household = Household.objects.create(
        number=numbers.next_number(Series.HOUSEHOLD),
        place=place,
        town=place.town,
        category=category,
        size=size,
        monthly_income=monthly_income,
        address=applicant.address,
        phone=applicant.phone,
        language=language,
        verified=verified,
    )
    person = person or person_from_number(applicant.name, applicant.id_number)
    HouseholdMember.objects.create(household=household, person=person, relation=Relation.HEAD)
    return household


@HOUSEHOLD.transition("update")
def update(
    household: Household,
    *,
    by: Actor,
    category: str,
    size: int,
    monthly_income: Decimal | None = None,
    phone: str = "",
    language: str = "mandarin",
    registration: str = "",
) -> None:
    """Update the circumstances; ``monthly_income`` is CNY a person."""
    household.category, household.size = category, size
    household.monthly_income, household.language = monthly_income, language
    household.registration = registration
    if phone and phones.change(household, phone):
        household.done_otherwise = HOUSEHOLD.otherwise("update")


@HOUSEHOLD.transition("close")
def close(household: Household, *, by: Actor, reason: str) -> None:
    """Close a household that has left the city or has no members left.

    Its people may be registered again elsewhere.
    """
    end_memberships(household)


@close.lacks
def missing_for_closing(households: Sequence[Household]) -> dict[int, Refused]:
    """Why households are not closed: the open work that floors above know."""
    return events.missing_for_closing.merged(households)


def end_memberships(household: Household) -> None:
    """End every membership of the household today, with what waits for its people and its place."""
    household.members.filter(valid_to=None).update(valid_to=moments.today(), left_for=Leaving.MOVED)
    events.on_end.call(household, None)
