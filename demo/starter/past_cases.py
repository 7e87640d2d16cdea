"""Cases of the months before that have ended, so that figures, charts and rounds have something to count.

Each is played through the actions; who serves it, how well, and the household's rating follow from its
number, so that every load is the same.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal

from demo.starter.cases import GOALS, id_number, told_code
from demo.starter.days import at
from demo.starter.places_and_people import coordinator_of
from foundation import moments
from foundation.roles import SYSTEM, Actor, Role
from households.register import registration
from organizations.people.models import Membership
from organizations.places.models import Place
from referrals.answers import answering
from referrals.matching.ranking import rank
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.needs.states import NeedStatus
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.service import delivery

#: How many cases, the days between them, and how many days ago the last one began, so that it has ended.
CASES, APART, LAST = 44, 5, 40


KINDS = ("care", "counselling", "inclusion", "care", "counselling")


CATEGORIES = ("minimum_living", "extremely_poor", "low_income_margin", "spending_caused")


SURNAMES = "秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺"


GIVEN = ("桂香", "福生", "秀兰", "建平", "玉珍", "根法", "惠英", "国兴")


#: The first serial of their identity numbers; each case has its own birthday.
FIRST_SERIAL = 0


#: Units of one case, over two visits.
UNITS = 2


def past_cases() -> int:
    """Play them unless they are there; returns how many."""
    first = id_number(*_born(0), FIRST_SERIAL)
    if registration.person_by_number(first) is not None:
        return 0
    places = list(Place.objects.filter(name__in=["虹桥社区", "君山社区", "花园社区"]).order_by("name"))
    ended = 0
    for number in range(CASES):
        began = at(moments.today() - timedelta(days=LAST + (CASES - 1 - number) * APART), 9)
        ended += _Case(number, places[number % len(places)], began).play()
    return ended


#: Offers of one week to the best provider, and how many of them lapse, which the control charts show.
BAD_WEEK, LAPSED = 6, 4


def bad_week() -> int:
    """Make six offers last week, four of which time out and go to the next provider; returns how many."""
    first = id_number(*_born(CASES), FIRST_SERIAL + CASES)
    if registration.person_by_number(first) is not None:
        return 0
    village = Place.objects.get(name="君山社区")
    monday = moments.today() - timedelta(days=moments.today().weekday() + 7)
    for number in range(BAD_WEEK):
        case = _Case(CASES + number, village, at(monday + timedelta(days=number % 3), 9))
        case.offered_to_the_first(lapses=number < LAPSED)
    return BAD_WEEK


def _born(number: int) -> tuple[str, str]:
    """Birthday and sex."""
    return f"{1940 + number}-0{1 + number % 9}-1{number % 9}", "FM"[number % 2]


def _text(number: int) -> str:
    return f"近来遇到困难，希望有人上门帮一帮（{number + 1}）。"


class _Case:
    """One case from the application to the answer."""

    def __init__(self, number: int, village: Place, began: datetime) -> None:
        self.number, self.village, self.moment = number, village, began
        held = Membership.objects.select_related("user", "organization", "place")
        self.window: Actor = held.get(role=Role.WINDOW, place=village.parent).actor()

    def at(self, days: int) -> AbstractContextManager[None]:
        """Act as of so many days later."""
        self.moment += timedelta(days=days)
        return moments.as_of(self.moment)

    def play(self) -> int:
        """Play the case to the end of its service; returns 1."""
        n = self.number
        with self.at(0):
            matter = self._accepted_matter(KINDS[n % len(KINDS)])
        referral = self._sent(matter.needs.get())
        if n % 11 == 5:
            with self.at(1):
                coordinator = coordinator_of(referral.provider.organization)
                offering.decline(referral, by=coordinator, reason="no_staff")
            referral = self._sent_on(referral)
        elif n % 17 == 9:
            with self.at(4):
                offering.time_out(referral, by=SYSTEM)
            referral = self._sent_on(referral)
        if n % 13 == 7:
            referral = self._sent_on(self._broken_off(referral))
        self._served(referral)
        return 1

    def _sent_on(self, referral: Referral) -> Referral:
        """Send it to the other of the two best providers."""
        return self._sent(Need.objects.get(pk=referral.need_id), choice=self.number + 1)

    def _accepted_matter(self, kind: str) -> Matter:
        n = self.number
        return intake.accept_application(
            by=self.window,
            place=self.village,
            monthly_income=Decimal(900 + n * 20),
            needs=[kind],
            consent=True,
            name=SURNAMES[n] + GIVEN[n % len(GIVEN)],
            id_number=id_number(*_born(n), FIRST_SERIAL + n),
            category=CATEGORIES[n % len(CATEGORIES)],
            size=1 + n % 4,
            story=_text(n),
            phone=f"137{n:08d}",
            address=f"{self.village.name}示例弄 {500 + n} 号",
        )

    def offered_to_the_first(self, *, lapses: bool) -> None:
        """Offer it to the best provider, which accepts, or lets it time out so that the next one accepts."""
        with self.at(0):
            matter = self._accepted_matter("counselling")
        referral = self._sent(matter.needs.get(), choice=0)
        if lapses:
            with self.at(2):
                offering.time_out(referral, by=SYSTEM)
            referral = self._sent(Need.objects.get(pk=referral.need_id), choice=1)
        referral, by = self._begun(referral)
        with self.at(1):
            delivery.record_visit(
                referral,
                by=by,
                on=moments.today(),
                units=1,
                code=told_code(referral),
                words="第一次上门，商定了时间。",
                note="第 1 次上门，建立联系。",
            )

    def _sent(self, need: Need, choice: int | None = None) -> Referral:
        with self.at(1 if choice is None else 0):
            ranking = rank(need, units=UNITS)
            providers = ranking.by_provider
            place = self.number if choice is None else choice
            chosen = providers[place % min(2, len(providers))]
            return offering.send(
                need,
                by=self.window,
                offer_id=chosen.offer_id,
                ask=Ask(units=UNITS, goal=GOALS[need.kind]),
                choice_reason="家庭愿意由这家机构服务。",
                override_reason="原来的服务中断，由这家接着做。" if need.status == NeedStatus.UNMET else "",
            )

    def _begun(self, referral: Referral, days: int = 1) -> tuple[Referral, Actor]:
        """Accept it, and plan it so many days later; returns who serves."""
        organization = referral.provider.organization
        coordinator = coordinator_of(organization)
        worker = Membership.objects.filter(role=Role.SOCIAL_WORKER, organization=organization).first()
        by = worker.actor() if worker else coordinator
        with self.at(1):
            referral = offering.accept(referral, by=coordinator, worker=worker)
        with self.at(days):
            referral = delivery.plan(
                referral,
                by=by,
                plan_text="与家庭商定：两次上门，目标写在下面。",
                goals=[GOALS[referral.need.kind]],
            )
        return referral, by

    def _visited(self, referral: Referral, by: Actor, number: int, *, code: bool = True) -> Referral:
        with self.at(4):
            return delivery.record_visit(
                referral,
                by=by,
                on=moments.today(),
                units=1,
                code=told_code(referral) if code else "",
                words="按约上门，家里都好。",
                note=f"第 {number} 次上门，与家庭对照目标。",
            )

    def _broken_off(self, referral: Referral) -> Referral:
        """The provider ends it early after the first visit, and the household is told."""
        referral, by = self._begun(referral)
        referral = self._visited(referral, by, 1)
        coordinator = coordinator_of(referral.provider.organization)
        with self.at(2):
            referral = delivery.end_early(referral, by=coordinator, reason="社工离职，暂时没有人接手。")
        with self.at(1):
            referral = answering.feed_back_service(
                referral, by=coordinator, words="社工离职，窗口会请别家继续服务。"
            )
            return answering.close_referral(referral, by=self.window)

    def _served(self, referral: Referral) -> None:
        n = self.number
        referral, by = self._begun(referral, 6 if n % 7 == 3 else 1)
        for visit in range(1, UNITS + 1):
            referral = self._visited(referral, by, visit, code=n % 6 != 1 or visit == 1)
        with self.at(3):
            referral = delivery.complete(
                referral,
                by=by,
                outcome="家庭按计划得到帮助，目标逐项对照。",
                reached={1: -1 if n % 5 == 2 else n % 2},
            )
        coordinator = coordinator_of(referral.provider.organization)
        with self.at(1):
            referral = answering.feed_back_service(
                referral, by=coordinator, words="服务已完成，有事请打窗口电话。"
            )
        with self.at(4):
            need = Need.objects.get(pk=referral.need_id)
            if n % 4:
                score = (5, 4, 5, 3)[n % 4] if n % 5 != 2 else 2
                need = answering.rate(need, by=self.window, score=score, words="来得准时")
            answering.close_referral(referral, by=self.window)
            answering.close(need, by=self.window, not_reached="" if n % 4 else "电话两次没有接通")
