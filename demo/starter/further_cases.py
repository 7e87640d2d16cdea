"""Cases beyond the rows of the households: other channels, requests for offers, meetings, complaints,
hand-overs.

Each is played through the actions; they are made all together or not at all.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from demo.starter.cases import GOALS, id_number
from demo.starter.days import by_day
from demo.starter.places_and_people import actor, coordinator_of
from foundation import moments
from foundation.lifecycle.phases import SERVING
from foundation.roles import SYSTEM, Role
from households.consents import giving
from households.consents.forms import SCOPE
from households.help_received import helping
from households.register import members
from households.register.models import Household, Relation
from households.register.registration import household_of, person_by_number
from organizations.bodies.models import Organization, OrganizationKind
from organizations.people.models import Membership
from organizations.places.models import Place
from referrals.complaints import complaining
from referrals.conference import meetings
from referrals.handovers import handing_over
from referrals.matching.ranking import rank
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.requests import requesting
from referrals.requests.models import RequestForOffers
from referrals.service import delivery

GIVEN = [key for key, _label in SCOPE]


def further_cases() -> int:
    """Play every case unless they are there; returns how many."""
    if RequestForOffers.objects.exists():
        return 0
    cases = (
        _other_channels,
        _a_family_with_a_child,
        _a_second_home,
        _the_best_of_several,
        _the_first_of_several,
        _a_hand_over_between_providers,
        _a_meeting,
        _a_complaint,
        _an_open_hand_over,
    )
    for number, make in enumerate(cases):
        with moments.as_of(by_day(moments.now() - timedelta(hours=30 - number))):
            make()
    return len(cases)


def _village(name: str = "虹桥社区") -> Place:
    return Place.objects.get(name=name)


def _accepted_need(serial: int, name: str, birth: str, need: str, story: str, **more: Any) -> Need:
    """A new household at the window of 澄江街道, with consent; returns its only need."""
    matter = intake.accept_application(
        by=actor("chuangkou"),
        name=name,
        id_number=id_number(birth, "F", serial),
        place=_village(),
        category=str(more.pop("category", "low_income_margin")),
        size=2,
        monthly_income=Decimal("1500"),
        phone=f"139{serial:08d}",
        address=f"虹桥社区示例弄 {serial} 号",
        needs=[need],
        story=story,
        consent=True,
        **more,
    )
    return matter.needs.get()


def _other_channels() -> None:
    """The hotline at night, a provider's worker, a grid worker, the household itself."""
    intake.report_by_hotline(
        by=actor("rexian"),
        order="JY20261124-0031",
        place=_village("君山社区"),
        name="路人代报",
        phone="13900000201",
        story="楼道里一位老人没有带钥匙，天冷，说不清家在哪里。",
        urgent=True,
    )
    intake.report_as_provider(
        by=actor("shegong"),
        place=_village("花园社区"),
        name="顾阿珍",
        id_number=id_number("1949-02-03", "F", 202),
        size=1,
        phone="13900000202",
        story="上门服务时发现邻居老人独自在家，腿脚不便。",
    )
    intake.report(
        by=actor("wangge"),
        name="曹水根",
        id_number=id_number("1953-06-07", "M", 203),
        category="none",
        size=2,
        story="巡查发现屋顶漏雨，两位老人没有搬。",
    )
    intake.apply(
        by=SYSTEM,
        needs=["counselling", "employment"],
        story="失业半年，晚上睡不着，想找人说说，也想找份工作。",
        name="殷晓",
        id_number=id_number("1991-11-12", "F", 204),
        place=_village("君山社区"),
        size=3,
        phone="13900000204",
    )


def _a_family_with_a_child() -> None:
    """A grandmother, her grandchild in shared custody, and help from outside."""
    window = actor("chuangkou")
    need = _accepted_need(205, "卞秀英", "1956-03-04", "ability", "孙女放学没人带，功课跟不上。")
    household = need.matter.household
    grandmother = household.members.get(valid_to=None).person
    household = members.add_member(
        household,
        by=window,
        name="卞小雨",
        id_number=id_number("2017-09-01", "F", 206),
        relation=Relation.GRANDCHILD,
        guardian=grandmother,
        disability="none",
    )
    child = household.members.get(relation=Relation.GRANDCHILD).person
    giving.give_consent(household, by=window, scope=GIVEN, form="written", person=child, given_by=grandmother)
    helping.tell_help(
        household,
        by=window,
        told_giver="某企业爱心基金",
        what="助学金",
        on=moments.today() - timedelta(days=40),
        amount=Decimal("1000"),
        need_kind="education",
        person=child,
    )


def _a_second_home() -> None:
    """The child's father lives in another town, whose window asks and waits for the answer."""
    father = person_by_number(id_number("1974-08-13", "M", 125))
    home = household_of(father) if father else None
    assert home is not None, "he came before"
    members.add_member(
        home,
        by=actor("chuangkou2"),
        name="卞小雨",
        id_number=id_number("2017-09-01", "F", 206),
        relation=Relation.CHILD,
        counts=False,
        why="父母离异，孩子周末住父亲家。",
    )


def _the_best_of_several() -> None:
    """Several providers are asked for the best offer; one has volunteered, the others have time left."""
    need = _accepted_need(207, "应小芬", "1970-08-09", "counselling", "女儿走后一直走不出来。")
    request = requesting.announce(
        by=actor("chuangkou"),
        need=need,
        mode="best",
        offer_id=rank(need, units=4).candidates[0].offer_id,
        ask=Ask(units=4, goal=GOALS["counselling"]),
    )
    first = request.referrals.order_by("pk")[0]
    offering.volunteer(first, by=coordinator_of(first.provider.organization))


def _the_first_of_several() -> None:
    """Several providers are asked at once; the first to accept serves."""
    need = _accepted_need(208, "钮阿妹", "1945-01-23", "care", "一个人住，摔过一跤，做饭吃力。")
    request = requesting.announce(
        by=actor("chuangkou"),
        need=need,
        mode="first",
        offer_id=rank(need, units=4).candidates[0].offer_id,
        ask=Ask(units=4, goal=GOALS["care"]),
    )
    fastest = request.referrals.order_by("-pk")[0]
    offering.accept(fastest, by=coordinator_of(fastest.provider.organization))


def _a_hand_over_between_providers() -> None:
    """A household changes its provider without a gap."""
    window = actor("chuangkou")
    need = _accepted_need(209, "虞老太", "1943-12-01", "care", "需要人上门做饭。")
    ranking = rank(need, units=4)
    one, other = ranking.by_provider[:2]
    referral = offering.send(
        need, by=window, offer_id=one.offer_id, ask=Ask(units=4, goal=GOALS["care"]), choice_reason="就近"
    )
    organization = referral.provider.organization
    coordinator = coordinator_of(organization)
    worker = Membership.objects.filter(role=Role.SOCIAL_WORKER, organization=organization).first()
    referral = offering.accept(referral, by=coordinator, worker=worker)
    referral = delivery.plan(referral, by=coordinator, plan_text="每周一次上门做饭。", goals=[GOALS["care"]])
    delivery.record_visit(
        referral, by=coordinator, on=moments.today(), units=1, note="适应良好。", confirmed=True
    )
    heir = offering.send(
        need,
        by=window,
        offer_id=other.offer_id,
        ask=Ask(units=3, goal=GOALS["care"]),
        choice_reason="家庭希望换到离家近的机构。",
        replaces=Referral.objects.get(pk=referral.pk),
    )
    offering.accept(heir, by=coordinator_of(heir.provider.organization))


def _a_meeting() -> None:
    """A need of two bodies was discussed and decided, another one postponed: it was looked into and waits for the next
    meeting. The minutes are final.
    """
    window, secretary = actor("chuangkou"), actor("mishu")
    need = _accepted_need(210, "冷红妹", "1978-02-11", "other", "租住的车库要拆，孩子在附近上学。")
    meetings.bring_to_conference(need, by=window, reason="住房与就学涉及两个部门。")
    bodies = list(Organization.objects.filter(kind=OrganizationKind.BODY)[:4])
    meeting = meetings.convene(
        by=secretary, level="liaison", held_on=moments.today(), venue="市民中心 302", bodies=bodies
    )
    meeting = meetings.open_meeting(meeting, by=secretary)
    own = meeting.items.get(need=need)
    housing = Organization.objects.get(code="zhujian")
    meeting = meetings.decide(
        meeting,
        by=secretary,
        item=own,
        discussion="先安排过渡住房，就学由教育部门协助，住建牵头。",
        decision="transfer",
        body=housing,
    )
    for item in meeting.items.filter(decision=""):
        meeting = meetings.decide(
            meeting,
            by=secretary,
            item=item,
            discussion="情况还不清楚，请窗口补充走访后再议。",
            decision="later",
        )
    meetings.close(meeting, by=secretary)
    for item in meeting.items.filter(decision="later").select_related("need"):
        meetings.bring_to_conference(item.need, by=window, reason="已补充走访，住户同意会上讨论。")


def _a_complaint() -> None:
    """A household complains of its provider."""
    household = Household.objects.get(accounts__user__username="jiating")
    need = Need.objects.filter(matter__household=household).first()
    complaining.file(
        by=actor("jiating"), about="provider", need=need, text="上周说好周三来，没有来也没有打电话。"
    )


def _an_open_hand_over() -> None:
    """A matter that another window is asked to take over."""
    matter = Matter.objects.filter(town__name="澄江街道", status__in=MatterStatus.in_phase(SERVING)).order_by(
        "pk"
    )[3]
    handing_over.propose(
        by=actor("chuangkou"),
        matter=matter,
        town=Place.objects.get(name="华士镇"),
        why="这家人下月搬到华士镇女儿家。",
    )
