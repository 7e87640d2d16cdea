"""Households are entered once and found again by an identity number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from stdnum.cn import ric

from foundation import moments, numbering
from foundation.holding import hold
from foundation.journal import writing
from foundation.personal_data.keys import keyed_hash
from foundation.roles import Actor
from households.models import Consent, HelpReceived, Household, HouseholdMember, Person
from households.models.household import Relation, Sex
from organizations.models import Organization, Place


@dataclass(frozen=True)
class Applicant:
    """Who applies, as the form tells it; birth date and sex come from the number."""

    name: str
    id_number: str
    phone: str = ""
    address: str = ""


def person_by_number(id_number: str) -> Person | None:
    """The person with that identity number, if the city knows one."""
    return Person.objects.filter(id_number_hash=keyed_hash(id_number)).first()


def household_of(person: Person) -> Household | None:
    """The household in which the person lives now."""
    home = person.homes.filter(valid_to=None).select_related("household").first()
    return home.household if home else None


def person_from_number(name: str, id_number: str) -> Person:
    """A new person; the number fills birth date and sex."""
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
) -> tuple[Household, bool]:
    """The applicant's household, made if the city does not know it.

    A second window that enters the same identity number joins the first entry.
    Returns the household and whether it is new.
    """
    hold("household", keyed_hash(applicant.id_number))
    person = person_by_number(applicant.id_number)
    household = household_of(person) if person else None
    if household is not None:
        return household, False
    household = Household.objects.create(
        number=numbering.next_number("JT"),
        place=place,
        town=place.town,
        category=category,
        size=size,
        monthly_income=monthly_income,
        address=applicant.address,
        phone=applicant.phone,
    )
    person = person or person_from_number(applicant.name, applicant.id_number)
    HouseholdMember.objects.create(household=household, person=person, relation=Relation.HEAD)
    writing.write(
        Household._meta.label,
        household,
        "register",
        by,
        after=writing.picture(household),
        basis="S22",
    )
    return household, True


def give_consent(
    household: Household,
    *,
    by: Actor,
    purpose: str,
    receiver: str,
    scope: list[str],
    form: str,
    valid_to: date | None = None,
) -> Consent:
    """Record separate consent: receiver, purpose, kinds of data, time (PIPL 23, 29)."""
    consent = Consent.objects.create(
        household=household,
        purpose=purpose[:120],
        receiver=receiver[:120],
        scope=scope,
        form=form,
        valid_to=valid_to,
    )
    writing.write(
        Household._meta.label,
        household,
        "consent",
        by,
        after=writing.picture(consent),
        basis="个人信息保护法第二十三条",
    )
    return consent


def record_help(
    household: Household,
    *,
    source: str,
    giver_id: int,
    what: str,
    item_code: str = "",
    units: Decimal | None = None,
    amount: Decimal = Decimal("0"),
) -> HelpReceived:
    """Write one line into the household's ledger of help (S22)."""
    return HelpReceived.objects.create(
        household=household,
        source=source,
        giver=Organization.objects.get(pk=giver_id),
        what=what[:120],
        item_code=item_code,
        units=units,
        amount=amount,
        given_on=moments.today(),
    )
