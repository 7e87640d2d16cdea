"""Forms of the actions on households and their members, and what a typed identity number shows."""

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
from foundation.messaging.senders import texts_leave
from foundation.refusals import Refused, Words
from foundation.roles import Actor
from households.help_received import helping
from households.help_received.models import HelpReceived
from households.identity import lookups
from households.identity.models import Found
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
from households.register.registration import sex_of
from households.register.states import HOUSEHOLD
from organizations.bodies.models import Organization, OrganizationKind
from organizations.places.models import Place


@dataclass(frozen=True)
class Recognition:
    """What a typed identity number shows: somebody known here, somebody unknown, or a fault."""

    fault: str = ""
    born: date | None = None
    sex: Sex | None = None
    person: Person | None = None
    household: Household | None = None

    @classmethod
    def of_number(cls, text: str, actor: Actor | None) -> Recognition:
        """What is known of the number, as far as ``actor`` may see it.

        Somebody registered with another window looks like somebody unknown until the form is sent. Every
        number is looked up (``lookups``): counted, and written into the journal.
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
        born, sex = ric.get_birth_date(number), sex_of(number)
        if answer.found != Found.HERE:
            return cls(born=born, sex=sex)
        return cls(born=born, sex=sex, person=answer.person, household=answer.household)

    @property
    def help_received(self) -> list[HelpReceived]:
        """The latest five lines of help of a known household, so that nobody is helped twice unknowingly."""
        if self.household is None:
            return []
        return list(helping.known_help(self.household).select_related("giver")[:5])


def people_of(household: Household | None) -> QuerySet[Person]:
    """The people who live in a household now, and the living guardians of its minors."""
    here = HouseholdMember.objects.filter(household=household, valid_to=None).order_by()
    guardians = here.exclude(person__guardian=None).values("person__guardian_id")
    return Person.objects.filter(pk__in=here.values("person_id").union(guardians), died_on=None)


def _members(household: Household | None) -> QuerySet[HouseholdMember]:
    """The present members of a household."""
    return HouseholdMember.objects.filter(household=household, valid_to=None).select_related("person")


def a_person(label: Words, **kwargs: Any) -> forms.ModelChoiceField:
    """A field that chooses among people; the form sets them in ``prepare``."""
    return forms.ModelChoiceField(label=label, queryset=Person.objects.none(), **kwargs)


def a_place() -> forms.ModelChoiceField:
    """A field that chooses a village or community."""
    return forms.ModelChoiceField(
        label=_("村（社区）"), queryset=Place.objects.villages().select_related("parent")
    )


#: What follows from another telephone, where the former one is told by text and where no text leaves the machine.
CHANGED_AND_TOLD = _("不改可以留空。改了以后，原号会收到短信，新号要过一段时间才能登录。")
CHANGED = _("不改可以留空。改了以后，新号要过一段时间才能登录；本平台没有接短信，请打原号告诉本人。")


@form_for(HOUSEHOLD, "update")
class Update(ActionForm):
    """The circumstances of a household."""

    changes = True

    category = forms.ChoiceField(label=_("救助类别"), choices=Category.choices)
    size = CountField(label=_("家庭人口"), most=30)
    monthly_income = MoneyField(label=_("月人均收入（元）"), least=0, required=False)
    phone = PhoneField(required=False)
    language = forms.ChoiceField(label=_("沟通语言"), choices=Language.choices)
    registration = forms.ChoiceField(label=_("户籍"), choices=Registration.choices, required=False)

    def prepare(self) -> None:
        self.fields["phone"].help_text = CHANGED_AND_TOLD if texts_leave() else CHANGED
        if self.obj is not None:
            for name in ("category", "size", "monthly_income", "language", "registration"):
                self.initial.setdefault(name, getattr(self.obj, name))


def why_field() -> forms.CharField:
    """The reason for registering somebody who is registered with another window."""
    return forms.CharField(
        label=_("事由"),
        max_length=300,
        required=False,
        help_text=_("只有此人在别处有登记，或更换监护人时才填；会写入记录。"),
    )


def a_body() -> forms.ModelChoiceField:
    """The field for the body that stands in for a guardian."""
    return forms.ModelChoiceField(
        label=_("代行监护的组织"),
        queryset=Organization.objects.none(),
        required=False,
        help_text=_("没有监护人时，由村（居）委会或民政部门代行。"),
    )


def bodies_near(household: Household | None) -> QuerySet[Organization]:
    """The committee of the household's village, and civil affairs."""
    if household is None:
        return Organization.objects.none()
    near = Q(kind=OrganizationKind.COMMITTEE, place_id=household.place_id)
    return Organization.objects.filter(near | Q(code="minzheng"), kind__in=STANDING_IN)


@form_for(HOUSEHOLD, "add_member")
class AddMember(ActionForm):
    """A new member; one who counts elsewhere joins as a second home (``counts`` not ticked)."""

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
        """The action's arguments; the number is looked up first, which counts and is written down."""
        given = super().given()
        lookups.look_up(given["id_number"], by=self.by, reason=given["why"])
        return given

    def prepare(self) -> None:
        self.chooser("guardian").queryset = people_of(self.obj)
        self.chooser("guardian_body").queryset = bodies_near(self.obj)


@form_for(HOUSEHOLD, "change_guardian")
class ChangeGuardian(ActionForm):
    """Another guardian of a minor, and why."""

    member = forms.ModelChoiceField(label=_("未成年人"), queryset=HouseholdMember.objects.none())
    guardian = a_person(_("监护人"), required=False, help_text=_("先登记为本户成员。"))
    guardian_body = a_body()
    why = forms.CharField(label=_("依据"), max_length=300, help_text=_("例如 原监护人去世，由祖母监护。"))

    def prepare(self) -> None:
        here = _members(self.obj).filter(counts=True)
        minors = [member.pk for member in here if member.person.is_minor]
        self.chooser("member").queryset = here.filter(pk__in=minors)
        self.chooser("guardian").queryset = people_of(self.obj)
        self.chooser("guardian_body").queryset = bodies_near(self.obj)


class AboutMember(ActionForm):
    """The base of forms about one member and a day."""

    member = forms.ModelChoiceField(label=_("成员"), queryset=HouseholdMember.objects.none())
    on = DayField(label=_("日期"), ahead=False)

    def prepare(self) -> None:
        self.chooser("member").queryset = _members(self.obj)
        self.initial.setdefault("on", moments.today())


@form_for(HOUSEHOLD, "end_membership")
class EndMembership(AboutMember):
    """The reason why a member leaves, and whether the phone belongs to those who stay."""

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
    """The death of a member who counts here; a second home cannot record it."""

    def prepare(self) -> None:
        super().prepare()
        self.chooser("member").queryset = _members(self.obj).filter(counts=True)


class OfHousehold(ActionForm):
    """The base of forms that start something for one household of the actor's own."""

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
