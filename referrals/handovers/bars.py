"""Who may not take a hand-over back: the colleague who is asked to take over, and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from referrals.handovers.models import Handover


def asked_to_take_over(handovers: Sequence[Handover]) -> dict[int, set[int]]:
    """The colleague who is asked, by hand-over."""
    return {handover.pk: {handover.to_user_id} for handover in handovers if handover.to_user_id is not None}
