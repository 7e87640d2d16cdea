"""Forms of the actions on charity funds, goods and gifts."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.items.kinds import Funding
from catalog.items.seeking import HINT as ITEM_HINT
from catalog.items.seeking import called as items_called
from catalog.offers.models import Offer
from foundation.forms.actions import ActionForm, DeclarationField, form_for
from foundation.forms.fields import MoneyField
from foundation.forms.seeking import SoughtField
from foundation.lifecycle.phases import SERVING
from giving.models import DonorKind, Pool, PoolKind
from giving.states import GIFT, POOL, PoolStatus


@form_for(POOL, "set_up")
class SetUp(ActionForm):
    """A new fund or store of goods."""

    kind = forms.ChoiceField(label=_("类别"), choices=PoolKind.choices)
    name = forms.CharField(label=_("名称"), max_length=60)
    unit = forms.CharField(
        label=_("单位"), max_length=10, required=False, help_text=_("物资填，例如 包、条；资金不用填。")
    )
    unit_value = MoneyField(
        label=_("每单位价值（元）"), required=False, help_text=_("物资按采购价或市场价；资金不用填。")
    )
    purpose = forms.CharField(label=_("用途"), max_length=200)

    def given(self) -> dict:
        data = self.cleaned_data
        return {**data, "unit_value": data["unit_value"] or Decimal("0")}


@form_for(POOL, "back")
class Back(ActionForm):
    """The offer that is given out of the pool, and how much of the pool one unit of it takes."""

    offer = SoughtField(
        label=_("服务项目"),
        queryset=Offer.objects.none(),
        seek=partial(items_called, path="item__"),
        hint=ITEM_HINT,
    )
    per_unit = MoneyField(
        label=_("每单位服务用量"), help_text=_("例如 1 个急难物资包用 1 包；1 例助学补充用 2,000 元。")
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.chooser("offer").queryset = (
                Offer.objects.serving()
                .filter(provider_id=self.obj.provider_id, item__funding=Funding.CHARITY_PROJECT, taken=0)
                .select_related("item")
            )
            self.call_choices("offer", lambda offer: f"{offer.item.code} {offer.item.local_name}")


class Units(ActionForm):
    """A number of units: CNY for money, whole pieces for goods."""

    units = MoneyField(label=_("数量"), help_text=_("资金按元，物资按件数。"))


@form_for(POOL, "write_off")
class WriteOff(Units):
    """How much is lost or returned; the reason is asked by the transition."""


@form_for(POOL, "take_stock")
class TakeStock(ActionForm):
    """The result of a stock count, in pieces."""

    counted = MoneyField(label=_("实际盘点数"), least=Decimal("0"), help_text=_("含已答应还没发的。"))


def _pool_called(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The pools with the text in their name or purpose."""
    return found.filter(Q(name__icontains=text) | Q(purpose__icontains=text))


@form_for(GIFT, "receive")
class Receive(Units):
    """A gift, its donor, and whether the donor may be named in public."""

    field_order = ["pool", "units", "donor_kind", "donor", "named", "wish"]

    pool = SoughtField(
        label=_("资金或物资库"),
        queryset=Pool.objects.none(),
        seek=_pool_called,
        hint=_("输入名称或用途的一部分"),
    )
    donor_kind = forms.ChoiceField(label=_("捐赠人"), choices=DonorKind.choices)
    donor = forms.CharField(label=_("捐赠人名称"), max_length=80, required=False)
    named = DeclarationField(label=_("同意公开名称"), required=False)
    wish = forms.CharField(label=_("捐赠意愿"), max_length=200, required=False)

    def prepare(self) -> None:
        if self.actor is not None:
            self.chooser("pool").queryset = Pool.objects.visible_to(self.actor).filter(
                status__in=PoolStatus.in_phase(SERVING)
            )
