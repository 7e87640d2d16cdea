"""Items change only while their edition is a draft."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.lifecycle import EditionStatus
from catalog.models import Edition, Item
from foundation.journal import writing
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import Actor, Role
from foundation.rules import reading


@transaction.atomic
def set_price(item: Item, *, by: Actor, price_low: Decimal, price_high: Decimal) -> Item:
    """Set the guide price of a drafted item (CNY a unit); the ceiling follows.

    Raises ``NotNow`` once the edition has left its draft, ``Invalid`` for a
    lower end above the upper.
    """
    if by.role != Role.CIVIL_AFFAIRS:
        raise NotYours(_("只有民政可以修改目录。"), rule="S25")
    edition = Edition.objects.select_for_update().get(pk=item.edition_id)
    if edition.status != EditionStatus.DRAFT:
        raise NotNow(_("这一版目录已不在起草阶段,请起草新版。"), rule="S25")
    if price_low > price_high:
        message = _("下限不能高于上限。")
        raise Invalid(message, fields={"price_low": message})
    before = writing.picture(item)
    percent = int(reading.current("catalog.ceiling").value["percent_above_guide"])
    item.price_low, item.price_high = price_low, price_high
    item.price_ceiling = Item.ceiling_for(price_high, percent)
    item.save()
    writing.write(
        Edition._meta.label,
        edition,
        "set_price",
        by,
        before=before,
        after=writing.picture(item),
        basis="S25",
    )
    return item
