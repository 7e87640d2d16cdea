"""Purchases in every state, from a plan to a framework with call-offs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from catalog.items.models import Item
from contracts.budgets.models import BudgetLine
from contracts.contracts import signing
from demo.starter.days import at
from demo.starter.files import read_yaml
from demo.starter.places_and_people import actor, coordinator_of
from demo.starter.provider_documents import PAGE, Scan
from demo.starter.providers_and_money import granted
from foundation import moments
from foundation.lifecycle.phases import ENDED, PREPARED, Phase
from foundation.roles import Actor
from organizations.people.models import Membership
from organizations.providers.models import Provider
from procurement.awards import awarding
from procurement.bids import bidding
from procurement.bids.bidding import Offer
from procurement.bids.sealing import Passphrase
from procurement.key_holders import keyring
from procurement.objections import objecting
from procurement.panel import scoring
from procurement.panel.models import PanelSeat
from procurement.phases import BEING_CHECKED, BEING_JUDGED, BIDS_CLOSED, OPEN_TO_OBJECTION, OUT_FOR_BIDS
from procurement.purchases import planning, scheduled
from procurement.purchases.models import Project
from procurement.purchases.states import ProjectStatus
from procurement.questions import asking
from procurement.supplier import supporting_documents

#: How far a purchase that came to nothing had come.
HAD_COME_TO = {ProjectStatus.FAILED: BIDS_CLOSED, ProjectStatus.CANCELLED: PREPARED}


HOLDERS = ("minzheng", "caizheng")


def _past(reached: Phase, phase: Phase) -> bool:
    """Whether a purchase is brought to ``phase`` or further, in the order of the table."""
    table = ProjectStatus.phases()
    return table.index(reached) >= table.index(phase)


def purchases(passphrase: str) -> int:
    """Make every purchase of the file; the key holders use the demo passphrase. Returns how many."""
    data = read_yaml("purchases.yaml")
    if Project.objects.filter(title=data["purchases"][0]["title"]).exists():
        return 0
    granted(data["budget"], moments.today().year)
    for row in data["purchases"]:
        _purchase(row, data, Passphrase(passphrase))
    return len(data["purchases"])


def _purchase(row: dict, data: dict, passphrase: Passphrase) -> None:
    began = moments.today() - timedelta(days=row["began"])
    wanted = ProjectStatus(row["stage"])
    reached = HAD_COME_TO.get(wanted, wanted.phase)
    closes = began + timedelta(days=row["days"] + 1)
    with moments.as_of(at(began)):
        project = _planned(row, data, closes)
    if wanted != ProjectStatus.PLANNED:
        with moments.as_of(at(began, 11)):
            _keys(project, passphrase)
            project = planning.submit(project, by=actor("minzheng"))
    if _past(reached, OUT_FOR_BIDS):
        with moments.as_of(at(began, 15)):
            project = planning.publish(project, by=actor("minzheng2"))
        _bids(project, row, began)
    if reached == OUT_FOR_BIDS:
        _questions(project, began)
    if wanted == ProjectStatus.CANCELLED:
        planning.cancel(project, by=actor("minzheng"), reason="活动改由部门自行组织。")
    if _past(reached, BIDS_CLOSED):
        with moments.as_of(at(closes)):
            scheduled.follow_the_clock()
    if _past(reached, BEING_CHECKED):
        _decided(project, closes, reached, passphrase)


def _planned(row: dict, data: dict, closes: date) -> Project:
    officer, year = actor("minzheng"), moments.today().year
    project = planning.plan(
        by=officer,
        title=row["title"],
        need=row["need"],
        budget_line=BudgetLine.objects.get(year=year, source=data["budget"]["source"]),
        method=row["method"],
        start_on=closes + timedelta(days=40),
        end_on=closes + timedelta(days=400),
        item=Item.objects.in_force().get(code=row["item"]),
        limit_price=Decimal(row["limit"]),
        quota=row["quota"],
    )
    return planning.set_terms(
        project,
        by=officer,
        bids_until=at(closes, 9),
        price_points=30,
        criteria=data["criteria"],
        papers=data["papers"],
        places=row.get("places", 1),
        panel_size=3,
    )


def _keys(project: Project, passphrase: Passphrase) -> None:
    people = [Membership.objects.filter(user__username=holder)[0] for holder in HOLDERS]
    planning.name_key_holders(project, by=actor("minzheng"), people=people, keys_needed=2)
    for seat in project.keyholders.select_related("person"):
        keyring.set_passphrase(seat, by=actor(seat.person.username), passphrase=passphrase)


def _bids(project: Project, row: dict, began: date) -> None:
    for number, bid in enumerate(row["bids"]):
        provider = Provider.objects.get(organization__credit_code=bid["provider"])
        by = coordinator_of(provider.organization)
        with moments.as_of(at(began + timedelta(days=4 + number), 14)):
            enclosed(provider, by)
            prices = {item.pk: Decimal(bid["price"]) for item in project.items.all()}
            plan = (
                "先电话约定，再由两名持证人员上门；每次服务后由家庭确认。遇到急症立即报告，"
                "两小时内有人到场。每月把进展写成小结交窗口。"
            )
            team = "持证社工和护理员 12 人，督导 1 人；近两年在三个镇街做过同类服务。"
            bidding.seal(by=by, project=project, offer=Offer(prices, plan, team, []))


def enclosed(provider: Provider, by: Actor) -> None:
    """Put the documents that a bid needs into the provider's folder, once."""
    for kind in ("licence", "credit"):
        if not provider.papers.filter(kind=kind).exists():
            supporting_documents.add(by=by, kind=kind, file=Scan(PAGE))


def _questions(project: Project, began: date) -> None:
    jigou = actor("jigou")
    with moments.as_of(at(began + timedelta(days=3))):
        first = asking.ask(by=jigou, project=project, text="上门训练的交通费是否另计？")
    with moments.as_of(at(began + timedelta(days=4))):
        asking.answer(
            first, by=actor("minzheng"), answer_text="不另计，报价应包含交通费。", changes_bids=False
        )
    with moments.as_of(at(moments.today() - timedelta(days=1), 15)):
        asking.ask(by=jigou, project=project, text="同一家庭两名残疾人可否同一次上门训练？")


def _decided(project: Project, closes: date, reached: Phase, passphrase: Passphrase) -> None:
    officer = actor("minzheng")
    with moments.as_of(at(closes, 11)):
        for seat in project.keyholders.select_related("person"):
            keyring.submit_share(seat, by=actor(seat.person.username), passphrase=passphrase)
        project = bidding.open_bids(project, by=officer)
    if reached == BEING_CHECKED:
        bidding.qualify(project.bids.order_by("pk")[0], by=officer)
        return
    with moments.as_of(at(closes, 15)):
        for bid in project.bids.unchecked():
            bidding.qualify(bid, by=officer)
        project = scoring.draw_panel(project, by=officer)
    if reached == BEING_JUDGED:
        _seated(project.panelseats.order_by("draw_number")[0])
        return
    with moments.as_of(at(closes + timedelta(days=1))):
        seats = [_scored(_seated(seat)) for seat in project.panelseats.all()]
        project = scoring.report(project, by=actor(seats[0].person.username))
    if _past(reached, OPEN_TO_OBJECTION):
        _awarded(project, closes + timedelta(days=2), reached)


def _seated(seat: PanelSeat) -> PanelSeat:
    return scoring.declare_free(seat, by=actor(seat.person.username), confirmed=True)


def _scored(seat: PanelSeat) -> PanelSeat:
    scores: dict[str, Any] = {}
    for bid in scoring.to_score(seat):
        less = (seat.draw_number + bid.pk) % 4
        scores[str(bid.pk)] = {
            "c1": {"points": str(36 - less), "note": "步骤清楚，应急办法可行。"},
            "c2": {"points": str(17 - less % 2), "note": ""},
            "c3": {"points": "8", "note": ""},
        }
    return scoring.submit(seat, by=actor(seat.person.username), scores=scores)


def _awarded(project: Project, day: date, reached: Phase) -> None:
    with moments.as_of(at(day)):
        project = awarding.award(project, by=actor("minzheng"))
    if reached == OPEN_TO_OBJECTION:
        loser = project.bids.lost().order_by("rank")[0]
        with moments.as_of(at(day + timedelta(days=2))):
            objecting.raise_objection(
                by=coordinator_of(loser.provider.organization),
                project=project,
                grounds="成交机构近一年的服务记录有两次逾期，类似业绩不应得满分。",
            )
        return
    with moments.as_of(at(day + timedelta(days=16))):
        scheduled.follow_the_clock()
        project.refresh_from_db()
    if _past(reached, ENDED):
        with moments.as_of(at(day + timedelta(days=17))):
            project = awarding.make_contract(project, by=actor("minzheng"))
        with moments.as_of(at(day + timedelta(days=18))):
            _called_off(project)


def _called_off(project: Project) -> None:
    """Call off twice: one contract waits for the provider's signature, one is a draft."""
    item, second = project.items.get(), actor("minzheng2")
    for units, why in (
        (1700, "周庄镇 36 户独居老人选了这家机构。"),
        (1200, "华士镇 26 户独居老人选了这家机构。"),
    ):
        project = awarding.call_off(
            project,
            by=actor("minzheng"),
            bid=project.bids.get(rank=1),
            way="choice",
            quotas={item.pk: units},
            budget_line=project.budget_line,
            start_on=project.start_on,
            end_on=project.end_on,
            why=why,
        )
    first = project.call_offs.order_by("pk")[0].contract
    signing.sign_as_buyer(first, by=second, typed=second.name)
