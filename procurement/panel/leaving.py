"""What an expert or a key holder leaves behind: seats that the buyer gives to somebody else."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from foundation.roles import HOLDS_KEYS, Role
from organizations.people.events import Carried, carried
from organizations.people.models import Membership
from procurement.key_holders.models import KeyHolder
from procurement.key_holders.states import KeyHolderStatus
from procurement.panel.models import PanelSeat
from procurement.panel.states import PanelSeatStatus


@carried.register
def seats_that_wait(membership: Membership) -> Sequence[Carried]:
    """The seats of an expert that are not handed in, and the shares of keys that somebody holds."""
    found: list[Carried] = []
    if membership.role == Role.EVALUATOR:
        seats = PanelSeat.objects.filter(person=membership.user_id, status__in=PanelSeatStatus.unfinished())
        words = gettext_lazy("%(count)s 个没有提交的评审席位（请采购人更换专家）")
        found.append(Carried(words, seats, passes=False))
    if membership.role in HOLDS_KEYS:
        keys = KeyHolder.objects.filter(
            person=membership.user_id,
            organization=membership.organization_id,
            status__in=KeyHolderStatus.unfinished(),
        )
        words = gettext_lazy("%(count)s 份开标密钥（口令只有本人知道，请先开标或换人）")
        found.append(Carried(words, keys, passes=False))
    return found
