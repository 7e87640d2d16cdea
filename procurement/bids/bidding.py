"""Actions on bids: sealed when sent, opened together, checked for eligibility."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.journal.models import Entry
from foundation.lifecycle.phases import ASKED
from foundation.lifecycle.table import Step
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import SYSTEM, Actor, Role
from foundation.wording import figure, filled, on_record
from organizations.providers.events import open_work
from organizations.providers.models import Provider, read_lists
from procurement.bids import sealing
from procurement.bids.models import Bid, BidFile, BidLine
from procurement.bids.states import BID, BidStatus
from procurement.key_holders import keyring
from procurement.objections.models import Objection
from procurement.objections.states import ObjectionStatus
from procurement.phases import BEING_CHECKED
from procurement.purchases.models import Project
from procurement.purchases.states import PROJECT
from procurement.supplier import papers, supporting_documents

FEN = Decimal("0.01")


class Offer:
    """The content of a bid: prices by project item (CNY), plan, team, files.

    Its text form shows nothing, so that journals and logs do not either.
    """

    def __init__(
        self, prices: dict[int, Decimal], plan: str, team: str, files: Sequence[supporting_documents.Enclosed]
    ) -> None:
        self.prices, self.plan, self.team, self.files = prices, plan, team, files

    def __str__(self) -> str:
        return "…"

    def packed(self, project: Project, provider: Provider) -> bytes:
        """The content as bytes. A random part prevents guessing it from size or hash."""
        return json.dumps(
            {
                "project": project.number,
                "provider": provider.organization.credit_code,
                "prices": {str(key): str(price) for key, price in self.prices.items()},
                "plan": self.plan,
                "team": self.team,
                "files": [
                    [file.name, file.kind, base64.b64encode(file.content).decode()] for file in self.files
                ],
                "nonce": secrets.token_hex(secrets.randbelow(64) + 16),
            },
            ensure_ascii=False,
        ).encode()


@BID.start("seal")
def seal(*, by: Actor, project: Project, offer: Offer) -> Bid:
    """Seal a bid and send it; nobody can read it before the opening.

    Raises ``NotNow`` after the deadline by the server's clock and for a second bid, ``Refused`` for a
    provider that is not in good standing or not invited, ``Invalid`` for a missing price or one over the
    limit, and for required documents that the provider's folder does not have.
    """
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    provider = Provider.objects.select_related("organization").get(organization_id=by.organization)
    if refused := not_to_bid(project, provider):
        raise refused
    _require_prices_in_limits(project, provider, offer)
    wanted = supporting_documents.enclosed_for(project, provider)
    offer.files = [*wanted, *offer.files]
    box = sealing.close(offer.packed(project, provider), bytes(project.seal_key or b""))
    return Bid.objects.create(
        pk=_key_that_counts_nothing(),
        project=project,
        provider=provider,
        sealed=box,
        digest=hashlib.sha256(box).hexdigest(),
        sealed_at=moments.now(),
    )


def _key_that_counts_nothing() -> int:
    """A key that grows with time and not with the number of bids.

    Consecutive keys would tell a bidder that withdraws and bids again how many others bid in between.
    """
    newest: int = Bid.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return max(newest + 1, int(moments.now().timestamp() * 1_000_000))


def require_in_time(project: Project) -> None:
    """Raise ``NotNow`` before publication and after the deadline."""
    if refused := _out_of_time(project):
        raise refused


def _out_of_time(project: Project) -> NotNow | None:
    """The refusal before publication and after the deadline."""
    if project.out_for_bids and project.bids_until is not None and moments.now() < project.bids_until:
        return None
    words = gettext_lazy("投标截止时间是 %(until)s，现在不能投标。")
    return NotNow(
        filled(words, until=project.bids_until or ""),
        rule="87号令第三十三条：截止时间后送达的投标文件应当拒收",
    )


def require_may_bid(project: Project, provider: Provider) -> None:
    """Raise ``Refused`` for a provider that is not in good standing, may not supply, or is not invited."""
    if refused := may_not_bid(project, provider):
        raise refused


def not_to_bid(project: Project, provider: Provider) -> Refused | None:
    """Why a provider cannot seal a bid now: the time, its standing, no invitation, or a bid that it has sent."""
    if refused := _out_of_time(project) or may_not_bid(project, provider):
        return refused
    if project.bids.handed_in().filter(provider=provider).exists():
        return NotNow(gettext_lazy("您已经投标；要修改，请先撤回。"), rule="87号令第三十四条")
    return None


def may_not_bid(project: Project, provider: Provider) -> Refused | None:
    """The refusal of a provider that is not in good standing, may not supply, or is not invited."""
    if why_not := provider.why_not_in_good_standing():
        return Refused(filled(gettext_lazy("%(why)s，不能投标。"), why=why_not), rule="S26")
    return _not_invited(project, provider)


def _not_invited(project: Project, provider: Provider) -> Refused | None:
    """The refusal of a provider that may not supply, or is not invited where others are."""
    if not provider.organization.may_supply:
        return Refused(gettext_lazy("这个单位不能作为承接主体。"), rule="102号令第八条")
    invited = {provider.pk for provider in project.invited.all()}
    if (project.restricted or invited) and provider.pk not in invited:
        return Refused(gettext_lazy("这个项目只接受受邀机构的投标。"), rule="政府采购法第三十四条")
    return None


def _require_prices_in_limits(project: Project, provider: Provider, offer: Offer) -> None:
    """Raise ``Invalid`` naming every price that is missing or over its limit (CNY)."""
    fields: dict[str, str] = {}
    for item in project.items.select_related("item"):
        price, name = offer.prices.get(item.pk), f"sealed_price_{item.pk}"
        if price is None:
            fields[name] = _("请填写“%(name)s”的单价。") % {"name": item.item.name}
        elif price > item.limit_price:
            fields[name] = _("超过单价上限 %(limit)s 元。") % {"limit": figure(item.limit_price)}
    if project.under_id:
        fields |= _errors_above_framework(project, provider, offer)
    if fields:
        raise Invalid(_("报价有误，没有提交。"), fields=fields, rule="S25")


def _errors_above_framework(project: Project, provider: Provider, offer: Offer) -> dict[str, str]:
    """In a second competition: an error for each price over the provider's own in the framework."""
    limits = dict(
        BidLine.objects.filter(
            bid__in=Bid.objects.won().filter(project=project.under, provider=provider)
        ).values_list("item__item__code", "unit_price")
    )
    return {
        f"sealed_price_{item.pk}": _("超过框架协议的单价 %(limit)s 元。")
        % {"limit": figure(limits[item.item.code])}
        for item in project.items.select_related("item")
        if item.item.code in limits and offer.prices.get(item.pk, 0) > limits[item.item.code]
    }


# Before the deadline; another may be sent.
withdraw = BID.act("withdraw", Bid)


@withdraw.lacks
def too_late(bids: Sequence[Bid]) -> dict[int, Refused]:
    """Why bids are not withdrawn: the deadline has passed."""
    found = {bid.pk: _out_of_time(bid.project) for bid in bids}
    return {pk: refused for pk, refused in found.items() if refused is not None}


# --- the opening ------------------------------------------------------------------------


@PROJECT.transition("open_bids")
def open_bids(project: Project, *, by: Actor) -> None:
    """Open all bids together, once enough key holders have submitted their shares.

    A bid that differs from what was sent is rejected.
    """
    project.opened_at = moments.now()


@open_bids.lacks
def missing_for_opening(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why bids are not opened: objections are not answered, or shares of the key are missing."""
    asked = Objection.objects.filter(project__in=projects, status__in=ObjectionStatus.in_phase(ASKED))
    words = gettext_lazy("还有质疑没有答复。")
    return keyring.missing_shares(projects) | {
        project: NotNow(words, rule="政府采购法第五十三条")
        for project in asked.values_list("project_id", flat=True)
    }


@open_bids.then
def _open_all(project: Project, *, by: Actor) -> None:
    """Open each bid with the joined key, and release the key holders."""
    key = keyring.joined(project)
    for bid in project.bids.unopened().select_related("provider"):
        _open_one(bid, key)
    for seat in project.keyholders.on_duty():
        keyring.release(seat, by=SYSTEM)


def _open_one(bid: Bid, key: sealing.PrivateKey) -> None:
    """Open one bid, or reject it if it is not the one that was sent."""
    try:
        content = _content(bid, key)
    except sealing.Unopened:
        spoil(bid, by=SYSTEM, reason=on_record(gettext_lazy("封记与提交时不符，投标无效。")))
    else:
        unseal(bid, by=SYSTEM, content=content)


def _content(bid: Bid, key: sealing.PrivateKey) -> dict[str, Any]:
    """The content of a sealed bid; raises ``sealing.Unopened`` if it is not the one that was sent.

    The digest in the journal is the proof: it was written with the bid and cannot be changed. The content
    also names purchase and bidder, so that no other bid can take its place.
    """
    box = bytes(bid.sealed)
    sent = Entry.objects.get(lifecycle=BID.label, object_id=bid.pk, move="seal")
    if not hashlib.sha256(box).hexdigest() == bid.digest == sent.after["digest"]:
        raise sealing.Unopened
    content: dict[str, Any] = json.loads(sealing.read(box, key))
    if content["project"] != bid.project.number:
        raise sealing.Unopened
    if content["provider"] != bid.provider.organization.credit_code:
        raise sealing.Unopened
    return content


@BID.transition("unseal")
def unseal(bid: Bid, *, by: Actor, content: dict[str, Any]) -> None:
    """Store what the sealed bid contained: prices by item, texts, files."""
    price = Decimal("0")
    for item in bid.project.items.all():
        asked = Decimal(content["prices"][str(item.pk)])
        BidLine.objects.create(bid=bid, item=item, unit_price=asked)
        price += asked * item.quota
    bid.price, bid.plan, bid.team = price.quantize(FEN), content["plan"], content["team"]
    for name, kind, text in content["files"]:
        plain = base64.b64decode(text)
        BidFile.objects.create(
            bid=bid,
            name=name,
            kind=kind,
            content=BidFile.seal(plain),
            sha256=hashlib.sha256(plain).hexdigest(),
        )


@BID.transition("spoil")
def spoil(bid: Bid, *, by: Actor, reason: str) -> None:
    """Reject a bid that is not the one that was sent."""
    bid.why = reason[:300]


# --- eligibility ------------------------------------------------------------------------


@BID.transition("qualify")
def qualify(bid: Bid, *, by: Actor) -> None:
    """Find that the bidder may supply and its documents are complete (资格审查).

    Raises ``Refused`` for a provider that may not supply, and for missing documents.
    """
    if refused := _not_invited(bid.project, bid.provider):
        raise refused
    there = set(bid.files.values_list("name", flat=True))
    lacking = [paper for paper in bid.project.papers if papers.words([paper]) not in there]
    if lacking:
        raise Refused(
            _("投标里缺少：%(papers)s。") % {"papers": papers.words(lacking)}, rule="87号令第四十四条"
        )


@qualify.lacks
def without_good_standing(bids: Sequence[Bid]) -> dict[int, Refused]:
    """Why bids are not found eligible: the bidder is not in good standing."""
    words = gettext_lazy("%(why)s，不能评为资格合格。")
    read_lists([bid.provider for bid in bids])
    standing = {bid.pk: bid.provider.why_not_in_good_standing() for bid in bids}
    found = ((pk, filled(words, why=why)) for pk, why in standing.items() if why)
    return {pk: NotNow(said, rule="S26", allowed=("reject",)) for pk, said in found}


@open_work.register
def waiting_to_be_checked(provider: Provider) -> list[Bid]:
    """The bids of a provider that qualify only while it is in good standing."""
    return list(Bid.objects.filter(provider=provider, status__in=BidStatus.in_phase(BEING_CHECKED)))


@BID.transition("reject")
def reject(bid: Bid, *, by: Actor, reason: str) -> None:
    """Find that the bidder does not qualify; it sees the reason."""
    bid.why = reason[:300]


def next_steps(projects: Sequence[Project]) -> dict[tuple[int, Role], Step | None]:
    """The next step of purchases that need something first.

    Unchecked bids are checked on the purchase's page.
    """
    unchecked = set(Bid.objects.unchecked().filter(project__in=projects).values_list("project_id", flat=True))
    found: dict[tuple[int, Role], Step | None] = {}
    for project in projects:
        roles = PROJECT.awaited_in(project.status)
        if project.being_checked and project.pk in unchecked:
            step = Step("check_bids", project.get_absolute_url(), PROJECT.further_steps["check_bids"])
            found |= dict.fromkeys([(project.pk, role) for role in roles], step)
        elif project.being_checked and not project.panel_size:
            step = Step.of(PROJECT.get_transition("negotiate"), project)
            found |= dict.fromkeys([(project.pk, role) for role in roles], step)
    return found


PROJECT.steps = next_steps
BID.looks_at = ("project",)
PROJECT.looks_at = (
    Prefetch("bids", Bid.objects.unchecked().only("project", "status"), to_attr="unchecked_bids"),
)
