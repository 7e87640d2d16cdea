"""Every need finds its way, and nobody is turned away without words."""

from __future__ import annotations

from datetime import date

import pytest

from foundation.refusals import Invalid, NotYours
from organizations.bodies.models import Organization
from organizations.responsibilities.models import Responsibility
from organizations.responsibilities.need_kinds import NeedKind
from referrals.answers import answering
from referrals.conference import meetings
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import triage
from tests import factories


@pytest.mark.parametrize(
    "kind,body",
    [
        ("living", "江阴市民政局"),
        ("employment", "江阴市人力资源和社会保障局"),
        ("legal", "江阴市司法局"),
        ("worker", "江阴市总工会"),
        ("education", "江阴市教育局"),
    ],
)
def test_a_kind_that_one_body_answers_for_is_transferred_to_it(kind, body):
    route = triage.propose(kind)
    assert (route.way, route.basis) == ("transfer", "S14")
    assert route.body.name == body


def test_medical_assistance_has_moved_to_the_healthcare_security_bureau():
    assert triage.propose("medical").body.code == "yibao"
    duties = Responsibility.objects.filter(need_kind="medical").values_list("organization__code", "valid_to")
    assert (("renshe", date(2019, 2, 28)) in duties) or len(duties) == 2


def test_a_kind_that_no_body_answers_for_but_the_catalog_serves_is_referred():
    factories.AcceptedOffer()
    route = triage.propose("care")
    assert (route.way, route.basis, route.body) == ("refer", "S16", None)


def test_a_kind_of_two_bodies_or_of_none_goes_to_the_conference():
    assert triage.propose("other").way == "bring_to_conference"
    Responsibility.objects.create(
        organization=Organization.objects.get(code="fulian"),
        need_kind="legal",
        text="维权",
        basis="x",
        valid_from=date(2020, 1, 1),
    )
    assert triage.propose("legal").way == "bring_to_conference"


def test_every_kind_of_need_has_some_way():
    factories.AcceptedOffer()
    ways = triage.routes(NeedKind.values)
    assert set(ways) == set(NeedKind.values)
    assert {way.way for way in ways.values()} == {"transfer", "refer", "bring_to_conference"}


def test_the_ways_of_many_kinds_are_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        triage.routes(NeedKind.values)


def test_a_transferred_need_is_taken_up_granted_and_fed_back():
    need = factories.TransferredNeed()
    body = need.body
    handler = factories.PersonOf(role="handler", role__organization=body).memberships.get().actor()
    need = triage.take_up(need, by=handler)
    need = triage.grant(need, by=handler, result="医疗救助", amount=1800)
    assert need.matter.household.help_received.get().amount == 1800
    need = answering.feed_back(need, by=handler, words="已批准，月底到账")
    assert (need.status, need.result) == ("fed_back", "已批准，月底到账")


def test_another_body_cannot_touch_it(who):
    need = factories.TransferredNeed()
    with pytest.raises(NotYours):
        triage.take_up(need, by=who("bumen"))


def test_a_refusal_is_in_writing_with_reasons(who):
    need = factories.TransferredNeed(kind="living")
    handler = who("bumen3")
    with pytest.raises(Invalid):
        triage.refuse(need, by=handler, reason="")
    need = triage.refuse(need, by=handler, reason="收入高于标准")
    assert (need.status, need.refusal) == ("refused", "收入高于标准")


def test_the_conference_decides_and_the_need_goes_on(who):
    need = factories.OpenNeed(kind="other")
    window = factories.window_of(need.matter.town)
    need = meetings.bring_to_conference(need, by=window, reason="职责不清")
    body = Organization.objects.get(code="zhujian")
    with pytest.raises(NotYours):
        meetings.decide_transfer(need, by=window, body=body, reason="x")
    need = meetings.decide_transfer(need, by=who("mishu"), body=body, reason="会议纪要第3号")
    assert (need.status, need.body) == ("transferred", body)


def test_a_report_is_accepted_or_told_once_what_lacks_or_explained(who):
    number = factories.new_id_number()

    def reported() -> Matter:
        return intake.report(
            by=who("xieguan"), name="王小明", id_number=number, category="none", size=2, story="屋里没有取暖"
        )

    window = who("chuangkou")
    accepted = intake.accept(
        reported(), by=window, needs=["temporary", "temporary", "care"], id_number=number
    )
    assert accepted.status == "accepted"
    assert accepted.first_asked_name == window.name
    assert sorted(accepted.needs.values_list("kind", flat=True)) == ["care", "temporary"]

    told = intake.ask_papers(reported(), by=window, papers="户口簿\n收入证明")
    assert told.papers_missing == "户口簿\n收入证明"
    with pytest.raises(Invalid):
        intake.ask_papers(told, by=window, papers="还要银行流水")  # S12: one time only

    explained = intake.explain(reported(), by=window, reason="高于标准，已说明")
    assert explained.status == "explained"


def test_an_assistant_reports_households_of_the_own_village(who):
    assistant = who("xieguan")
    matter = intake.report(
        by=assistant, name="王小明", id_number=factories.new_id_number(), category="none", size=1, story="x"
    )
    assert matter.household.place_id == assistant.place_id
    assert Matter.objects.visible_to(assistant).filter(pk=matter.pk).exists()


def test_the_last_closed_need_closes_the_matter():
    matter = factories.AcceptedMatter(kind="living")
    window = factories.window_of(matter.town)
    second = triage.add(by=window, matter=matter, kind="education")
    for need in (matter.needs.get(kind="living"), second):
        need = triage.transfer(need, by=window, body=triage.propose(need.kind).body)
        handler = factories.PersonOf(role="handler", role__organization=need.body).memberships.get().actor()
        need = triage.grant(need, by=handler, result="已救助")
        need = answering.feed_back(need, by=handler, words="已办好")
        matter.refresh_from_db()
        assert matter.status == "accepted"
        answering.close(need, by=window, not_reached="电话不通，已上门留言")
    matter.refresh_from_db()
    assert matter.status == "closed"


def test_the_household_rates_its_own_case_and_no_other():
    need = factories.TransferredNeed()
    handler = factories.PersonOf(role="handler", role__organization=need.body).memberships.get().actor()
    need = triage.grant(need, by=handler, result="已救助")
    need = answering.feed_back(need, by=handler, words="已办好")
    account = factories.account_of(need.matter.household)
    stranger = factories.account_of(factories.AcceptedMatter().household)
    with pytest.raises(NotYours):
        answering.rate(need, by=stranger, score=1)
    need = answering.rate(need, by=account, score=5, words="很快")
    assert (need.status, need.satisfactions.get().score) == ("fed_back", 5)
