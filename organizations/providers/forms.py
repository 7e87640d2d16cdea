"""Forms of the actions on providers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import (
    BankAccountField,
    CountField,
    CreditCodeField,
    DayField,
    OfficePhoneField,
    PersonNameField,
)
from foundation.refusals import Words
from foundation.wording import filled, said_together
from organizations.bodies.hours import HoursField, brief
from organizations.invitations.forms import Join
from organizations.places.models import Place
from organizations.providers.accreditation import furthest, until_then
from organizations.providers.certified import first_to_run_out
from organizations.providers.models import Nature
from organizations.providers.states import PROVIDER

#: For how many years a provider is admitted usually.
USUAL_YEARS = 3


def a_name() -> forms.CharField:
    """The name of the organization."""
    return forms.CharField(label=_("机构名称"), max_length=80, help_text=_("与登记证书一致。"))


def a_grade() -> CountField:
    """The grade of a social organization."""
    return CountField(
        label=_("社会组织等级"), least=1, most=5, required=False, help_text=_("1 至 5，没有则不填。")
    )


def an_address(*, required: bool = True) -> forms.CharField:
    """Where the organization has its office."""
    return forms.CharField(label=_("办公地址"), max_length=120, required=required)


def an_area() -> forms.ModelMultipleChoiceField:
    """The towns that are served."""
    return forms.ModelMultipleChoiceField(
        label=_("服务区域"), queryset=Place.objects.none(), widget=forms.CheckboxSelectMultiple
    )


class Area(ActionForm):
    """The base of forms with an area: towns and streets in use, and those that are served already."""

    def prepare(self) -> None:
        towns = Place.objects.towns()
        served = Place.objects.filter(providers=self.obj) if self.obj is not None else Place.objects.none()
        offered = Place.objects.filter(Q(pk__in=towns.values("pk")) | Q(pk__in=served.values("pk")))
        self.chooser("serves").queryset = offered
        if "place" in self.fields:
            self.chooser("place").queryset = towns

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "serves": list(self.cleaned_data["serves"])}


@form_for(PROVIDER, "register")
class Register(Area):
    """The organization to be registered as a provider."""

    name = a_name()
    credit_code = CreditCodeField()
    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices)
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=40, required=False)
    social_grade = a_grade()
    place = forms.ModelChoiceField(
        label=_("所在镇街"),
        queryset=Place.objects.none(),
        required=False,
        help_text=_("本平台已有的部门登记为承接主体，不用填。"),
    )
    serves = an_area()
    phone = OfficePhoneField(label=_("公开电话"), required=False)
    address = an_address(required=False)


class Facts(Area):
    """The facts that a provider changes at once."""

    changes = True

    phone = OfficePhoneField(label=_("公开电话"))
    address = an_address()
    hours = HoursField()
    services = forms.CharField(
        label=_("主要服务"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一两句话。准入以后按目录申报具体项目。"),
    )
    serves = an_area()

    def prepare(self) -> None:
        super().prepare()
        if self.obj is None:
            return
        organization = self.obj.organization
        known = {
            "phone": organization.phone,
            "address": organization.address,
            "hours": brief(organization.hours),
            "services": self.obj.services,
            "serves": [place.pk for place in self.obj.serves.all()],
        }
        for name, value in known.items():
            self.initial.setdefault(name, value)


@form_for(PROVIDER, "change_facts")
class ChangeFacts(Facts):
    """The facts that are changed at once."""


@form_for(PROVIDER, "fill_in")
class FillIn(Facts):
    """All facts, before they are checked."""

    name = a_name()
    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices)
    social_grade = a_grade()
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=40)
    bank_name = forms.CharField(label=_("开户银行"), max_length=80)
    bank_account = BankAccountField(label=_("对公账号"), required=False)
    field_order = ("name", "nature", "social_grade", "legal_representative", "bank_name", "bank_account")

    def prepare(self) -> None:
        super().prepare()
        if self.obj is None:
            return
        known = {
            "name": self.obj.organization.name,
            "nature": self.obj.nature,
            "social_grade": self.obj.social_grade,
            "legal_representative": self.obj.legal_representative,
            "bank_name": self.obj.bank_name,
        }
        for name, value in known.items():
            self.initial.setdefault(name, value)
        account = self.obj.bank_account
        if not account:
            self.show_as_needed("bank_account")
        else:
            words = _("已填 %(account)s；不改就空着。") % {"account": account}
            self.fields["bank_account"].help_text = words

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        known = self.obj is not None and self.obj.bank_account
        if not known and not given.get("bank_account") and "bank_account" not in self.errors:
            self.add_error("bank_account", _("请填写。"))
        return given


class JoinAsProvider(Area, Join):
    """What a stranger says of an organization, and of himself: who will answer for it."""

    name = a_name()
    credit_code = CreditCodeField()
    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices)
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=40)
    place = forms.ModelChoiceField(label=_("所在镇街"), queryset=Place.objects.none())
    serves = an_area()
    phone = OfficePhoneField(label=_("公开电话"))
    address = an_address()
    services = forms.CharField(
        label=_("主要服务"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    full_name = PersonNameField(
        label=_("您的姓名"),
        max_length=40,
        help_text=_(
            "您将有两个身份：协调员（办业务，登录后先是它）和机构管理员（邀请同事）。点右上角自己的姓名切换。"
        ),
    )
    field_order = [
        *("name", "credit_code", "nature", "legal_representative", "place", "address", "phone"),
        *("serves", "services", "full_name", "username", "password", "again"),
    ]

    def given(self) -> dict[str, Any]:
        found = super().given()
        del found["again"]
        return found


@form_for(PROVIDER, "accredit", "extend")
class Accredit(ActionForm):
    """The last day of the accreditation."""

    facts = "organizations/providers/last_check.html"

    #: What else whoever finds a fault decides, offered on the same page.
    otherwise = ("return_documents", "reject", "return_renewal", "refuse_return")

    until = DayField(label=_("准入有效期至"), ahead=True)

    def prepare(self) -> None:
        usual, (years, last) = moments.today() + timedelta(days=USUAL_YEARS * 365), furthest()
        words: Words = filled(_("一般三年，一次最长 %(years)s 年。"), years=years)
        first = first_to_run_out(self.obj) if self.obj is not None else None
        runs_out = first.valid_until if first is not None else None
        if first is not None and runs_out is not None and runs_out < last:
            words = said_together(words, until_then(first))
        self.fields["until"].help_text = words
        self.initial.setdefault("until", min(filter(None, (usual, last, runs_out))))
