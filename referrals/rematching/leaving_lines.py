"""What happens to referrals when their contract ends: the service goes on with another contract of the same
provider, or the need returns to the window. Ending has no consequence for the provider.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy

from contracts.contracts import quota
from contracts.contracts.events import before_end, missing_for_settling, on_end
from contracts.contracts.models import Contract, ContractLine
from contracts.invoices import deliveries
from foundation import moments
from foundation.inbox import notices
from foundation.lifecycle.phases import ANSWERING, ASKED, ENDED, SERVING
from foundation.messaging import sending, texts
from foundation.refusals import Exhausted, NotNow, Refused, Unsaid
from foundation.roles import Actor, Role
from foundation.wording import filled
from households.register import phones
from referrals.offers import offering
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL, ReferralStatus
from referrals.service import delivery

#: How many numbers one notice names.
NAMED = 8


@before_end.register
def tell_who_is_served(contract: Contract) -> None:
    """Notify the provider, and the window of each town, of the referrals that the end of a contract concerns."""
    open_ones = Referral.objects.filter(
        line__contract=contract, status__in=ReferralStatus.in_phase(ASKED, SERVING)
    )
    found = list(open_ones.select_related("town", "provider").order_by("town_id", "pk"))
    if not found:
        return
    notices.send(contract, Role.COORDINATOR, _words(contract, found))
    by_town: dict[int, list[Referral]] = {}
    for referral in found:
        by_town.setdefault(referral.town_id, []).append(referral)
    for some in by_town.values():
        notices.send(some[0], Role.WINDOW, _words(contract, some))


def _words(contract: Contract, found: list[Referral]) -> Unsaid:
    numbers = [referral.number for referral in found[:NAMED]]
    return filled(
        gettext_lazy(
            "%(contract)s 到 %(day)s 为止，还有 %(count)s 个转介在它上面，请提前安排续签、完成或另找机构：%(numbers)s"
        ),
        contract=contract.number,
        day=contract.end_on,
        count=len(found),
        numbers=filled("%(numbers)s……", numbers=numbers) if len(found) > NAMED else numbers,
    )


@on_end.register
def reassign_open_referrals(line_ids: list[int], by: Actor, why: str) -> None:
    """Move every open referral on lines that have ended: to another line, or back to the window."""
    found = Referral.objects.filter(line__in=line_ids, status__in=ReferralStatus.in_phase(ASKED, SERVING))
    for referral in found.select_related("offer__item").order_by("pk"):
        line = _another_line(referral)
        if line is not None:
            _go_on(referral, by.as_system(), line, why)
        elif referral.served:
            _end(referral, by.as_system(), why)
        else:
            offering.withdraw(referral, by=by.as_system(), reason=why)


def _another_line(referral: Referral) -> ContractLine | None:
    """A line of the same provider and item that is in force and has enough left; None for none."""
    lines = ContractLine.objects.to_take_from(referral.units - referral.used)
    mine = lines.filter(contract__provider_id=referral.provider_id, item__code=referral.offer.item.code)
    return mine.exclude(pk=referral.line_id or 0).first()


def _go_on(referral: Referral, by: Actor, line: ContractLine, why: str) -> None:
    try:
        with transaction.atomic():
            go_on(referral, by=by, line=line)
    except Exhausted:
        if referral.served:
            _end(referral, by, why)
        else:
            offering.withdraw(referral, by=by, reason=why)


@REFERRAL.transition("go_on")
def go_on(referral: Referral, *, by: Actor, line: ContractLine) -> None:
    """The service goes on with the units of another contract of the same provider.

    Raises ``Exhausted`` when they are not enough. Visits of the days before are still entered on the line
    that it leaves.
    """
    rest, left = referral.units - referral.used, referral.line_id
    if referral.served and left is not None:
        quota.lock_lines([line.pk, left])
        quota.reserve(line.pk, rest)
        quota.release(left, rest)
    referral.line_before_id, referral.line = left, line


def _end(referral: Referral, by: Actor, why: str) -> None:
    """Return the need to the window, as an end that the provider did not choose, and text the household.

    A household that has had all of its service gets the result as usual.
    """
    delivery.end_early(referral, by=by, reason=why)
    if referral.used >= referral.units:
        return
    household = referral.need.matter.household
    words = texts.worded(
        "messages.referrals",
        "contract_ended",
        provider=referral.provider,
        phone=referral.need.matter.window.phone,
    )
    sending.send(phones.reached_at(household, referral.need.person), words, about="contract-ended")
    told = filled(gettext_lazy("%(number)s：合同结束，服务没有完成，请尽快另作安排"), number=referral.number)
    notices.send(referral.need, Role.WINDOW, told)


@missing_for_settling.register
def wait_for_late_visits(contracts: Sequence[Contract]) -> dict[int, Refused]:
    """Why contracts are not settled: visits made before the end of a service may still be entered."""
    until: dict[int, date] = {}
    for days in (_of_services_that_ended, _of_services_that_went_on, _of_services_that_a_death_ended):
        for contract, last in days(contracts):
            until[contract] = max(last, until.get(contract, last))
    asked = {contract.pk for contract in contracts}
    words = gettext_lazy("%(day)s 之前，机构还可以补记结束前的服务。")
    return {
        contract: NotNow(filled(words, day=last + timedelta(days=1)), rule="S24")
        for contract, last in until.items()
        if contract in asked and moments.today() <= last
    }


#: The primary key of a contract, and a last day on which visits may be entered.
LastDay = tuple[int, date]


def _on(contracts: Sequence[Contract]) -> QuerySet[Referral]:
    """The referrals on these contracts, now or before, of which not all is served."""
    here = Q(line__contract__in=contracts) | Q(line_before__contract__in=contracts)
    return Referral.objects.filter(here, used__lt=F("units")).select_related("line__contract", "line_before")


def _contracts_of(referral: Referral) -> set[int]:
    """The contracts on which a referral is, or was before."""
    return {line.contract_id for line in (referral.line, referral.line_before) if line is not None}


def _of_services_that_ended(contracts: Sequence[Contract]) -> Iterator[LastDay]:
    """The last days on which visits of ended services may be entered."""
    ended = _on(contracts).filter(
        status__in=ReferralStatus.in_phase(ANSWERING, ENDED),
        finished_at__gte=moments.now() - _time_for_late_visits() - timedelta(days=1),
    )
    for referral in ended:
        if (last := referral.last_day) is not None:
            yield from ((contract, deliveries.late_until(last)) for contract in _contracts_of(referral))


def _of_services_that_a_death_ended(contracts: Sequence[Contract]) -> Iterator[LastDay]:
    """The last days on which visits made before a death may be entered."""
    for referral in _on(contracts).filter(last_visits_until__gte=moments.today()):
        if referral.last_visits_until is not None:
            yield from ((contract, referral.last_visits_until) for contract in _contracts_of(referral))


def _time_for_late_visits() -> timedelta:
    """How long after an end visits may be entered."""
    return deliveries.late_until(moments.today()) - moments.today()


def _of_services_that_went_on(contracts: Sequence[Contract]) -> Iterator[LastDay]:
    """The last day for visits of services that another contract has taken over since one of these ended."""
    went_on = Referral.objects.filter(
        line_before__contract__in=contracts, status__in=ReferralStatus.in_phase(SERVING), used__lt=F("units")
    )
    ended_on = {contract.pk: contract.ended_on for contract in contracts}
    for contract in set(went_on.values_list("line_before__contract", flat=True)):
        if (last := ended_on[contract]) is not None:
            yield contract, deliveries.late_until(last)
