"""What acts on households take, and what a typed identity number tells at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from foundation import moments
from foundation.forms.actions import ActionForm, DeclarationField, form_for
from foundation.forms.fields import CountField, DayField, IdNumberField, MoneyField, PhoneField
from foundation.refusals import Refused, Words
from foundation.roles import Actor
from households.help_received import helping
from households.help_received.models import HelpReceived
from households.identity import lookups
from households.identity.models import Found
from households.register import registration as register_registration
from households.register.members import STANDING_IN
from households.register.models import (
    Category,
    Disability,
    Household,
    HouseholdMember,
    Language,
    Leaving,
    Person,
    Registration,
    Relation,
    Sex,
)
from households.register.states import HOUSEHOLD
from organizations.bodies.models import Organization, OrganizationKind
from organizations.places.models import Place, PlaceKind


@dataclass(frozen=True)
class Recognition:
    """A person by number: known here, not known here, or a wrong number."""

    fault: str = ""
    born: date | None = None
    sex: Sex | None = None
    person: Person | None = None
    household: Household | None = None

    @classmethod
    def of(cls, text: str, actor: Actor | None) -> Recognition:
        """What the city knows of the number, as far as ``actor`` may see it.

        Somebody whom another window has looks like somebody new until the form is sent.
        Every number is a look-up (``lookups``): counted, and written down.
        """
        try:
            number = IdNumberField(required=False).clean(text)
        except ValidationError as wrong:
            return cls(fault=" ".join(wrong.messages))
        if not number or actor is None:
            return cls()
        try:
            answer = lookups.look_up(number, by=actor)
        except Refused as refusal:
            return cls(fault=str(refusal.message))
        born, sex = ric.get_birth_date(number), register_registration.sex_of(number)
        if answer.found != Found.HERE:
            return cls(born=born, sex=sex)
        return cls(born=born, sex=sex, person=answer.person, household=answer.household)

    @property
    def help_received(self) -> list[HelpReceived]:
        """The last help of a known household, so that nobody is helped twice unawares."""
        if self.household is None:
            return []
        return list(helping.known_help(self.household).select_related("giver")[:5])


def people_of(household: Household | None) -> QuerySet[Person]:
    """The people who live in a household now, and those alive who stand for its minors."""
    members = Q(homes__household=household, homes__valid_to=None)
    guardians = Q(wards__homes__household=household, wards__homes__valid_to=None)
    return Person.objects.filter(members | guardians, died_on=None).distinct()


def _members(household: Household | None) -> QuerySet[HouseholdMember]:
    return HouseholdMember.objects.filter(household=household, valid_to=None).select_related("person")


def a_person(label: Words, **kwargs: Any) -> forms.ModelChoiceField:
    """A choice among the people of the household, filled in ``prepare``."""
    return forms.ModelChoiceField(label=label, queryset=Person.objects.none(), **kwargs)


def a_place() -> forms.ModelChoiceField:
    """A village or community."""
    return forms.ModelChoiceField(
        label=_("村（社区）"), queryset=Place.objects.filter(kind=PlaceKind.VILLAGE).select_related("parent")
    )


@form_for(HOUSEHOLD, "update")
class Update(ActionForm):
    changes = True

    category = forms.ChoiceField(label=_("救助类别"), choices=Category.choices)
    size = CountField(label=_("家庭人口"), most=30)
    monthly_income = MoneyField(label=_("月人均收入（元）"), least=0, required=False)
    phone = PhoneField(
        required=False, help_text=_("不改可以留空。改了以后，原号会收到短信，新号要过一段时间才能登录。")
    )
    language = forms.ChoiceField(label=_("沟通语言"), choices=Language.choices)
    registration = forms.ChoiceField(label=_("户籍"), choices=Registration.choices, required=False)

    def prepare(self) -> None:
        if self.obj is not None:
            for name in ("category", "size", "monthly_income", "language", "registration"):
                self.initial.setdefault(name, getattr(self.obj, name))


def why_field() -> forms.CharField:
    """Why one window enters somebody whom another has."""
    return forms.CharField(
        label=_("事由"),
        max_length=300,
        required=False,
        help_text=_("只有此人在别处有登记，或更换监护人时才填；会写入记录。"),
    )


def a_body() -> forms.ModelChoiceField:
    """Who stands for a minor that has nobody."""
    return forms.ModelChoiceField(
        label=_("代行监护的组织"),
        queryset=Organization.objects.none(),
        required=False,
        help_text=_("没有监护人时，由村（居）委会或民政部门代行。"),
    )


def bodies_near(household: Household | None) -> QuerySet[Organization]:
    """The committee of the village, and civil affairs."""
    if household is None:
        return Organization.objects.none()
    near = Q(kind=OrganizationKind.COMMITTEE, place_id=household.place_id)
    return Organization.objects.filter(near | Q(code="minzheng"), kind__in=STANDING_IN)


@form_for(HOUSEHOLD, "add_member")
class AddMember(ActionForm):
    on_demand = ("why",)

    id_number = IdNumberField()
    name = forms.CharField(label=_("姓名"), max_length=40)
    relation = forms.ChoiceField(
        label=_("与户主关系"), choices=[choice for choice in Relation.choices if choice[0] != Relation.HEAD]
    )
    counts = forms.BooleanField(
        label=_("计入本户"),
        required=False,
        initial=True,
        help_text=_("两边轮住的孩子或老人，只在一户计入；另一户不勾选。"),
    )
    disability = forms.ChoiceField(label=_("残疾"), choices=Disability.choices, required=False)
    guardian = a_person(_("监护人"), required=False, help_text=_("未成年人必填；监护人先登记为本户成员。"))
    guardian_body = a_body()
    why = why_field()

    def given(self) -> dict[str, Any]:
        """The action's arguments, once the number has been asked for."""
        given = super().given()
        lookups.look_up(given["id_number"], by=self.by, reason=given["why"])
        return given

    def prepare(self) -> None:
        self.chooser("guardian").queryset = people_of(self.obj)
        self.chooser("guardian_body").queryset = bodies_near(self.obj)


@form_for(HOUSEHOLD, "change_guardian")
class ChangeGuardian(ActionForm):
    member = forms.ModelChoiceField(label=_("未成年人"), queryset=HouseholdMember.objects.none())
    guardian = a_person(_("监护人"), required=False, help_text=_("先登记为本户成员。"))
    guardian_body = a_body()
    why = forms.CharField(label=_("依据"), max_length=300, help_text=_("例如 原监护人去世，由祖母监护。"))

    def prepare(self) -> None:
        here = _members(self.obj).filter(counts=True)
        minors = [each.pk for each in here if each.person.is_minor]
        self.chooser("member").queryset = here.filter(pk__in=minors)
        self.chooser("guardian").queryset = people_of(self.obj)
        self.chooser("guardian_body").queryset = bodies_near(self.obj)


class AboutMember(ActionForm):
    member = forms.ModelChoiceField(label=_("成员"), queryset=HouseholdMember.objects.none())
    on = DayField(label=_("日期"), ahead=False)

    def prepare(self) -> None:
        self.chooser("member").queryset = _members(self.obj)
        self.initial.setdefault("on", moments.today())


@form_for(HOUSEHOLD, "end_membership")
class EndMembership(AboutMember):
    left_for = forms.ChoiceField(
        label=_("离开原因"), choices=[choice for choice in Leaving.choices if choice[0] != Leaving.DIED]
    )
    phone_stays = DeclarationField(
        label=_("登记的联系电话是留下的家人在用，已当面核对"),
        required=False,
        help_text=_("不勾选：核对以前，这个电话不能登录查询，也收不到短信。"),
    )


@form_for(HOUSEHOLD, "record_death")
class RecordDeath(AboutMember):
    """Of somebody who counts here; a second home tells nobody's death."""

    def prepare(self) -> None:
        super().prepare()
        self.chooser("member").queryset = _members(self.obj).filter(counts=True)


class OfHousehold(ActionForm):
    """An act that begins with one household of the actor's own."""

    household = forms.ModelChoiceField(
        label=_("家庭"), queryset=Household.objects.none(), to_field_name="number", widget=forms.HiddenInput
    )

    def prepare(self) -> None:
        if self.actor is not None:
            self.chooser("household").queryset = Household.objects.visible_to(self.actor)

    @property
    def subject(self) -> Household | None:
        return self.asked

    @property
    def asked(self) -> Household | None:
        """The household that the address or the form names."""
        number = str(self["household"].value() or "")
        return self.objects("household").filter(number=number).first()
