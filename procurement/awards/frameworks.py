"""The units that a framework agreement has left.

Running call-offs count with their quota, ended ones with what they used.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from contracts.contracts.models import Contract, ContractLine
from contracts.contracts.states import OVER, ContractStatus
from foundation.refusals import Refused
from foundation.wording import said_together
from procurement.awards.models import CallOff
from procurement.purchases.models import Project

RULE = "财政部令110号第二十五条"


def framework_of(contract: Contract) -> Project | None:
    """The framework that a contract, or the one it renews, was called off from; ``None`` for others."""
    while contract.renews is not None:
        contract = contract.renews
    made = CallOff.objects.filter(contract=contract).select_related("project__under").first()
    if made is None:
        return None
    if made.project.under is not None:
        return made.project.under
    return made.project if made.project.is_framework else None


def beyond(framework: Project, wanted: Mapping[int, int]) -> dict[int, int]:
    """The items of which fewer units are left than ``wanted`` (``{item key: units}``), with what is left.

    The framework is locked, so that two do not take the same units at once.
    """
    Project.objects.select_for_update(of=("self",)).get(pk=framework.pk)
    taken = _taken(framework)
    granted = dict(framework.items.values_list("item_id", "quota"))
    left = {item: granted.get(item, 0) - taken.get(item, 0) for item in wanted}
    return {item: max(rest, 0) for item, rest in left.items() if wanted[item] > rest}


def require_within(framework: Project, wanted: Mapping[int, int]) -> None:
    """Raise ``Refused`` for more units than are left."""
    over = beyond(framework, wanted)
    if over:
        words = said_together(_("超过框架协议的数量。"), *map(left_in_words, over.values()))
        raise Refused(words, rule=RULE)


def left_in_words(left: int) -> str:
    """How many units are left, in words."""
    return _("框架协议里还剩 %(left)s。") % {"left": left}


def _taken(framework: Project) -> dict[int, int]:
    """The units taken so far, by item key."""
    mine = CallOff.objects.filter(Q(project=framework) | Q(project__under=framework))
    called = Q(contract__call_off__in=mine) | Q(contract__renews__call_off__in=mine)
    lines = ContractLine.objects.filter(called).select_related("contract")
    taken: dict[int, int] = {}
    for line in lines:
        over = line.contract.status in ContractStatus.in_phase(OVER)
        units = line.reserved + line.used if over else line.quota
        taken[line.item_id] = taken.get(line.item_id, 0) + units
    return taken
