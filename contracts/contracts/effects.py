"""What a new catalog edition means for running contracts; registered with hooks of the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from catalog.comparisons.comparing import Difference
from catalog.editions.effects import SHOWN, Kind, Touched, touched, volumes
from contracts.contracts.models import ContractLine
from contracts.contracts.states import IN_EFFECT, ContractStatus
from contracts.invoices.models import Delivery
from foundation.lifecycle.phases import ASKED
from foundation.wording import day


@touched.register
def running(difference: Difference) -> Kind:
    """Lines of running contracts on items that change; they keep their edition and price."""
    lines = (
        ContractLine.objects.filter(
            contract__status__in=ContractStatus.in_phase(ASKED | IN_EFFECT), item__code__in=difference.touched
        )
        .select_related("item", "contract__provider__organization")
        .defer("item__search")
        .order_by("item__code", "pk")
    )
    new = {change.code: change.new for change in difference.changed}
    rows = []
    for line in lines[:SHOWN]:
        contract, item = line.contract, new.get(line.item.code)
        words = _("%(price)s 元不变，到 %(end)s 为止") % {
            "price": line.unit_price,
            "end": day(contract.end_on),
        }
        if item is None:
            words += _("；项目已从目录删除，期满不再续签")
        elif line.unit_price > item.price_ceiling:
            words += _("；高于新的最高限价 %(ceiling)s 元，续签时须重议") % {"ceiling": item.price_ceiling}
        title = f"{contract.number} {contract.provider}"
        rows.append(Touched(line.item.code, title, contract.get_absolute_url(), words))
    return Kind(_("履行中的合同"), lines.count(), tuple(rows))


@volumes.register
def delivered(first: date, last: date) -> Mapping[str, int]:
    """Units of each item code delivered on contracts after ``first``, up to and with ``last``."""
    rows = (
        Delivery.objects.filter(delivered_on__gt=first, delivered_on__lte=last)
        .values_list("line__item__code")
        .annotate(units=Sum("units"))
    )
    return dict(rows)
