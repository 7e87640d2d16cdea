"""Ten clients accept at once against one line with five places: exactly five succeed, in every round."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

from django.db import connection, transaction

from benchmarks import leaving
from benchmarks.measuring import Row
from catalog.items.models import Item
from catalog.offers import applying
from catalog.offers.models import Offer
from contracts.budgets import ledger
from contracts.budgets.models import Account, BudgetLine
from contracts.contracts import running, signing
from contracts.contracts.models import ContractLine
from demo.scale import copying
from demo.starter import provider_documents
from demo.starter.cases import id_number
from demo.starter.checks import all_right
from demo.starter.places_and_people import actor
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.refusals import Exhausted
from foundation.roles import Actor, Role
from organizations.bodies.models import Organization
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.providers import accreditation
from organizations.providers.models import Provider
from referrals.matters import intake
from referrals.needs.models import Need
from referrals.needs.states import NeedStatus
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus

CLIENTS, PLACES = 10, 5


#: Rounds of a run.
ROUNDS = {"small": 20, "full": 100}


def run(scale: str) -> list[Row]:
    """One row: the rounds in which exactly five succeeded, out of all rounds."""
    with leaving.undone([]):
        provider = _provider()
        sent = _offered(provider)
        coordinator = Actor(role=Role.COORDINATOR, organization_id=provider.organization_id, name="比赛")
        right = sum(_right(sent, coordinator) for _round in range(ROUNDS[scale]))
    name = f"{CLIENTS} clients at a line with {PLACES} places: rounds with {PLACES} winners / all"
    return [Row(name, right, ROUNDS[scale], 1, unit="rounds", at_least=True)]


def _right(sent: list[Referral], coordinator: Actor) -> bool:
    """Whether exactly as many won as there were places, and no more was taken."""
    _rewind(sent)
    won = _accept_at_once(sent, coordinator)
    offer = Offer.objects.get(pk=sent[0].offer_id)
    line = ContractLine.objects.get(pk=sent[0].line_id)
    return (won, offer.taken, line.reserved) == (PLACES, PLACES, PLACES * sent[0].units)


def _accept_at_once(sent: list[Referral], by: Actor) -> int:
    gate = threading.Barrier(len(sent))
    outcomes: list[object] = [None] * len(sent)

    def accept(number: int) -> None:
        try:
            gate.wait(10)
            offering.accept(sent[number], by=by)
            outcomes[number] = "won"
        except Exhausted:
            outcomes[number] = "lost"
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(n,)) for n in range(len(sent))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if None in outcomes:
        raise RuntimeError("an acceptance neither won nor lost")
    return outcomes.count("won")


def _rewind(sent: list[Referral]) -> None:
    """Reset everything to the state before anybody answered."""
    keys = [referral.pk for referral in sent]
    with transaction.atomic(), copying.without_triggers():
        Referral.objects.filter(pk__in=keys).update(status=ReferralStatus.OFFERED, answered_at=None)
        Need.objects.filter(referrals__in=keys).update(status=NeedStatus.REFERRED)
        Offer.objects.filter(pk=sent[0].offer_id).update(taken=0, booked=0)
        ContractLine.objects.filter(pk=sent[0].line_id).update(reserved=0)
        running_now = Clock.objects.filter(
            lifecycle="referrals.Referral", object_id__in=keys, stopped_at=None
        )
        running_now.update(stopped_at=moments.now())


def _provider() -> Provider:
    found = Provider.objects.filter(organization__name="并发测试服务中心").first()
    if found is not None:
        return found
    first, second = actor("minzheng"), actor("minzheng2")
    town = Place.objects.get(name="澄江街道")
    provider = accreditation.register(
        by=first,
        name="并发测试服务中心",
        credit_code="52320281MJY9999999",
        place=town,
        serves=[town],
        nature="social_work_agency",
    )
    provider_documents.hand_in(provider, 1)
    provider = accreditation.check_documents(provider, by=first, findings=all_right())
    until = moments.today() + timedelta(days=300)
    provider = accreditation.accredit(provider, by=second, until=until)
    user = User.objects.create(username="bingfa", full_name="并发")
    member = Membership.objects.create(user=user, role=Role.COORDINATOR, organization=provider.organization)
    item = Item.objects.in_force().get(code="B01.01")
    offer = applying.apply(
        by=member.actor(), item=item, places=PLACES, weekly=100, price=Decimal("40"), staff="持证"
    )
    applying.accept(offer, by=first)
    budget = BudgetLine.objects.create(
        year=moments.today().year, source="并发测试", body=Organization.objects.get(code="minzheng")
    )
    ledger.transfer(budget.pk, Decimal("90000"), Account.GRANTED, Account.AVAILABLE, note="并发测试")
    award = signing.Award(purchase="并发", lines=[(item, Decimal("40"), 1000)])
    contract = signing.draft_awarded(
        by=first.as_system(),
        provider=provider,
        budget_line=budget,
        title="并发",
        award=award,
        method="framework",
        start_on=moments.today(),
        end_on=until,
    )
    contract = signing.sign_as_buyer(contract, by=second, typed=second.name)
    signing.sign_as_provider(contract, by=member.actor(), typed=member.actor().name)
    running.follow_the_days()
    return provider


def _offered(provider: Provider) -> list[Referral]:
    """Ten referrals that wait for the provider's answer."""
    window, offer = actor("chuangkou"), provider.offers.get()
    found = list(Referral.objects.filter(offer=offer).select_related("provider"))
    for number in range(len(found), CLIENTS):
        matter = intake.accept_application(
            by=window,
            name="并发",
            id_number=id_number("1960-01-01", "F", 400 + number),
            needs=["care"],
            place=Place.objects.get(name="虹桥社区"),
            category="minimum_living",
            size=1,
            consent=True,
        )
        found.append(
            offering.send(
                matter.needs.get(),
                by=window,
                offer_id=offer.pk,
                ask=Ask(units=4, goal="x"),
                choice_reason="y",
                override_reason="z",
            )
        )
    return found
