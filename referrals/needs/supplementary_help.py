"""Supplementary help for households still in difficulty after government relief, proposed by the system
(S30).
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.items import eligibility
from foundation.roles import Actor
from foundation.rules import reading
from organizations.responsibilities.need_kinds import NeedKind
from referrals.needs.models import Need
from referrals.needs.states import NEED, NeedStatus


def why(need: Need) -> str:
    """Why a household seems to be still in difficulty after a body's answer; empty for no reason.

    The rule ``supplement.proposal`` has the categories, the kinds of need, and the months of the minimum
    living standard (CNY a person) below which a grant counts as too little.
    """
    rule = reading.current("supplement.proposal").value
    household = need.matter.household
    if need.kind not in rule["kinds"] or household.category not in rule["categories"]:
        return ""
    months = Decimal(str(rule["months_of_standard"]))
    measure = eligibility.standard() * household.size * months
    if need.granted >= measure or not (need.granted or need.refusal):
        return ""  # enough money, or help in kind of unknown worth
    granted = (
        _("只批准 %(amount)s 元") % {"amount": f"{need.granted:,.2f}"} if not need.refusal else _("没有批准")
    )
    return _("%(category)s家庭，“%(kind)s”%(granted)s，少于 %(months)s 个月低保标准（%(measure)s 元）。") % {
        "category": household.get_category_display(),
        "kind": need.get_kind_display(),
        "granted": granted,
        "months": months,
        "measure": f"{measure:,.2f}",
    }


def consider(need: Need, *, by: Actor) -> Need | None:
    """Propose a supplementary need where the answer leaves a gap, once for each matter."""
    words = why(need)
    open_already = need.matter.needs.filter(kind=NeedKind.SUPPLEMENT).exists()
    if not words or open_already or need.body_id is None:
        return None
    return propose(by=by.as_system(), need=need, words=words)


@NEED.start("propose")
def propose(*, by: Actor, need: Need, words: str) -> Need:
    """Propose a need that the window confirms or drops; it follows the one that was answered."""
    return Need.objects.create(
        matter=need.matter,
        town_id=need.town_id,
        kind=NeedKind.SUPPLEMENT,
        text=need.text,
        person=need.person,
        follows=need,
        why_proposed=words[:300],
        status=NeedStatus.PROPOSED,
    )


confirm = NEED.act("confirm", Need)


drop = NEED.act("drop", Need)
