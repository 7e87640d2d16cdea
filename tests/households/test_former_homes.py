"""Who has left a household or a town sees nothing of what came after, and is not seen there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.roles import Role
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from households.help_received import helping
from households.joining import joining
from households.register import members
from households.register.models import Household, HouseholdMember, Person
from households.relocations import moving
from organizations.people.models import User
from organizations.places.models import Place
from referrals.conference import meetings
from referrals.handovers import handing_over
from referrals.matters import intake
from referrals.needs import triage
from tests import factories
from tests.households.asking import HERE, THERE, asked, reveal


@pytest.fixture
def fled(own, who) -> tuple[Household, Person]:
    """The household that a grown-up left for another town, and who left; seen by its account."""
    household = factories.AcceptedMatter().household
    window, number = who(THERE), factories.new_id_number("1990-01-01")
    members.add_member(household, by=window, name="李四", id_number=number, relation="child")
    person = household.members.get(relation="child").person
    with moments.as_of(moments.now() + timedelta(days=1)):
        members.end_membership(
            household,
            by=window,
            member=household.members.get(person=person),
            left_for="moved",
            on=moments.today(),
        )
    with moments.as_of(moments.now() + timedelta(days=3)):
        members.add_member(own, by=who(HERE), name="李四", id_number=number, relation="other", why="庇护安置")
    return household, person


def account_client(client, household):
    account = factories.account_of(household)
    client.force_login(User.objects.get(pk=account.user_id))
    return client


def test_a_former_household_and_window_see_nothing_after_the_day_of_leaving(client, client_of, api_of, fled):
    household, person = fled
    with moments.as_of(moments.now() + timedelta(days=3, hours=1)):
        assert reveal(api_of(HERE), person, "id_number").status_code == 200
    former = account_client(client, household)
    for reader in (former, client_of(THERE), client_of("xieguan"), client_of("wangge")):
        page = reader.get(household.get_absolute_url())
        assert page.status_code == 200
        text = page.content.decode()
        for secret in ("华士", "庇护", "核对身份"):
            assert secret not in text
        answer = reader.post(f"/reveal/households.Person/{person.pk}/id_number/", {"reason": "核对身份"})
        assert answer.status_code == 404
    assert reveal(api_of("chuangkou"), person).status_code == 404
    member = api_of(THERE).get(f"/api/v1/households/{household.number}").json()["members"][1]
    assert (member["id_number"], member["guarded_by"]) == ("", "")
    assert reveal(api_of("minzheng"), person).status_code == 200


def test_what_was_done_before_the_day_of_leaving_stays_in_the_households_page(client_of, api_of, who):
    household = factories.AcceptedMatter().household
    assert reveal(api_of(THERE), household.head.person).status_code == 200
    page = client_of("xieguan").get(household.get_absolute_url()).content.decode()
    assert "查看了受保护的信息" in page
    assert "姓名" in page


def test_the_reason_of_a_reveal_is_for_oversight_and_whoever_wrote_it(client, client_of, api_of):
    household = factories.AcceptedMatter().household
    reveal(api_of(THERE), household.head.person)
    at = household.get_absolute_url()
    for username in (THERE, "minzheng", "shenji"):
        assert "核对身份" in client_of(username).get(at).content.decode(), username
    own = account_client(client, household)
    for reader in (own, client_of("xieguan"), client_of("wangge")):
        text = reader.get(at).content.decode()
        assert "查看了受保护的信息" in text
        assert "核对身份" not in text


def test_two_homes_of_one_person_do_not_read_each_other(client, api_of, home, own, number, who):
    joining.accept(asked(api_of, home, own, number), by=who(THERE))
    person = home.head.person
    reveal(api_of(THERE), person)
    page = account_client(client, own).get(own.get_absolute_url()).content.decode()
    assert "澄江" not in page
    assert home.number not in page


def test_a_window_that_handed_a_household_over_sees_nothing_of_it_any_more(client_of, home, who):
    place = Place.objects.get(name="华士社区")
    relocation = moving.propose(by=who(THERE), household=home, place=place, address="村东 1 号")
    moving.accept(relocation, by=who(HERE))
    Household.objects.filter(pk=home.pk).update(size=9)
    assert client_of(THERE).get(home.get_absolute_url()).status_code == 404
    page = client_of(THERE).get(relocation.get_absolute_url()).content.decode()
    assert "9 人" not in page
    assert "9 人" in client_of(HERE).get(relocation.get_absolute_url()).content.decode()


def test_a_person_is_seen_only_while_the_membership_is_in_force(who):
    household = factories.AcceptedMatter().household
    person = household.head.person
    sees = Person.objects.visible_to(who(THERE)).filter(pk=person.pk)
    assert sees.exists()
    HouseholdMember.objects.filter(person=person).update(valid_to=moments.today())
    assert not sees.exists()
    assert Person.objects.visible_to(who("shenji")).filter(pk=person.pk).exists()


def test_needs_and_help_of_somebody_who_left_are_not_for_those_who_stayed(client, client_of, api_of, who):
    household = factories.AcceptedMatter(place=Place.objects.get(name="虹桥社区")).household
    window, matter = who(THERE), household.matters.get()
    members.add_member(
        household, by=window, name="李四", id_number=factories.new_id_number("1990-01-01"), relation="child"
    )
    person = household.members.get(relation="child").person
    need = triage.add(by=window, matter=matter, kind="counselling", text="想离开家", person=person)
    former = account_client(client, household)

    def seen(reader) -> str:
        addresses = (
            matter.get_absolute_url(),
            f"/api/v1/matters/{matter.number}",
            "/api/v1/needs",
            household.get_absolute_url(),
            f"/api/v1/households/{household.number}",
        )
        return "".join(reader.get(address).content.decode() for address in addresses)

    def given(what: str) -> None:
        helping.record_help(
            household, source="charity", giver_id=window.organization_id, what=what, person=person
        )

    given("租房补助")
    assert "想离开家" in seen(former)
    own_page = {"lifecycle": need._meta.label, "object_id": need.pk, "role": Role.HOUSEHOLD}
    assert WorkItem.objects.filter(**own_page).exists()
    members.end_membership(
        household,
        by=window,
        member=household.members.get(person=person),
        left_for="moved",
        on=moments.today(),
    )
    assert not WorkItem.objects.filter(**own_page).exists()
    assert list(rebuilding.rebuild()) == []
    with moments.as_of(moments.now() + timedelta(days=2)):
        given("庇护所安置")
    former = account_client(client, household)  # whoever was signed in is out
    grid = client_of("wangge")
    for reader in (former, client_of("xieguan"), grid):
        text = seen(reader)
        # A grid worker is told of no help at all.
        assert ("租房补助" in text) == (reader is not grid)
        assert "想离开家" not in text
        assert "庇护所" not in text
        assert reader.get(need.get_absolute_url()).status_code == 404
    assert "想离开家" in seen(client_of(THERE))


def test_a_matter_that_is_over_shows_a_former_window_nothing_of_today(client_of, home, who):
    window, matter = who(THERE), home.matters.get()
    need = matter.needs.get()
    relocation = moving.propose(
        by=window, household=home, place=Place.objects.get(name="华士社区"), address="村东 1 号"
    )
    moving.accept(relocation, by=who(HERE))
    helping.record_help(home, source="charity", giver_id=window.organization_id, what="新镇的帮扶")
    at = matter.get_absolute_url()
    assert "新镇的帮扶" in client_of(THERE).get(at).content.decode()
    need = meetings.bring_to_conference(need, by=window, reason="职责不清")
    intake.end_with_death(matter, by=window.as_system())
    page = client_of(THERE).get(at)
    assert page.status_code == 200
    assert "新镇的帮扶" not in page.content.decode()
    assert "138****0000" not in page.content.decode()


def test_a_report_handed_to_another_town_says_nothing_of_it_to_whoever_reported(client_of, who, home):
    matter = intake.report_as_provider(
        by=who("shegong"),
        place=Place.objects.get(name="华士社区"),
        name="王小明",
        id_number=home.head.person.id_number.plain(),
        size=1,
        story="腿脚不便",
    )
    handover = handing_over.propose(by=who(HERE), matter=matter, town=factories.town(), why="家庭属于澄江")
    handing_over.accept(handover, by=who(THERE))
    page = client_of("shegong").get(matter.get_absolute_url())
    assert page.status_code == 200
    assert "澄江" not in page.content.decode()
    matter.refresh_from_db()
    matter = intake.accept(
        matter,
        by=who(THERE),
        needs=["care"],
        id_number=home.head.person.id_number.plain(),
        differences="keep",
    )
    assert matter.household == home
