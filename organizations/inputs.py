"""What acts on organizations take."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.inputs import CountField, CreditCodeField, DayField, Input, PhoneField, inputs_for
from organizations.lifecycle import DUTY, PROVIDER
from organizations.models import Organization, Place
from organizations.models.organization import OrganizationKind
from organizations.models.place import PlaceKind
from organizations.models.provider import Nature
from organizations.need_kinds import NeedKind


@inputs_for(PROVIDER, "register")
class Register(Input):
    name = forms.CharField(label=_("机构名称"), max_length=80, help_text=_("与登记证书一致。"))
    credit_code = CreditCodeField()
    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices)
    social_grade = CountField(
        label=_("社会组织等级"), least=1, most=5, required=False, help_text=_("1 至 5，没有则不填。")
    )
    place = forms.ModelChoiceField(label=_("所在镇街"), queryset=Place.objects.none())
    serves = forms.ModelMultipleChoiceField(
        label=_("服务区域"), queryset=Place.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    phone = PhoneField(label=_("公开电话"), required=False)
    address = forms.CharField(label=_("办公地址"), max_length=120, required=False)

    def prepare(self) -> None:
        towns = Place.objects.filter(kind__in=[PlaceKind.TOWN, PlaceKind.STREET])
        self.chooser("place").queryset = towns
        self.chooser("serves").queryset = towns

    def given(self) -> dict:
        return {**self.cleaned_data, "serves": list(self.cleaned_data["serves"])}


@inputs_for(PROVIDER, "accredit", "extend")
class Accredit(Input):
    until = DayField(label=_("准入有效期至"), ahead=True, help_text=_("一般三年。"))

    def prepare(self) -> None:
        self.initial.setdefault("until", moments.today() + timedelta(days=3 * 365))


@inputs_for(DUTY, "assign")
class AssignDuty(Input):
    organization = forms.ModelChoiceField(label=_("责任部门"), queryset=Organization.objects.none())
    need_kind = forms.ChoiceField(label=_("哪类需求转给它"), choices=[("", _("请选择")), *NeedKind.choices])
    text = forms.CharField(label=_("职责"), max_length=200, help_text=_("办理的人和群众都会看到。"))
    basis = forms.CharField(label=_("依据"), max_length=60, help_text=_("文件名称或文号。"))
    valid_from = DayField(label=_("自哪天起"))

    def prepare(self) -> None:
        self.chooser("organization").queryset = Organization.objects.filter(kind=OrganizationKind.BODY)
        self.initial.setdefault("valid_from", moments.today())


@inputs_for(DUTY, "end")
class EndDuty(Input):
    last_day = DayField(label=_("到哪天为止"))

    def prepare(self) -> None:
        self.initial.setdefault("last_day", moments.today())
