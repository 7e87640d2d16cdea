"""What acts on the catalog take."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.lifecycle import COMMENT, EDITION, OFFER, EditionStatus
from catalog.models import Edition, Item
from catalog.models.item import Funding
from foundation import moments
from foundation.inputs import CountField, DayField, Input, MoneyField, inputs_for


@inputs_for(EDITION, "draft")
class Draft(Input):
    title = forms.CharField(label=_("标题"), max_length=120)
    note = forms.CharField(
        label=_("说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def prepare(self) -> None:
        year = moments.today().year + 1
        self.initial.setdefault(
            "title", _("江阴市社会救助政府购买服务目录(%(year)s年版)") % {"year": year}
        )


@inputs_for(EDITION, "approve")
class Approve(Input):
    document_number = forms.CharField(
        label=_("文件编号"), max_length=40, help_text=_("例如 澄民发〔2026〕88号。")
    )
    index_number = forms.CharField(label=_("信息索引号"), max_length=40)
    in_force_from = DayField(label=_("施行日期"), help_text=_("今天或以后的某一天。"))

    def prepare(self) -> None:
        self.initial.setdefault("in_force_from", moments.today() + timedelta(days=7))


class SetPrice(Input):
    price_low = MoneyField(label=_("指导价下限"))
    price_high = MoneyField(label=_("指导价上限"))

    def prepare(self) -> None:
        self.initial.setdefault("price_low", self.obj.price_low)
        self.initial.setdefault("price_high", self.obj.price_high)


@inputs_for(COMMENT, "give")
class Give(Input):
    edition = forms.ModelChoiceField(label=_("目录版本"), queryset=Edition.objects.none())
    text = forms.CharField(
        label=_("意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def prepare(self) -> None:
        self.fields["edition"].queryset = Edition.objects.filter(status=EditionStatus.CONSULTATION)


@inputs_for(COMMENT, "answer")
class Answer(Input):
    text = forms.CharField(
        label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


@inputs_for(OFFER, "apply")
class Apply(Input):
    item = forms.ModelChoiceField(label=_("服务项目"), queryset=Item.objects.none())
    places = CountField(label=_("同时服务名额"), most=10_000)
    price = MoneyField(label=_("单价(元)"), help_text=_("不超过目录的最高限价。"))
    staff = forms.CharField(
        label=_("人员资质"), max_length=200, help_text=_("例如 助理社工师 3 名。")
    )

    def prepare(self) -> None:
        self.fields["item"].queryset = Item.objects.in_force().exclude(funding=Funding.RELIEF_FUND)


@inputs_for(OFFER, "update_places")
class UpdatePlaces(Input):
    places = CountField(label=_("同时服务名额"), least=0, most=10_000)

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("places", self.obj.places)
