"""The contracts of the year, signed by both sides, with the purchases that led to them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from catalog.items.models import Item
from contracts.budgets.models import BudgetLine
from contracts.contracts import running, signing, terms
from contracts.contracts.models import Contract
from demo.starter.days import at, first_day
from demo.starter.files import read_yaml
from demo.starter.places_and_people import actor, coordinator_of
from demo.starter.purchases import HOLDERS, enclosed
from foundation import moments
from foundation.roles import Actor
from organizations.people.models import Membership
from organizations.providers.models import Provider
from procurement.awards import awarding
from procurement.bids import bidding
from procurement.bids.bidding import Offer
from procurement.bids.sealing import Passphrase
from procurement.key_holders import keyring
from procurement.panel import scoring
from procurement.panel.models import PanelSeat
from procurement.purchases import planning, scheduled
from procurement.purchases.models import Project

#: Days from the start of a purchase to that of its contract, and days that its notice is open (of a recent
#: one).
BEFORE, DAYS, DAYS_OF_ONE = 60, 24, 10


PENALTIES = [
    {"title": "逾期首次联系", "amount": Decimal(50)},
    {"title": "约定的上门未到且未提前告知", "amount": Decimal(100)},
]


CRITERIA = [
    {"title": "服务方案", "points": 40, "rubric": "针对需求、步骤清楚、有应急办法"},
    {"title": "专业人员", "points": 20, "rubric": "持证人数和督导安排"},
    {"title": "类似业绩", "points": 10, "rubric": "近两年同类服务"},
]


PAPERS = ["licence", "credit"]


def contracts(words: str) -> int:
    """Make every contract of the file, each by its purchase; returns how many."""
    if Contract.objects.exists():
        return 0
    passphrase = Passphrase(words)
    for row in read_yaml("awarded_contracts.yaml"):
        _Purchase(row, passphrase).play()
    running.follow_the_days()
    return Contract.objects.count()


class _Purchase:
    """One purchase from the plan to its contracts."""

    def __init__(self, row: dict[str, Any], passphrase: Passphrase) -> None:
        self.row, self.passphrase, self.year = row, passphrase, moments.today().year
        recent = row.get("recent")
        self.start = moments.today() + timedelta(days=20) if recent else first_day()
        self.end = self.start.replace(year=self.start.year + 1) - timedelta(days=1)
        self.began = self.start - timedelta(days=BEFORE)
        self.closes = self.began + timedelta(days=(DAYS_OF_ONE if recent else DAYS) + 1)
        self.officer, self.second = actor("minzheng"), actor("minzheng2")
        self.bidders = [
            Provider.objects.get(organization__credit_code=bid["provider"]) for bid in row["bids"]
        ]

    def play(self) -> None:
        project = self._published()
        self._bids(project)
        project = self._ranked(project)
        with moments.as_of(self._on(2)):
            project = awarding.award(project, by=self.officer)
        with moments.as_of(self._on(16)):
            scheduled.follow_the_clock()
            project.refresh_from_db()
        with moments.as_of(self._on(17)):
            project = awarding.make_contract(project, by=self.officer)
            if project.is_framework:
                self._called_off(project)
        for made in project.call_offs.order_by("pk"):
            self._signed(made.contract)

    def _on(self, days: int, hour: int = 10) -> Any:
        return at(self.closes + timedelta(days=days), hour)

    def _published(self) -> Project:
        with moments.as_of(at(self.began)):
            project = self._planned()
        with moments.as_of(at(self.began, 11)):
            people = [Membership.objects.filter(user__username=holder)[0] for holder in HOLDERS]
            project = planning.name_key_holders(project, by=self.officer, people=people, keys_needed=2)
            for seat in project.keyholders.select_related("person"):
                keyring.set_passphrase(seat, by=actor(seat.person.username), passphrase=self.passphrase)
            project = planning.submit(project, by=self.officer)
        with moments.as_of(at(self.began, 15)):
            return planning.publish(project, by=self.second)

    def _planned(self) -> Project:
        row = self.row
        first, *rest = [
            {
                "item": Item.objects.in_force().get(code=item["item"]),
                "limit_price": Decimal(item["limit"]),
                "quota": item["quota"],
            }
            for item in row["items"]
        ]
        line = BudgetLine.objects.get(year=self.year, source=row["budget"])
        project = planning.plan(
            by=self.officer,
            title=row["title"],
            need=row["need"],
            budget_line=line,
            method=row["method"],
            start_on=self.start,
            end_on=self.end,
            **first,
        )
        for item in rest:
            project = planning.add_item(project, by=self.officer, **item)
        by_price = row["method"] in ("inquiry", "single")
        project = planning.set_terms(
            project,
            by=self.officer,
            bids_until=at(self.closes, 9),
            price_points=100 if by_price else 30,
            criteria=[] if by_price else CRITERIA,
            papers=PAPERS,
            places=2 if row["method"] == "framework" else 1,
            panel_size=3,
            justification=row.get("justification", ""),
        )
        if by_price:
            project = planning.invite(project, by=self.officer, providers=self.bidders)
        return project

    def _bids(self, project: Project) -> None:
        asked = zip(self.bidders, self.row["bids"], strict=True)
        items = list(project.items.order_by("item__code"))
        for number, (provider, bid) in enumerate(asked):
            by = coordinator_of(provider.organization)
            with moments.as_of(at(self.began + timedelta(days=4 + number), 14)):
                enclosed(provider, by)
                prices = {item.pk: Decimal(price) for item, price in zip(items, bid["prices"], strict=True)}
                offer = Offer(
                    prices, "按采购需求逐项安排，急症两小时内到场。", "持证人员若干，督导 1 人。", []
                )
                bidding.seal(by=by, project=project, offer=offer)
        with moments.as_of(at(self.closes)):
            scheduled.follow_the_clock()

    def _ranked(self, project: Project) -> Project:
        with moments.as_of(self._on(0, 11)):
            for seat in project.keyholders.select_related("person"):
                keyring.submit_share(seat, by=actor(seat.person.username), passphrase=self.passphrase)
            project = bidding.open_bids(project, by=self.officer)
            for bid in project.bids.unchecked():
                bidding.qualify(bid, by=self.officer)
            if not project.panel_size:
                return scoring.negotiate(project, by=self.officer, reason="价格合理，服务承诺已写入合同。")
            project = scoring.draw_panel(project, by=self.officer)
        with moments.as_of(self._on(1)):
            seats = [self._scored(seat) for seat in project.panelseats.all()]
            return scoring.report(project, by=actor(seats[0].person.username))

    def _scored(self, seat: PanelSeat) -> PanelSeat:
        expert = actor(seat.person.username)
        seat = scoring.declare_free(seat, by=expert, confirmed=True)
        best = self.bidders[: seat.project.places]
        scores = {
            str(bid.pk): {
                "c1": {"points": "36" if bid.provider in best else "31", "note": "步骤清楚。"},
                "c2": {"points": "17", "note": ""},
                "c3": {"points": "8", "note": ""},
            }
            for bid in scoring.to_score(seat)
            if seat.project.criteria
        }
        return scoring.submit(seat, by=expert, scores=scores)

    def _called_off(self, project: Project) -> None:
        items = {item.item.code: item.pk for item in project.items.select_related("item")}
        for contract in self.row["contracts"]:
            bid = project.bids.get(provider__organization__credit_code=contract["provider"])
            quotas = {items[code]: units for code, units in contract["lines"].items()}
            awarding.call_off(
                project,
                by=self.officer,
                bid=bid,
                way="choice",
                quotas=quotas,
                budget_line=project.budget_line,
                start_on=project.start_on,
                end_on=project.end_on,
                why="由各镇街的服务对象选定。",
                title=contract["title"],
            )

    def _signed(self, contract: Contract) -> None:
        with moments.as_of(self._on(18)):
            contract = terms.set_terms(
                contract,
                by=self.officer,
                billing=self.row.get("billing", "any_time"),
                hold_back_percent=self.row.get("hold_back", 0),
                penalties=PENALTIES,
            )
        if self.row.get("recent"):
            return
        with moments.as_of(self._on(20)):
            sign(contract, self.second)


def sign(contract: Contract, second: Actor, *, by_provider: bool = True) -> None:
    """A second person of the buyer signs, then the provider."""
    contract = signing.sign_as_buyer(contract, by=second, typed=second.name)
    if by_provider:
        other = coordinator_of(contract.provider.organization)
        signing.sign_as_provider(contract, by=other, typed=other.name)
