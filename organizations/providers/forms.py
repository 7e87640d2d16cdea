"""Forms of the actions on providers."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField, CreditCodeField, DayField, PhoneField
from organizations.places.models import Place, PlaceKind
from organizations.providers.models import Nature
from organizations.providers.states import PROVIDER


@form_for(PROVIDER, "register")
class Register(ActionForm):
    """The organization to be registered as a provider."""

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


@form_for(PROVIDER, "accredit", "extend")
class Accredit(ActionForm):
    """The last day of the accreditation."""

    until = DayField(label=_("准入有效期至"), ahead=True, help_text=_("一般三年。"))

    def prepare(self) -> None:
        self.initial.setdefault("until", moments.today() + timedelta(days=3 * 365))
