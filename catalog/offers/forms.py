"""Forms of the actions on offers."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalog.items.kinds import Funding
from catalog.items.models import Item
from catalog.items.seeking import an_item
from catalog.offers import applying
from catalog.offers.models import Weekday, both_sexes, common_language, working_week
from catalog.offers.renewal import Renewal
from catalog.offers.states import OFFER
from foundation.forms.actions import ActionForm, DeclarationField, form_for
from foundation.forms.fields import CountField, HourField, MoneyField
from foundation.forms.uploads import UploadsField
from households.register.models import Language, Sex


class _Capacity(ActionForm):
    """The fields that applying and renewing share."""

    places = CountField(label=_("同时服务名额"), most=10_000, help_text=_("同一时间能服务多少人（户）。"))
    weekly = CountField(label=_("每周服务量"), most=100_000, help_text=_("一周能提供多少个计量单位。"))
    price = MoneyField(label=_("单价（元）"), help_text=_("不超过目录的最高限价。"))
    staff = forms.CharField(label=_("人员资质"), max_length=200, help_text=_("例如 助理社工师 3 名。"))


PAPERS = UploadsField(
    label=_("证明材料"),
    kinds=("pdf", "jpg", "png"),
    required=False,
    help_text=_("资质证书、人员名单等，PDF 或照片，最多 6 份，加密保存。"),
)


@form_for(OFFER, "apply")
class Apply(_Capacity):
    """The item, and when, how and for whom it is given."""

    field_order = ["item", "places", "weekly", "price", "staff"]

    item = an_item()
    weekdays = forms.MultipleChoiceField(
        label=_("服务日"),
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=working_week,
        required=False,
        help_text=_("不选为周一至周五。"),
    )
    opens_at = HourField(
        label=_("开始时间"),
        initial="08:30",
        required=False,
        widget=forms.TimeInput(format="%H:%M"),
        help_text=_("不填为 08:30。"),
    )
    closes_at = HourField(
        label=_("结束时间"),
        initial="17:30",
        required=False,
        widget=forms.TimeInput(format="%H:%M"),
        help_text=_("不填为 17:30。"),
    )
    speaks = forms.MultipleChoiceField(
        label=_("服务语言"),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=common_language,
        required=False,
        help_text=_("不选为普通话。"),
    )
    sexes = forms.MultipleChoiceField(
        label=_("服务人员性别"),
        choices=Sex.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=both_sexes,
        required=False,
        help_text=_("不选为男女都有。"),
    )
    stock = CountField(
        label=_("自有资金或物资够几份"),
        least=0,
        required=False,
        help_text=_("只有慈善项目填：按计量单位还能提供多少。不填为不限。"),
    )
    papers = PAPERS

    def prepare(self) -> None:
        items = Item.objects.in_force().exclude(funding=Funding.RELIEF_FUND)
        self.chooser("item").queryset = items.defer("search")

    def given(self) -> dict[str, Any]:
        """The values without empty ones, so that the action's defaults apply."""
        found = super().given()
        return {name: value for name, value in found.items() if value is not None}


@form_for(OFFER, "renew")
class Renew(_Capacity):
    """Capacity and price anew, with the provider's consent to the changes of the item."""

    facts = "catalog/offers/renewal.html"

    confirmed = DeclarationField(
        label=_("已阅读新版目录对这个项目的改动，同意按新版提供服务。"),
        error_messages={"required": _("请先确认已阅读改动。")},
    )
    papers = PAPERS

    def prepare(self) -> None:
        if self.obj is not None:
            for name in ("places", "weekly", "price", "staff"):
                self.initial.setdefault(name, getattr(self.obj, name))

    @cached_property
    def renewal(self) -> Renewal | None:
        """What the edition in force has changed."""
        return applying.to_renew(self.obj)


@form_for(OFFER, "update_places")
class UpdatePlaces(ActionForm):
    """Places, weekly units and (charity projects only) stock."""

    places = CountField(label=_("同时服务名额"), least=0, most=10_000)
    weekly = CountField(label=_("每周服务量"), most=100_000, required=False, help_text=_("不改可以留空。"))
    stock = CountField(
        label=_("自有资金或物资够几份"), least=0, required=False, help_text=_("不改可以留空。")
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("places", self.obj.places)
            if self.obj.item.funding != Funding.CHARITY_PROJECT:
                del self.fields["stock"]
