"""What a typed identity number tells, before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from stdnum.cn import ric

from foundation.inputs import IdNumberField
from foundation.roles import Actor
from households import registration
from households.models import HelpReceived, Household, Person
from households.models.household import Sex


@dataclass(frozen=True)
class Recognition:
    """A person by number: known here, known to another window, new, or a wrong number."""

    fault: str = ""
    born: date | None = None
    sex: Sex | None = None
    person: Person | None = None
    household: Household | None = None
    elsewhere: Household | None = None

    @classmethod
    def of(cls, text: str, actor: Actor | None) -> Recognition:
        """What the city knows of the number, as far as ``actor`` may see it."""
        try:
            number = IdNumberField(required=False).clean(text)
        except ValidationError as wrong:
            return cls(fault=" ".join(wrong.messages))
        if not number or actor is None:
            return cls()
        born, sex = ric.get_birth_date(number), registration.sex_of(number)
        person = registration.person_by_number(number)
        household = registration.household_of(person) if person else None
        if household is None:
            return cls(born=born, sex=sex)
        mine = Household.objects.visible_to(actor).filter(pk=household.pk)
        if not mine.exists():
            return cls(born=born, sex=sex, elsewhere=household)
        return cls(born=born, sex=sex, person=person, household=household)

    @property
    def help_received(self) -> list[HelpReceived]:
        """The last help of a known household, so that nobody is helped twice unawares."""
        if self.household is None:
            return []
        return list(self.household.help_received.select_related("giver")[:5])
