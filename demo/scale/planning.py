"""The plan of the invented city: drawn once from a seed, without a database."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from demo.scale import numbers
from foundation.lifecycle.phases import SERVING
from foundation.moments import SHANGHAI
from referrals.needs.states import NeedStatus as N
from referrals.offers.ask import weekly_of
from referrals.offers.states import ReferralStatus as R

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"


GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰华玉珍建国红梅春生福根阿妹小林志文"


BRANDS = "仁和安康益民同心向阳春晖暖阳和乐惠邻德馨思源致远博爱众帮"


TRADES = ("社会工作服务中心", "居家养老服务中心", "公益服务社", "志愿服务中心", "康复服务有限公司")


#: (final state of the referral, of its need; share of cases; days ago that it began; its transitions).
ENDS = (
    (R.CLOSED, N.CLOSED, 0.70, (30, 690), "prepare offer accept plan record_visit complete feed_back close"),
    (R.FED_BACK, N.FED_BACK, 0.04, (12, 40), "prepare offer accept plan record_visit complete feed_back"),
    (R.COMPLETED, N.DONE, 0.02, (10, 30), "prepare offer accept plan record_visit complete"),
    (R.ENDED_EARLY, N.UNMET, 0.03, (10, 30), "prepare offer accept plan record_visit end_early"),
    (R.IN_SERVICE, N.IN_HAND, 0.08, (5, 60), "prepare offer accept plan record_visit"),
    (R.PLANNED, N.IN_HAND, 0.02, (2, 10), "prepare offer accept plan"),
    (R.ACCEPTED, N.IN_HAND, 0.03, (0, 3), "prepare offer accept"),
    (R.OFFERED, N.REFERRED, 0.03, (0, 1), "prepare offer"),
    (R.DECLINED, N.OPEN, 0.03, (0, 3), "prepare offer decline"),
    (R.TIMED_OUT, N.OPEN, 0.02, (3, 6), "prepare offer time_out"),
)


SERVED = {"record_visit"}


@dataclass(frozen=True)
class Service:
    """An item of the catalog."""

    item_id: int
    code: str
    name: str
    kind: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Spot:
    """A village with the town in charge and its window."""

    place_id: int
    town_id: int
    window_id: int


@dataclass(slots=True)
class Line:
    """One provider's offer for one item, and its contract line."""

    service: Service
    provider: int
    price: Decimal
    taken: int = 0
    booked: int = 0
    reserved: int = 0
    used: int = 0


@dataclass(slots=True)
class Firm:
    """A provider, the towns that it serves, and the indexes of its lines."""

    name: str
    home: Spot
    towns: list[int]
    lines: list[int]
    score: Decimal | None


@dataclass(slots=True)
class Home:
    """A household."""

    spot: Spot
    size: int
    category: str
    income: Decimal
    name: str
    day: date
    sex: str
    number: str
    since: datetime


@dataclass(slots=True)
class Trip:
    """One need of a household, and its referral."""

    home: int
    line: int
    end: int
    units: int
    used: int
    began: datetime
    step: timedelta
    score: int
    level: int
    urgent: bool

    def moment(self, number: int) -> datetime:
        """When the transition of that number was made."""
        return self.began + self.step * number

    @property
    def last(self) -> datetime:
        """When the last transition was made."""
        return self.moment(len(self.transitions) - 1)

    @property
    def status(self) -> R:
        """The final state of the referral."""
        return ENDS[self.end][0]

    @property
    def need_status(self) -> N:
        """The final state of the need."""
        return ENDS[self.end][1]

    @property
    def transitions(self) -> list[str]:
        """The names of the referral's transitions, in order."""
        return ENDS[self.end][4].split()

    @property
    def completed(self) -> bool:
        """Whether the service was completed."""
        return "complete" in self.transitions


@dataclass
class Plan:
    """Everything that will be written."""

    firms: list[Firm] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)


def draw(
    *,
    seed: int,
    now: datetime,
    households: int,
    providers: int,
    referrals: int,
    services: list[Service],
    spots: list[Spot],
    taken: Container[str],
) -> Plan:
    """Draw a plan; the same arguments give the same plan.

    ``taken`` holds the keyed hashes of the identity numbers that people have already. Raises
    ``numbers.Exhausted`` if too few are left.
    """
    random = Random(seed)
    plan = Plan()
    towns = sorted({spot.town_id for spot in spots})
    for number in range(providers):
        plan.firms.append(_firm(random, plan, number, services, spots, towns))
    born = numbers.free(random.randrange(numbers.MOST), now.astimezone(SHANGHAI).date(), taken)
    for _ in range(households):
        plan.homes.append(_home(random, next(born), spots, now))
    by_town: dict[int, list[int]] = {town: [] for town in towns}
    for firm in plan.firms:
        for town in firm.towns:
            by_town[town] += firm.lines
    ends = [row[2] for row in ENDS]
    for end in random.choices(range(len(ENDS)), ends, k=referrals if households else 0):
        home = random.randrange(households)
        lines = by_town[plan.homes[home].spot.town_id]
        if lines:
            plan.trips.append(_trip(random, plan, end, home, random.choice(lines), now))
    return plan


def _firm(
    random: Random, plan: Plan, number: int, services: list[Service], spots: list[Spot], towns: list[int]
) -> Firm:
    home = random.choice(spots)
    everywhere = random.random() < 0.25 or number == 0
    served = towns if everywhere else sorted({home.town_id, *random.sample(towns, 4)})
    firm = Firm(
        name=f"江阴{''.join(random.sample(BRANDS, 2))}{random.choice(TRADES)}{number + 1}号",
        home=home,
        towns=list(served),
        lines=[],
        score=Decimal(random.randint(5800, 9700)) / 100 if random.random() < 0.8 else None,
    )
    for service in random.sample(services, min(len(services), random.randint(3, 6))):
        price = service.low + (service.high - service.low) * random.randint(0, 10) / 10
        firm.lines.append(len(plan.lines))
        plan.lines.append(Line(service, number, price.quantize(Decimal("0.01"))))
    return firm


def _home(random: Random, born: tuple[date, str, str], spots: list[Spot], now: datetime) -> Home:
    day, sex, number = born
    return Home(
        spot=random.choice(spots),
        size=random.choices((1, 2, 3, 4, 5), (34, 30, 18, 12, 6))[0],
        category=random.choices(
            ("minimum_living", "extremely_poor", "low_income_margin", "spending_caused", "temporary", "none"),
            (34, 12, 20, 14, 8, 12),
        )[0],
        income=Decimal(random.randint(60_000, 300_000)) / 100,
        name=random.choice(SURNAMES) + "".join(random.sample(GIVEN, random.choice((1, 2, 2)))),
        day=day,
        sex=sex,
        number=number,
        since=now - timedelta(days=random.randint(30, 900), minutes=random.randint(0, 500)),
    )


def _trip(random: Random, plan: Plan, end: int, home: int, line: int, now: datetime) -> Trip:
    status, _need, _share, (least, most), transitions = ENDS[end]
    units = random.choice((2, 4, 4, 8, 12))
    made = transitions.split()
    used = 0
    if SERVED & set(made):
        used = units if "complete" in made else random.randint(1, units - 1)
    ago = timedelta(days=least + (most - least) * random.random(), minutes=30)
    lasted = min(ago, timedelta(days=random.randint(8, 28))) * 0.96
    held = plan.lines[line]
    held.used += used
    if status in R.in_phase(SERVING):
        held.taken += 1
        held.booked += weekly_of(units)
        held.reserved += units - used
    return Trip(
        home=home,
        line=line,
        end=end,
        units=units,
        used=used,
        began=now - ago,
        step=lasted / max(1, len(made) - 1),
        score=random.choices((5, 4, 3, 2, 1), (45, 35, 12, 5, 3))[0],
        level=random.choices((5, 4, 3, 2, 1), (10, 35, 40, 10, 5))[0],
        urgent=random.random() < 0.06,
    )
