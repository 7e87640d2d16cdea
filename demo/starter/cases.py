"""Three dozen invented households, each played through the actions as far as its row says."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from contracts.contracts.models import Contract
from contracts.invoices import invoicing, sampling
from contracts.invoices.models import Invoice
from contracts.invoices.states import InvoiceStatus
from demo.starter.days import by_day
from demo.starter.files import read_csv, read_yaml
from demo.starter.places_and_people import actor, coordinator_of, household_account
from foundation import moments
from foundation.lifecycle.phases import DROPPED, ENDED
from foundation.roles import SYSTEM, Actor, Role
from households.register.models import Person
from households.register.registration import person_by_number
from organizations.bodies.models import Organization
from organizations.people.models import Membership
from organizations.places.models import Place
from referrals.answers import answering
from referrals.conference import meetings
from referrals.matching.ranking import rank
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.service import confirming, delivery

#: The goals of referrals by kind of need, which tell nothing of the household.
GOALS = {
    "care": "日常起居有人照应，在家安全",
    "counselling": "睡眠和情绪好转，能照常生活",
    "escort": "每次就医都有人陪同",
    "inclusion": "每周有人来看望，愿意出门",
    "rehabilitation": "恢复自己起坐和行走",
    "ability": "学会一门手艺，孩子功课跟得上",
    "supplement": "医疗欠账减轻，生活不断档",
}


PREFERRED = "52320281MJ00010050"


#: How many people of one birthday and place the last digits can distinguish.
ORDERS = 1_000


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(birth: str, sex: str, serial: int) -> str:
    """An invented identity number, valid in form (GB 11643).

    ``serial`` counts the people of that birthday and sex. Raises ``ValueError`` from 500 on, since three
    digits have no more room.
    """
    order = serial * 2 + (1 if sex == "M" else 0)
    if not 0 <= order < ORDERS:
        raise ValueError(f"An identity number has no room for the serial {serial}.")
    body = f"320281{birth.replace('-', '')}{order:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def households() -> int:
    """Play every household that is not there yet; returns how many."""
    made = 0
    claims = Person.objects.exclude(claimed_number=None)
    told = {claim.claimed_number.plain() for claim in claims if claim.claimed_number}
    for serial, row in enumerate(read_csv("households.csv"), 101):
        number = id_number(row["birth"], row["sex"], serial)
        if number not in told and person_by_number(number) is None:
            Case(row, number).play()
            made += 1
    return made


def told_code(referral: Referral) -> str:
    """The code in the newest text to the household; empty without a phone."""
    live = confirming.live_code(referral)
    found = re.search(r"确认码(?:是)? (\d{6})", live.message.text) if live and live.message else None
    return found.group(1) if found else ""


class Case:
    """The case of one household; each step happens somewhat later than the one before."""

    def __init__(self, row: dict[str, str], number: str) -> None:
        self.row, self.number = row, number
        self.village = Place.objects.get(name=row["village"])
        self.moment = moments.now() - timedelta(days=float(row["days_ago"]), hours=1)
        self.step = (moments.now() - self.moment) / 14
        self.window = self._window()
        self.matter: Matter | None = None

    def _window(self) -> Actor:
        membership = Membership.objects.select_related("user", "organization", "place").get(
            role=Role.WINDOW, place=self.village.parent
        )
        return membership.actor()

    def later(self) -> datetime:
        """The moment of the next step, within working hours."""
        self.moment += self.step
        return by_day(self.moment)

    def play(self) -> None:
        """Play the path of the row."""
        path = self.row["path"]
        with moments.as_of(by_day(self.moment)):
            matter = self._apply(path)
        if self.row["key"] == "h01":
            household_account("jiating", matter.household)
        if path == "papers":
            with moments.as_of(self.later()):
                intake.ask_papers(matter, by=self.window, papers="户口簿\n近三个月收入证明\n银行流水")
        elif path == "explained":
            with moments.as_of(self.later()):
                intake.explain(
                    matter,
                    by=self.window,
                    reason="家庭人均收入高于低保边缘标准，已说明政策并告知慈善项目的申请办法。",
                )
        need = matter.needs.first()
        if need is not None:
            getattr(self, f"_{self._way(path)}")(need, path)

    def _apply(self, path: str) -> Matter:
        person: dict[str, Any] = {
            "name": self.row["name"],
            "id_number": self.number,
            "category": self.row["category"],
            "size": int(self.row["size"]),
            "story": self.row["story"],
            "phone": f"138{self.number[8:16]}",
            "address": f"{self.village.name}示例弄 {self.number[-3:-1]} 号",
        }
        if path in ("reported", "papers", "explained"):
            return intake.report(by=self._assistant(), **person)
        return intake.accept_application(
            by=self.window,
            place=self.village,
            monthly_income=Decimal(self.row["income"]),
            needs=[self.row["need"]],
            consent=True,
            **person,
        )

    def _assistant(self) -> Actor:
        held = Membership.objects.select_related("user", "organization", "place")
        return (held.filter(role=Role.ASSISTANT, place=self.village)[0]).actor()

    @staticmethod
    def _way(path: str) -> str:
        if path in ("open", "reported"):
            return "stay"
        if path == "conference":
            return "confer"
        bodies = ("transferred", "in_hand", "granted", "refused", "fed_back", "closed")
        return "by_body" if path in bodies else "by_provider"

    def _stay(self, need: Need, path: str) -> None:
        """The need waits at the window."""

    def _confer(self, need: Need, path: str) -> None:
        with moments.as_of(self.later()):
            meetings.bring_to_conference(
                need, by=self.window, reason="房屋与邻里纠纷涉及几个部门，职责不清。"
            )

    def _by_body(self, need: Need, path: str) -> None:
        body = triage.propose(need.kind).body
        assert body is not None, "the demo sends here only what a body answers for"
        with moments.as_of(self.later()):
            need = triage.transfer(need, by=self.window, body=body)
        if path == "transferred":
            return
        handler = _handler(body)
        with moments.as_of(self.later()):
            need = triage.take_up(need, by=handler)
        if path == "in_hand":
            return
        with moments.as_of(self.later()):
            if path == "refused":
                triage.refuse(
                    need,
                    by=handler,
                    reason="被骗损失不属于临时救助的支出范围，建议向公安机关报案并申请司法救助。",
                )
                return
            need = triage.grant(
                need, by=handler, result=f"{need.get_kind_display()}救助", amount=Decimal(1800)
            )
        if path == "granted":
            return
        with moments.as_of(self.later()):
            need = answering.feed_back(need, by=handler, words="您的申请已批准，款项会在月底前到账。")
        if path == "closed":
            with moments.as_of(self.later()):
                need = answering.rate(need, by=self.window, score=5, words="很快就办好了")
                answering.close(need, by=self.window)

    def _by_provider(self, need: Need, path: str) -> None:
        with moments.as_of(self.later()):
            referral = self._send(need)
        organization = referral.provider.organization
        coordinator = coordinator_of(organization)
        if path.startswith("offered"):
            return
        if path == "timed_out":
            with moments.as_of(by_day(self.moment + timedelta(days=4))):
                offering.time_out(referral, by=SYSTEM)
            return
        with moments.as_of(self.later()):
            if path == "declined":
                offering.decline(referral, by=coordinator, reason="no_staff")
                return
            worker = Membership.objects.filter(role=Role.SOCIAL_WORKER, organization=organization).first()
            referral = offering.accept(referral, by=coordinator, worker=worker)
        if path != "accepted":
            actor_now = worker.actor() if worker else coordinator
            self._serve(referral, path, actor_now, coordinator)

    def _send(self, need: Need) -> Referral:
        ranking = rank(need, units=4)
        preferred = Organization.objects.get(credit_code=PREFERRED).provider.pk
        chosen = next((c for c in ranking.candidates if c.provider_id == preferred), ranking.candidates[0])
        return offering.send(
            need,
            by=self.window,
            offer_id=chosen.offer_id,
            ask=Ask(units=4, goal=GOALS[need.kind]),
            choice_reason="家庭愿意由这家机构服务。",
        )

    def _serve(self, referral: Referral, path: str, worker: Actor, coordinator: Actor) -> None:
        with moments.as_of(self.later()):
            referral = delivery.plan(
                referral,
                by=worker,
                plan_text="与家庭商定：每周一次，四次后评估目标达成。",
                goals=[GOALS[referral.need.kind]],
            )
        if path == "planned":
            return
        halfway = path == "in_service" or path == "ended_early"
        for visit in range(2 if halfway else 4):
            with moments.as_of(self.later()):
                referral = delivery.record_visit(
                    referral,
                    by=worker,
                    on=moments.today(),
                    units=1,
                    code=told_code(referral),
                    words="一切平稳，下周同一时间再来。",
                    note=f"第 {visit + 1} 次上门，情况平稳。",
                )
        if path == "in_service":
            return
        with moments.as_of(self.later()):
            if path == "ended_early":
                delivery.end_early(referral, by=coordinator, reason="家庭搬去外地亲属家。")
                return
            level = 1 if int(self.row["days_ago"]) % 2 else 0
            referral = delivery.complete(
                referral, by=worker, outcome="目标达到，家庭生活有人照应。", reached={1: level}
            )
        if path == "completed":
            return
        with moments.as_of(self.later()):
            referral = answering.feed_back_service(
                referral, by=coordinator, words="服务已完成，您家里的情况好多了。有事请打窗口电话。"
            )
        if path == "referral_closed":
            with moments.as_of(self.later()):
                need = answering.rate(
                    Need.objects.get(pk=referral.need_id),
                    by=self.window,
                    score=4 if int(self.row["days_ago"]) % 2 else 5,
                    words="服务的人很耐心",
                )
                answering.close_referral(referral, by=self.window)
                answering.close(need, by=self.window)


def _handler(body: Organization) -> Actor:
    """The demo handler of a body, or a colleague where there is no account."""
    held = Membership.objects.select_related("user", "organization", "place")
    found = held.filter(role=Role.HANDLER, organization=body).first()
    if found:
        return found.actor()
    return Actor(role=Role.HANDLER, name="值班", organization_id=body.pk, organization_name=body.name)


def _found_as_claimed(invoice: Invoice) -> None:
    """Every sampled visit is confirmed by phone."""
    for sample in invoice.samples.select_related("delivery"):
        sampling.check(
            invoice,
            by=actor("minzheng"),
            sample=sample,
            finding="confirmed",
            found=sample.delivery.units,
            how="call",
            note="家庭确认服务如约提供。",
        )


def invoices() -> int:
    """Invoices in every state, for what was delivered."""
    if Invoice.objects.exists():
        return 0
    states = [InvoiceStatus(state) for state in read_yaml("money.yaml")["invoices"]]
    found = Contract.objects.filter(lines__deliveries__invoice=None).distinct()
    contracts = [c for c in found if c.lines.filter(deliveries__isnull=False).exists()]
    for number, contract in enumerate(contracts[: len(states)]):
        state = states[number]
        coordinator = coordinator_of(contract.provider.organization)
        with moments.as_of(by_day(moments.now() - timedelta(days=4 - number))):
            invoice = invoicing.draw_up(by=coordinator, contract=contract)
            if state in InvoiceStatus.in_phase(DROPPED):
                invoicing.send_back(
                    invoice, by=actor("minzheng"), reason="一次服务记录缺少家庭确认，请补齐。"
                )
            elif state != InvoiceStatus.SUBMITTED:
                _found_as_claimed(invoice)
                invoice = invoicing.accept_work(invoice, by=actor("minzheng"))
        if state in InvoiceStatus.in_phase(ENDED):
            invoice = invoicing.endorse(invoice, by=actor("minzheng2"))
            invoicing.approve(invoice, by=actor("caizheng"))
    return min(len(contracts), len(states))
