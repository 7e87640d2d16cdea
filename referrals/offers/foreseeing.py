"""What an acceptance would be refused for now, said where it is offered: whether the provider may take on more, whether
somebody else serves the need, what the household has agreed to, and what contract and offer have left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy

from catalog.offers import applying
from catalog.offers.models import Offer
from contracts.contracts import quota
from contracts.contracts.models import ContractLine
from foundation.lifecycle.phases import SERVING
from foundation.refusals import Exhausted, NotNow, Refused
from foundation.wording import filled
from giving.models import Backing
from giving.states import PoolStatus
from households.register.models import HouseholdMember, Leaving
from organizations.providers.models import Provider, read_lists
from referrals.offers.models import Referral
from referrals.offers.preparing import SEPARATE_CONSENT
from referrals.offers.states import ReferralStatus


def not_to_be_accepted(referrals: Sequence[Referral]) -> dict[int, Refused]:
    """Why referrals that are offered cannot be accepted now, by primary key; in one statement."""
    rows = list(_read([referral.pk for referral in referrals]))
    read_lists([row.provider for row in rows])
    found = ((row.pk, next(_refusals(row), None)) for row in rows)
    return {pk: refused for pk, refused in found if refused is not None}


def out_of_standing(provider: Provider) -> NotNow | None:
    """The refusal of a provider that is suspended or has left, or whose accreditation has run out."""
    why_not = provider.why_not_in_good_standing()
    if not why_not:
        return None
    return NotNow(filled(gettext_lazy("%(why)s，不能接受新的转介。"), why=why_not), rule="S26")


def _read(pks: Sequence[int]) -> QuerySet[Any]:
    """The referrals with all that is asked of them."""
    serving = Referral.objects.filter(
        need=OuterRef("need"), status__in=ReferralStatus.in_phase(SERVING)
    ).order_by()
    homes = HouseholdMember.objects.filter(
        household=OuterRef("need__matter__household"), person=OuterRef("need__person")
    )
    frozen = Backing.objects.filter(offer=OuterRef("offer")).exclude(
        pool__status__in=PoolStatus.in_phase(SERVING)
    )
    found = Referral.objects.filter(pk__in=pks).select_related(
        "provider__organization", "consent", "offer", "need", "line"
    )
    return found.annotate(
        served_by=Subquery(serving.values("pk")[:1]),
        lives_here=Exists(homes.filter(valid_to=None)),
        has_left=Exists(homes.filter(~Q(left_for=Leaving.DIED), valid_to__isnull=False)),
        line_serves=Exists(quota.serving_today(ContractLine.objects.filter(pk=OuterRef("line")))),
        offer_serves=Exists(Offer.objects.serving().filter(pk=OuterRef("offer"))),
        frozen_pool=Subquery(frozen.values("pool__name")[:1]),
    )


def _refusals(row: Any) -> Iterator[Refused]:
    """The refusals of one of them, in the order in which an acceptance would meet them."""
    asked: tuple[Callable[[Any], Refused | None], ...] = (
        lambda referral: out_of_standing(referral.provider),
        _served_elsewhere,
        _without_units,
        _without_room,
        _without_consent,
    )
    return (refused for ask in asked if (refused := ask(row)) is not None)


def _served_elsewhere(row: Any) -> Refused | None:
    """Of a need that another provider serves, unless it is handed over from it."""
    if row.replaces_id is None and row.served_by is not None:
        return NotNow(gettext_lazy("这户已由别家服务。"), rule="S28")
    if row.replaces_id is not None and row.served_by != row.replaces_id:
        return NotNow(gettext_lazy("原来的服务已经结束，不用再接手。"), rule="S28")
    return None


def _without_units(row: Any) -> Refused | None:
    """Of a contract line on which nothing may be taken today, or that has fewer units left."""
    if row.line is None:
        return None
    if not row.line_serves:
        return Exhausted(quota.NOT_TODAY, rule="S24")
    left = row.line.quota - row.line.reserved - row.line.used
    return Exhausted(quota.TOO_FEW, rule="S24") if left < row.units else None


def _without_room(row: Any) -> Refused | None:
    """Of an offer without a free place, week or stock, or whose pool is frozen."""
    if why := applying.why_full(row.offer, row.weekly, row.units, live=row.offer_serves):
        return Exhausted(why, rule="S28")
    if row.frozen_pool is not None:
        return Exhausted(filled(gettext_lazy("“%(name)s”已冻结或结清。"), name=row.frozen_pool), rule="S33")
    return None


def _without_consent(row: Any) -> Refused | None:
    """Where the household has not agreed, or not any more, or the person has left it."""
    if row.consent is None and not row.urgent:
        words = gettext_lazy("家庭还没有同意，请联系窗口。")
    elif row.consent is not None and not row.consent.holds:
        words = gettext_lazy("家庭的同意已撤回或过期，请联系窗口。")
    elif row.need.person_id is not None and row.has_left and not row.lives_here:
        words = gettext_lazy("这项需求的人已不住在这户，请联系窗口。")
    else:
        return None
    return NotNow(words, rule=SEPARATE_CONSENT)
