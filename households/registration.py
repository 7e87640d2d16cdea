"""Households are entered once and found again by an identity number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from stdnum.cn import ric

from foundation import moments, numbering
from foundation.holding import hold
from foundation.personal_data.keys import keyed_hash
from foundation.roles import Actor
from households import events
from households.lifecycle import HOUSEHOLD
from households.models import Household, HouseholdMember, Person
from households.models.household import Leaving, Relation, Sex
from organizations.models import Place


@dataclass(frozen=True)
class Applicant:
    """Who applies, as the form tells it; birth date and sex come from the number.

    A hotline order may know no number; then the window fills it in when it accepts.
    """

    name: str
    id_number: str
    phone: str = ""
    address: str = ""


def person_by_number(id_number: str) -> Person | None:
    """The person with that identity number, if the city knows one.

    Every door asks this while a form is typed, so the one look into the index is written out.
    """
    found = Person.objects.raw(
        "SELECT * FROM households_person WHERE id_number_hash = %s", [keyed_hash(id_number)]
    )
    return next(iter(found), None)


def household_of(person: Person) -> Household | None:
    """The household in which the person counts now."""
    home = person.homes.filter(valid_to=None, counts=True).select_related("household").first()
    return home.household if home else None


def person_from_number(name: str, id_number: str) -> Person:
    """A new person; the number, where there is one, fills birth date and sex."""
    if not id_number:
        return Person.objects.create(name=name)
    return Person.objects.create(
        name=name,
        id_number=id_number,
        birth_date=ric.get_birth_date(id_number),
        sex=sex_of(id_number),
    )


def sex_of(id_number: str) -> Sex:
    """What the number says: an odd 17th digit is male (GB 11643)."""
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
) -> tuple[Household, bool]:
    """The applicant's household, made if the city does not know it.

    A second window that enters the same identity number joins the first entry.
    Returns the household and whether it is new.
    """
    person = None
    if applicant.id_number:
        hold("household", keyed_hash(applicant.id_number))
        person = person_by_number(applicant.id_number)
    household = household_of(person) if person else None
    if household is not None:
        return household, False
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
) -> Household:
    """Enter a new household with its head; ``person`` is the head if already known."""
    household = Household.objects.create(
        number=numbering.next_number("JT"),
        place=place,
        town=place.town,
        category=category,
        size=size,
        monthly_income=monthly_income,
        address=applicant.address,
        phone=applicant.phone,
        language=language,
    )
    person = person or person_from_number(applicant.name, applicant.id_number)
    HouseholdMember.objects.create(household=household, person=person, relation=Relation.HEAD)
    return household


@HOUSEHOLD.move("update")
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
    """Bring the circumstances up to date; ``monthly_income`` is CNY a person."""
    household.category, household.size = category, size
    household.monthly_income, household.language = monthly_income, language
    household.registration = registration
    if phone:
        household.phone = phone


@HOUSEHOLD.move("close")
def close(household: Household, *, by: Actor, reason: str) -> None:
    """Take a household out of the books: it has left the city, or nobody is left.

    Its people may be registered anew elsewhere. Refused while matters are open.
    """
    events.about_to_close(household)
    household.members.filter(valid_to=None).update(valid_to=moments.today(), left_for=Leaving.MOVED)
