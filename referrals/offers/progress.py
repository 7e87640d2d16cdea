"""The progress of a referral as a household reads it: the steps that were reached, and how it ended.

Which steps were reached stands in the journal, since an end may come at any of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from foundation.journal.models import Entry
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING
from foundation.refusals import Words
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL, ReferralStatus

#: The steps in their order (``State.step``).
WAY = (_("找机构"), _("机构已接受"), _("已定计划"), _("服务中"), _("服务结束"), _("结果已告知"))

ICONS = {"done": "circle-check", "now": "circle-dot", "ahead": "circle", "over": "circle-stop"}


@dataclass(frozen=True)
class Step:
    """One step: ``done``, ``now``, ``ahead``, or the end (``over``)."""

    words: Words
    stands: str

    @property
    def icon(self) -> str:
        return ICONS[self.stands]

    @property
    def done(self) -> bool:
        return self.stands == "done"

    @property
    def current(self) -> bool:
        """Whether the referral is at it, or ended with it."""
        return self.stands in ("now", "over")


def steps_of(referral: Referral) -> list[Step]:
    """The steps reached, the present one and those ahead; of a referral that is over its end instead of those.

    None before it is offered.
    """
    status = ReferralStatus(referral.status)
    moves = _moves(referral)
    reached = _reached(moves, status)
    if status in ReferralStatus.in_phase(ENDED, DROPPED):
        done = [Step(words, "done") for step, words in enumerate(WAY, 1) if step in reached]
        return [*done, Step(_end(moves, status), "over")]
    now = status.meaning.step
    if now is None:
        return []
    return [Step(words, _standing(step, now, reached)) for step, words in enumerate(WAY, 1)]


def _moves(referral: Referral) -> list[str]:
    """The transitions that it made, newest first."""
    entries = Entry.objects.filter(lifecycle=referral._meta.label, object_id=referral.pk)
    return list(entries.order_by("-id").values_list("move", flat=True))


def _reached(moves: list[str], status: ReferralStatus) -> set[int]:
    """The steps of all states that it was in. Whoever is served has passed all steps before."""
    arrows = {row.name: row.arrow for row in REFERRAL.transitions}
    states = {ReferralStatus(arrows[move].target) for move in moves if move in arrows and arrows[move].target}
    steps = {state: state.meaning.step for state in states | {status} if state.meaning.step}
    on_the_way = ReferralStatus.in_phase(ASKED, SERVING)
    furthest = max((step for state, step in steps.items() if state in on_the_way), default=0)
    return {*steps.values(), *range(1, furthest + 1)}


def _standing(step: int, now: int, reached: set[int]) -> str:
    if step == now:
        return "now"
    return "done" if step in reached else "ahead"


def _end(moves: list[str], status: ReferralStatus) -> Words:
    """Its last state in words; of an end that may come at any step, which one it was."""
    ends = [row for row in REFERRAL.transitions if row.from_any and row.arrow.target == status]
    return next((row.label for row in ends if row.name in moves), status.label)
