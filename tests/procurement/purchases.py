"""Purchases for tests, made the way people make them, and brought as far as a test needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from catalog.items.models import Item
from demo.starter.provider_documents import PAGE
from foundation import moments
from foundation.roles import Actor, Role
from organizations.people.models import Membership
from organizations.providers.models import Provider
from procurement.awards import awarding
from procurement.bids import bidding
from procurement.bids.bidding import Offer
from procurement.bids.models import Bid
from procurement.bids.sealing import Passphrase
from procurement.key_holders import keyring
from procurement.key_holders.models import KeyHolder
from procurement.objections import objecting
from procurement.objections.models import Objection
from procurement.panel import scoring
from procurement.panel.models import PanelSeat
from procurement.purchases import planning, scheduled
from procurement.purchases.models import Project
from procurement.supplier import supporting_documents
from tests import factories

PASSPHRASE = "开标口令-2026"
CRITERIA = [
    {"title": "服务方案", "points": 50, "rubric": "完整、可行"},
    {"title": "人员", "points": 20, "rubric": "持证人数"},
]
HOLDERS = ("minzheng", "minzheng2", "caizheng")


def officer(name: str = "minzheng") -> Actor:
    return factories.actor(name)


def membership(username: str) -> Membership:
    held = Membership.objects.select_related("user", "organization", "place")
    return held.filter(user__username=username)[0]


def planned(method: str = "consultation", **given: Any) -> Project:
    """A purchase with one item, in the plan."""
    today = moments.today()
    fields = {
        "title": "居家照料服务采购",
        "need": "全市特困老人居家照料",
        "budget_line": factories.Budget(amount=Decimal("500000")),
        "method": method,
        "start_on": today + timedelta(days=60),
        "end_on": today + timedelta(days=400),
        "item": Item.objects.in_force().get(code=given.pop("code", "B01.01")),
        "limit_price": Decimal("50"),
        "quota": 1000,
        **given,
    }
    return planning.plan(by=officer(), **fields)


def ready(
    project: Project | None = None,
    *,
    days: int = 25,
    papers: Iterable[str] = (),
    invited: Iterable[Provider] = (),
    **terms: Any,
) -> Project:
    """Everything that the notice needs, with the three key holders."""
    project = project or planned()
    points = 100 if project.method in ("negotiation", "inquiry", "single", "commission") else 30
    given = {
        "bids_until": moments.now() + timedelta(days=days),
        "price_points": points,
        "criteria": CRITERIA if points == 30 else [],
        "papers": list(papers),
        "places": 1,
        "panel_size": 3,
        "justification": "只有这一种办法合适。",
        **terms,
    }
    project = planning.set_terms(project, by=officer(), **given)
    if invited:
        project = planning.invite(project, by=officer(), providers=list(invited))
    people = [membership(each) for each in HOLDERS]
    project = planning.name_key_holders(project, by=officer(), people=people, keys_needed=2)
    for seat in project.keyholders.filter(status="named").select_related("person"):
        keyring.set_passphrase(seat, by=holder(seat), passphrase=Passphrase(PASSPHRASE))
    return project


def holder(seat: KeyHolder) -> Actor:
    return factories.actor(seat.person.username)


def published(project: Project | None = None, **given: Any) -> Project:
    project = planning.submit(ready(project, **given), by=officer())
    return planning.publish(project, by=officer("minzheng2"))


def offer_for(project: Project, price: str = "45", **given: Any) -> Offer:
    prices = {item.pk: Decimal(price) for item in project.items.all()}
    fields = {"plan": "每周上门三次。", "team": "护理员 20 人。", "files": [], **given}
    return Offer(prices, **fields)


def bid_by(project: Project, provider: Provider, price: str = "45", **given: Any) -> Bid:
    by = factories.member_of(provider)
    return bidding.seal(by=by, project=project, offer=offer_for(project, price, **given))


def closed(project: Project | None = None, prices: Iterable[str] = ("45", "48", "40")) -> Project:
    """Published, answered by as many providers as there are prices, and past the deadline."""
    project = project or published()
    for price in prices:
        bid_by(project, factories.AccreditedProvider(), price)
    with moments.as_of(after(project)):
        scheduled.follow_the_clock()
    return Project.objects.get(pk=project.pk)


def after(project: Project, **later: Any) -> datetime:
    """A moment after the deadline."""
    assert project.bids_until
    return project.bids_until + timedelta(**(later or {"minutes": 1}))


def turned(project: Project, count: int = 2) -> None:
    """The first ``count`` holders hand their shares over."""
    for seat in list(project.keyholders.filter(status="ready").select_related("person"))[:count]:
        keyring.submit_share(seat, by=holder(seat), passphrase=Passphrase(PASSPHRASE))


def opened(project: Project | None = None, **given: Any) -> Project:
    project = closed(project, **given)
    with moments.as_of(after(project, minutes=5)):
        turned(project)
        return bidding.open_bids(project, by=officer())


def qualified(project: Project | None = None, **given: Any) -> Project:
    project = opened(project, **given)
    for bid in project.bids.filter(status="opened"):
        bidding.qualify(bid, by=officer())
    return Project.objects.get(pk=project.pk)


def evaluating(project: Project | None = None, **given: Any) -> Project:
    project = qualified(project, **given)
    return scoring.draw_panel(project, by=officer())


def expert(seat: PanelSeat) -> Actor:
    return factories.actor(seat.person.username)


def replaced(seat: PanelSeat, ground: str = "ill") -> PanelSeat:
    """Another expert is drawn: proposed by one person of the buyer, agreed to by another."""
    seat = scoring.propose_excuse(seat, by=officer(), reason=ground, why="上午电话告知住院")
    return scoring.excuse(seat, by=officer("minzheng2"))


def score_all(project: Project, points: Any = None) -> None:
    """Every expert declares to be free and gives each bid 40 and 15, or ``points(bid)``."""
    for seat in project.panelseats.filter(status="drawn").select_related("person"):
        seat = scoring.declare_free(seat, by=expert(seat), confirmed=True)
        scores = {}
        for bid in scoring.to_score(seat):
            plan, people = points(bid) if points else ("40", "15")
            scores[str(bid.pk)] = {
                "c1": {"points": plan, "note": "可行"},
                "c2": {"points": people, "note": ""},
            }
        if not project.criteria:
            scores = {}
        scoring.submit(seat, by=expert(seat), scores=scores)


def evaluated(project: Project | None = None, points: Any = None, **given: Any) -> Project:
    project = evaluating(project, **given)
    score_all(project, points)
    seat = project.panelseats.filter(status="submitted").select_related("person")[0]
    return scoring.report(project, by=expert(seat))


def awarded(project: Project | None = None, **given: Any) -> Project:
    return awarding.award(evaluated(project, **given), by=officer())


def concluded(project: Project | None = None, **given: Any) -> Project:
    project = awarded(project, **given)
    with moments.as_of(moments.now() + timedelta(days=20)):
        scheduled.follow_the_clock()
    return Project.objects.get(pk=project.pk)


def upheld(objection: Objection, reason: str) -> Objection:
    """An objection is right: proposed by one person of the buyer, agreed to by another."""
    objection = objecting.propose_upholding(objection, by=officer(), reason=reason)
    return objecting.uphold(objection, by=officer("minzheng2"))


def paper(provider: Provider, kind: str, **given: Any) -> Any:
    """A document in a provider's folder."""
    file = BytesIO(PAGE)
    upload = SimpleNamespace(kind="pdf", read=file.read)
    return supporting_documents.add(
        by=factories.member_of(provider, Role.COORDINATOR), kind=kind, file=upload, **given
    )


def framework(places: int = 2, prices=("40", "44", "46")) -> Project:
    """A framework agreement with its contract made."""
    project = published(planned("framework"), places=places)
    project = concluded(project, prices=prices)
    return awarding.make_contract(project, by=officer())
