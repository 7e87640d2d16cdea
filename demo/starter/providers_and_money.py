"""Accredited providers with their offers, budget lines, and what waits for a second person."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from catalog.items.models import Item
from catalog.offers import applying
from catalog.offers.models import Offer
from catalog.offers.states import OfferStatus
from contracts.amendments import amending
from contracts.amendments.models import Amendment
from contracts.budgets import appropriations
from contracts.budgets.models import BudgetLine
from contracts.contracts.models import Contract
from contracts.penalties import deducting
from demo.starter import provider_documents
from demo.starter.checks import all_right
from demo.starter.days import at, first_day
from demo.starter.files import read_yaml
from demo.starter.places_and_people import actor, coordinator_of
from foundation import moments
from foundation.lifecycle.phases import SUSPENDED
from foundation.personal_data import revealing
from foundation.rules import changing
from foundation.rules.models import RuleVersion
from organizations.bodies.models import Organization
from organizations.places.models import Place, PlaceKind
from organizations.providers import accreditation, standing
from organizations.providers.models import Provider
from organizations.providers.states import Standing

#: How many days before the first day of the story its money is granted.
BEFORE = 70


def providers() -> int:
    """Make a dozen providers, each up to the state in the file; returns how many are new."""
    made = 0
    first, second = actor("minzheng"), actor("minzheng2")
    towns = list(Place.objects.filter(kind__in=[PlaceKind.TOWN, PlaceKind.STREET]))
    when = at(first_day() - timedelta(days=100))
    for number, row in enumerate(read_yaml("providers.yaml")):
        if Provider.objects.filter(organization__credit_code=row["credit_code"]).exists():
            continue
        serves = towns if row["serves"] == "all" else [t for t in towns if t.name in row["serves"]]
        state = row.get("standing")
        known = Organization.objects.filter(credit_code=row["credit_code"]).exists()
        with moments.as_of(when):
            provider = accreditation.register(
                by=first,
                name=row["name"],
                credit_code=row["credit_code"],
                nature=row["nature"],
                place=None if known else next(t for t in towns if t.name == row["town"]),
                serves=serves,
                phone=row["phone"],
                address="" if known else row["address"],
                social_grade=row.get("social_grade"),
            )
            Organization.objects.filter(pk=provider.organization_id).update(
                name_en=row["name_en"],
                address=row["address"],
                place=next(t for t in towns if t.name == row["town"]),
            )
            made += 1
            provider_documents.hand_in(provider, number)
            if state == Standing.REGISTERED:
                continue
            revealing.reveal(provider, "bank_account", by=first, reason="与开户许可核对")
            provider = accreditation.check_documents(provider, by=first, findings=all_right())
            if state == Standing.DOCUMENTS_CHECKED:
                continue
            provider = accreditation.accredit(
                provider, by=second, until=first_day() + timedelta(days=3 * 365)
            )
    provider_documents.listings()
    return made


def offered() -> int:
    """Make the accepted offers of accredited providers, then the suspensions in the file; returns how many
    offers.
    """
    made = 0
    for row in read_yaml("providers.yaml"):
        provider = Provider.objects.get(organization__credit_code=row["credit_code"])
        for offer_row in row["offers"]:
            item = Item.objects.in_force().get(code=offer_row["item"])
            if Offer.objects.filter(provider=provider, item=item).exists():
                continue
            with moments.as_of(at(first_day() + timedelta(days=2))):
                offer = applying.apply(
                    by=coordinator_of(provider.organization),
                    item=item,
                    places=offer_row["places"],
                    weekly=offer_row.get("weekly", offer_row["places"] * 2),
                    price=Decimal(offer_row["price"]),
                    staff="持证人员若干，接受督导。",
                )
                applying.accept(offer, by=actor("minzheng"))
            made += 1
        if row.get("standing") in Standing.in_phase(SUSPENDED) and provider.accredited:
            with moments.as_of(at(moments.today() - timedelta(days=9))):
                standing.suspend(provider, by=actor("minzheng"), reason=row["reason"])
    if made:
        _fresh_places()
    waiting = Provider.objects.get(organization__name="江阴邻里守望志愿服务中心")
    item = Item.objects.in_force().get(code="E02.01")
    if not Offer.objects.filter(provider=waiting, item=item).exists():
        with moments.as_of(at(moments.today() - timedelta(days=1))):
            applying.apply(
                by=coordinator_of(waiting.organization),
                item=item,
                places=10,
                weekly=5,
                price=Decimal(180),
                staff="社工 2 名。",
            )
        made += 1
    return made


def _fresh_places() -> None:
    """Free places were updated a few days ago; by one provider 45 days ago."""
    for number, offer in enumerate(Offer.objects.filter(status=OfferStatus.ACCEPTED).order_by("pk")):
        days = 45 if number == 5 else number % 6
        Offer.objects.filter(pk=offer.pk).update(places_at=moments.now() - timedelta(days=days, hours=3))


def money() -> int:
    """Make the budget lines of the year; returns how many."""
    data, year = read_yaml("money.yaml"), moments.today().year
    lines = sum(granted(row, year) for row in data["budgets"])
    if lines:
        _to_approve(year)
    return lines


def to_sign() -> None:
    """Make a supplementary agreement that waits for the provider's signature, and a penalty to answer."""
    if Amendment.objects.exists():
        return
    with moments.as_of(at(moments.today() - timedelta(days=2), 15)):
        deducting.impose(
            by=actor("minzheng"),
            contract=Contract.objects.get(title="心理支持服务"),
            title="逾期首次联系",
            cases=2,
            why="十月有两户在接受转介五个工作日后才首次联系。",
        )
    contract = Contract.objects.get(title="居家照料与个案管理服务")
    line = contract.lines.get(item__code="B01.01")
    with moments.as_of(at(moments.today() - timedelta(days=1), 15)):
        amendment = amending.propose(
            by=actor("minzheng"),
            contract=contract,
            quotas={line.pk: line.quota + 500},
            why="冬季独居老人的照料需求增加。",
        )
        second = actor("minzheng2")
        amending.sign(amendment, by=second, typed=second.name)


def granted(row: dict, year: int) -> bool:
    """Grant a budget document of finance, approved by a second person; False if it is there."""
    body = Organization.objects.get(code=row["body"])
    if BudgetLine.objects.filter(year=year, source=row["source"], body=body).exists():
        return False
    with moments.as_of(at(first_day() - timedelta(days=BEFORE))):
        change = appropriations.grant(
            by=actor("caizheng"),
            year=year,
            source=row["source"],
            body=body,
            amount=Decimal(row["amount"]),
            document_number=f"澄财社〔{year}〕{row['document']}",
        )
        appropriations.approve(change, by=actor("caizheng2"))
    return True


def _to_approve(year: int) -> None:
    """Make a budget document that waits for the second person of finance."""
    with moments.as_of(at(moments.today() - timedelta(days=1))):
        appropriations.adjust(
            by=actor("caizheng"),
            line=BudgetLine.objects.get(year=year, source="残疾人就业保障金"),
            kind="add",
            amount=Decimal(60000),
            document_number=f"澄财社〔{year}〕46号",
            why="康复训练的需求多于年初预计。",
        )


#: The rule of which the demonstration proposes a change.
CHANGED = "deadline.referral.answer"


def rule_change() -> int:
    """Propose one change of a rule, which waits for the second person; returns how many."""
    if RuleVersion.objects.filter(key=CHANGED).exists():
        return 0
    with moments.as_of(at(moments.today() - timedelta(days=1))):
        changing.propose(
            by=actor("minzheng"),
            rule=CHANGED,
            value={"amount": 1, "unit": "working_days", "remind_hours": 4},
            note="机构普遍能在一天内答复，拟缩短。",
        )
    return 1
