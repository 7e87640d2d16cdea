"""The market itself: accredited providers with their offers, money, contracts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from catalog import offers
from catalog.models import Item, Offer
from contracts import amending, appropriations, penalties, running, signing, terms
from contracts.models import BudgetLine, Contract
from foundation import moments
from foundation.rules import changing
from foundation.rules.models import RuleVersion
from marketplace.starter.days import at, first_day
from marketplace.starter.files import read_yaml
from marketplace.starter.ground import actor, coordinator_of
from organizations import accreditation, standing
from organizations.models import Organization, Place, Provider
from organizations.models.place import PlaceKind


def providers() -> int:
    """A dozen providers, each as far as the file says."""
    made = 0
    first, second = actor("minzheng"), actor("minzheng2")
    towns = list(Place.objects.filter(kind__in=[PlaceKind.TOWN, PlaceKind.STREET]))
    when = at(first_day() - timedelta(days=10))
    for row in read_yaml("providers.yaml"):
        if Provider.objects.filter(organization__credit_code=row["credit_code"]).exists():
            continue
        serves = towns if row["serves"] == "all" else [t for t in towns if t.name in row["serves"]]
        state = row.get("standing", "accredited")
        with moments.as_of(when):
            provider = accreditation.register(
                by=first,
                name=row["name"],
                credit_code=row["credit_code"],
                nature=row["nature"],
                place=next(t for t in towns if t.name == row["town"]),
                serves=serves,
                phone=row["phone"],
                address=row["address"],
                social_grade=row.get("social_grade"),
            )
            Organization.objects.filter(pk=provider.organization_id).update(
                name_en=row["name_en"],
                address=row["address"],
                place=next(t for t in towns if t.name == row["town"]),
            )
            made += 1
            if state == "registered":
                continue
            provider = accreditation.check_documents(provider, by=first)
            if state == "documents_checked":
                continue
            provider = accreditation.accredit(
                provider, by=second, until=first_day() + timedelta(days=3 * 365)
            )
    return made


def offered() -> int:
    """Accepted offers of the accredited, then the suspensions of the file."""
    made = 0
    for row in read_yaml("providers.yaml"):
        provider = Provider.objects.get(organization__credit_code=row["credit_code"])
        for each in row["offers"]:
            item = Item.objects.in_force().get(code=each["item"])
            if Offer.objects.filter(provider=provider, item=item).exists():
                continue
            with moments.as_of(at(first_day() + timedelta(days=2))):
                offer = offers.apply(
                    by=coordinator_of(provider.organization),
                    item=item,
                    places=each["places"],
                    weekly=each.get("weekly", each["places"] * 2),
                    price=Decimal(each["price"]),
                    staff="持证人员若干,接受督导。",
                )
                offers.accept(offer, by=actor("minzheng"))
            made += 1
        if row.get("standing") == "suspended" and provider.status == "accredited":
            with moments.as_of(at(moments.today() - timedelta(days=9))):
                standing.suspend(provider, by=actor("minzheng"), reason=row["reason"])
    if made:
        _fresh_places()
    waiting = Provider.objects.get(organization__name="江阴邻里守望志愿服务中心")
    item = Item.objects.in_force().get(code="E02.01")
    if not Offer.objects.filter(provider=waiting, item=item).exists():
        with moments.as_of(at(moments.today() - timedelta(days=1))):
            offers.apply(
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
    """Places were last told a few days ago; one provider has let it slip."""
    for number, offer in enumerate(Offer.objects.filter(status="accepted").order_by("pk")):
        days = 45 if number == 5 else number % 6
        Offer.objects.filter(pk=offer.pk).update(
            places_at=moments.now() - timedelta(days=days, hours=3)
        )


def money() -> tuple[int, int]:
    """Budget lines of the year, and contracts on them; returns how many of each."""
    data, made = read_yaml("money.yaml"), 0
    year = moments.today().year
    lines = sum(granted(row, year) for row in data["budgets"])
    if lines:
        _to_approve(year)
    begin = first_day()
    for row in data["contracts"]:
        if Contract.objects.filter(title=row["title"]).exists():
            continue
        recent = row["state"] in ("draft", "offered")
        start = moments.today() + timedelta(days=20) if recent else begin
        signed = moments.today() - timedelta(days=3) if recent else begin
        with moments.as_of(at(signed, 11)):
            _contract(row, year, start, start.replace(year=start.year + 1) - timedelta(days=1))
        made += 1
    running.follow_the_days()
    if made:
        _to_sign()
    return lines, made


def _to_sign() -> None:
    """A supplementary agreement that waits for the provider's signature, and a penalty to answer."""
    with moments.as_of(at(moments.today() - timedelta(days=2), 15)):
        penalties.impose(
            by=actor("minzheng"),
            contract=Contract.objects.get(title="心理支持服务"),
            title="逾期首次联系",
            cases=2,
            why="十月有两户在接受转介五个工作日后才首次联系。",
        )
    contract = Contract.objects.get(title="居家照料与个案管理服务")
    line = contract.lines.get(item__code="B01.01")
    with moments.as_of(at(moments.today() - timedelta(days=1), 15)):
        amending.propose(
            by=actor("minzheng"),
            contract=contract,
            quotas={line.pk: line.quota + 500},
            why="冬季独居老人的照料需求增加。",
            typed=actor("minzheng").name,
        )


def granted(row: dict, year: int) -> bool:
    """A budget document of finance, approved by a second person; False if it is there."""
    body = Organization.objects.get(code=row["body"])
    if BudgetLine.objects.filter(year=year, source=row["source"], body=body).exists():
        return False
    with moments.as_of(at(first_day())):
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
    """A document that waits for the second person of finance."""
    with moments.as_of(at(moments.today() - timedelta(days=1))):
        appropriations.adjust(
            by=actor("caizheng"),
            line=BudgetLine.objects.get(year=year, source="残疾人就业保障金"),
            kind="add",
            amount=Decimal(60000),
            document_number=f"澄财社〔{year}〕46号",
            why="康复训练的需求多于年初预计。",
        )


def _contract(row: dict, year: int, start: date, end: date) -> None:
    buyer = actor("minzheng")
    provider = Provider.objects.get(organization__credit_code=row["provider"])
    items = {item.code: item for item in Item.objects.in_force()}
    first, *rest = row["lines"]
    contract = signing.draft(
        by=buyer,
        title=row["title"],
        provider=provider,
        budget_line=BudgetLine.objects.get(year=year, source=row["budget"]),
        method=row["method"],
        start_on=start,
        end_on=end,
        item=items[first["item"]],
        unit_price=Decimal(first["price"]),
        quota=first["quota"],
    )
    for line in rest:
        contract = signing.add_line(
            contract,
            by=buyer,
            item=items[line["item"]],
            unit_price=Decimal(line["price"]),
            quota=line["quota"],
        )
    contract = terms.set_terms(
        contract,
        by=buyer,
        billing=row.get("billing", "any_time"),
        hold_back_percent=row.get("hold_back", 0),
        penalties=[
            {"title": "逾期首次联系", "amount": Decimal(50)},
            {"title": "约定的上门未到且未提前告知", "amount": Decimal(100)},
        ],
    )
    if row["state"] == "draft":
        return
    contract = signing.sign_as_buyer(contract, by=buyer, typed=buyer.name)
    if row["state"] == "in_force":
        signing.sign_as_provider(
            contract,
            by=coordinator_of(provider.organization),
            typed=coordinator_of(provider.organization).name,
        )


def rule_change() -> int:
    """One proposed change of a rule, waiting for the second person."""
    if RuleVersion.objects.exists():
        return 0
    with moments.as_of(at(moments.today() - timedelta(days=1))):
        changing.propose(
            by=actor("minzheng"),
            rule="deadline.referral.answer",
            value={"amount": 1, "unit": "working_days", "remind_hours": 4},
            note="机构普遍能在一天内答复,拟缩短。",
        )
    return 1
