"""What acts on households take, and what a typed identity number tells at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from foundation.inputs import IdNumberField, Input
from foundation.roles import Actor
from households import registration
from households.models import HelpReceived, Household, Person
from households.models.consent import ConsentForm
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


class RecordConsent(Input):
    """Separate consent names the kinds of data and the form in which it was given."""

    scope = forms.MultipleChoiceField(
        label=_("同意提供的信息"),
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("contact_name", _("姓名")),
            ("contact_phone", _("联系电话")),
            ("contact_address", _("住址")),
        ],
        initial=["contact_name", "contact_phone", "contact_address"],
    )
    form = forms.ChoiceField(label=_("同意的形式"), choices=ConsentForm.choices)
