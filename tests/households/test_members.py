"""Members, second homes, minors and their guardians, deaths, moves, corrected numbers."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from foundation import moments
from foundation.inbox.models import Notice
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from households.consents import giving
from households.corrections import correcting
from households.help_received import helping
from households.register import members, registration
from households.register.models import Household
from households.relocations import moving
from organizations.bodies.models import Organization
from organizations.places.models import Place
from referrals.conference import meetings
from referrals.matching import ranking
from referrals.matters import intake
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers import preparing
from referrals.offers.ask import Ask
from tests import factories
from tests.households.members import GIVEN, child_of, joined, last_person


def test_a_member_who_joins_is_recognised_by_number_and_raises_the_size(household, window):
    household = joined(joined(household, window), window)
    assert (household.members.count(), household.size) == (3, 3)


def test_somebody_who_counts_elsewhere_joins_as_a_second_home_only(household, window):
    other = factories.AcceptedMatter().household
    number = other.head.person.id_number.plain()
    with pytest.raises(Invalid) as refusal:
        joined(household, window, id_number=number, name="王小明")
    assert "counts" in refusal.value.fields
    size = household.size
    household = joined(household, window, id_number=number, name="王小明", counts=False)
    assert household.size == size
    assert registration.household_of(other.head.person) == other


def test_the_same_person_is_not_twice_in_one_household(household, window):
    with pytest.raises(Invalid) as refusal:
        joined(household, window, id_number=household.head.person.id_number.plain())
    assert "id_number" in refusal.value.fields


def test_a_minor_needs_a_guardian_or_a_body_that_stands_in(household, window):
    born = f"{moments.today().year - 9}-01-05"
    with pytest.raises(Invalid) as refusal:
        joined(household, window, id_number=factories.new_id_number(born), relation="child")
    assert "guardian" in refusal.value.fields
    assert child_of(household, window).guarded_by
    body = Organization.objects.get(code="minzheng")
    assert child_of(household, window, guardian_body=body).guarded_by == body.name


def test_an_adult_has_no_guardian(household, window):
    with pytest.raises(Invalid) as refusal:
        joined(household, window, guardian=household.head.person)
    assert "guardian" in refusal.value.fields


def test_whoever_leaves_ends_a_dated_membership_and_the_next_adult_is_head(household, window):
    household = joined(household, window)
    head = household.members.get(relation="head")
    household = members.end_membership(
        household, by=window, member=head, left_for="moved", on=moments.today()
    )
    assert household.head.person != head.person
    assert household.head.relation == "head"


def test_the_last_member_does_not_leave_a_household_behind(household, window):
    head = household.members.get()
    with pytest.raises(Refused, match="最后一名成员"):
        members.end_membership(household, by=window, member=head, left_for="moved", on=moments.today())


def test_a_death_in_the_future_or_before_birth_is_refused(household, window):
    head = household.members.get()
    for on in (moments.today() + timedelta(days=1), head.person.birth_date - timedelta(days=1)):
        with pytest.raises(Invalid) as refusal:
            members.record_death(household, by=window, member=head, on=on)
        assert "on" in refusal.value.fields


def test_a_guardians_death_is_told_to_civil_affairs_at_once(household, window):
    household = joined(household, window)
    guardian = last_person(household)
    child_of(household, window, guardian=guardian)
    member = household.members.get(person=guardian)
    members.record_death(household, by=window, member=member, on=moments.today())
    assert Notice.objects.filter(role="civil_affairs", texts__icontains="另行落实监护").exists()


def orphaned(household, window):
    """A child of the household whose guardian has died; the child's membership."""
    household = joined(household, window)
    guardian = last_person(household)
    child = child_of(household, window, guardian=guardian)
    member = household.members.get(person=guardian)
    members.record_death(household, by=window, member=member, on=moments.today())
    return household.members.get(person=child)


def test_a_dead_guardian_agrees_to_nothing_and_another_is_named(household, window):
    member = orphaned(household, window)
    dead = member.person.guardian
    given = {"by": window, "scope": GIVEN, "form": "written", "person": member.person}
    with pytest.raises(Invalid) as refusal:
        giving.give_consent(household, given_by=dead, **given)
    assert "另定监护人" in refusal.value.fields["given_by"]
    for named in ({"guardian": dead}, {}):
        with pytest.raises(Invalid):
            members.change_guardian(household, by=window, member=member, why="父亲去世", **named)
    head = household.head.person
    members.change_guardian(household, by=window, member=member, why="父亲去世", guardian=head)
    member.person.refresh_from_db()
    assert member.person.guardian == head
    giving.give_consent(household, given_by=head, **given)


def test_the_door_to_another_guardian_is_the_windows_page(household, window, client_of):
    member = orphaned(household, window)
    page = client_of("chuangkou")
    address = f"{household.get_absolute_url()}change-guardian/"
    assert address in page.get(household.get_absolute_url()).content.decode()
    offered = page.get(address).content.decode()
    assert f'value="{member.pk}"' in offered
    assert f'value="{household.members.get(relation="head").pk}"' not in offered.split("guardian")[0]
    body = Organization.objects.get(code="minzheng")
    sent = {"member": member.pk, "guardian_body": body.pk, "why": "没有别的亲属", "key": "k"}
    assert page.post(address, sent).status_code == 302
    member.person.refresh_from_db()
    assert member.person.guarded_by == body.name


def test_a_child_whose_guardian_has_died_joins_with_another(household, window):
    member = orphaned(household, window)
    other = factories.AcceptedMatter().household
    members.end_membership(household, by=window, member=member, left_for="moved", on=moments.today())
    with pytest.raises(Invalid) as refusal:
        members.add_member(
            other,
            by=window,
            name=member.person.name.plain(),
            relation="child",
            id_number=member.person.id_number.plain(),
        )
    assert "guardian" in refusal.value.fields


def test_the_dead_are_not_added_to_another_household(household, window):
    household = joined(household, window)
    person = last_person(household)
    member = household.members.get(person=person)
    members.record_death(household, by=window, member=member, on=moments.today())
    other = factories.AcceptedMatter().household
    with pytest.raises(Invalid, match="去世"):
        joined(other, window, id_number=person.id_number.plain())


def test_a_household_with_open_matters_stays_in_the_books(household, window):
    with pytest.raises(Refused, match="还没有办结"):
        registration.close(household, by=window, reason="迁往外地")


def test_people_of_a_closed_household_are_registered_anew(window):
    number = factories.new_id_number()
    place = Place.objects.get(name="虹桥社区")
    applicant = registration.Applicant(name="钱一", id_number=number)
    given = {"by": window, "place": place, "category": "none", "size": 1}
    first, _new = registration.find_or_register(applicant, **given)
    registration.close(first, by=window, reason="迁往外地")
    second, new = registration.find_or_register(applicant, **given)
    assert new
    assert second.head.person == first.members.get().person


# --- moves and numbers ------------------------------------------------------------------


def test_a_move_within_the_town_is_made_at_once(household, window):
    place = Place.objects.get(name="君山社区")
    household = moving.move_house(household, by=window, place=place, address="新弄 8 号")
    assert (household.place, household.address.plain()) == (place, "新弄 8 号")
    assert list(rebuilding.rebuild()) == []  # its need is listed at the new place
    elsewhere = Place.objects.get(name="华士社区")
    with pytest.raises(Invalid):
        moving.move_house(household, by=window, place=elsewhere, address="x")


def test_a_move_to_another_town_needs_both_windows(household, window, who):
    elsewhere = Place.objects.get(name="华士社区")
    relocation = moving.propose(by=window, household=household, place=elsewhere, address="村东 1 号")
    assert Household.objects.get(pk=household.pk).town == factories.town()
    with pytest.raises(NotNow):
        moving.propose(by=window, household=household, place=elsewhere, address="x")
    with pytest.raises(NotYours):
        moving.accept(relocation, by=window)
    moving.accept(relocation, by=who("chuangkou2"))
    household.refresh_from_db()
    assert (household.town.name, household.address.plain()) == ("华士镇", "村东 1 号")
    assert list(rebuilding.rebuild()) == []


def test_a_move_leaves_open_needs_and_their_clocks_with_the_old_window(household, window, who):
    need = household.matters.get().needs.get()
    elsewhere = Place.objects.get(name="华士社区")
    relocation = moving.propose(by=window, household=household, place=elsewhere, address="x")
    moving.accept(relocation, by=who("chuangkou2"))
    assert Need.objects.visible_to(window).filter(pk=need.pk).exists()
    assert not Need.objects.visible_to(who("chuangkou2")).filter(pk=need.pk).exists()


def test_what_waits_with_the_window_in_charge_waits_with_the_new_one_after_a_move(household, window, who):
    person, right = household.head.person, factories.new_id_number("1960-02-03", "M")
    correction = correcting.propose(by=window, household=household, person=person, id_number=right, why="x")
    assert household.town_id in {addressee.place for addressee in WorkItem.objects.waiting_with(correction)}
    elsewhere = Place.objects.get(name="华士社区")
    relocation = moving.propose(by=window, household=household, place=elsewhere, address="x")
    moving.accept(relocation, by=who("chuangkou2"))
    places = {addressee.place for addressee in WorkItem.objects.waiting_with(correction)}
    assert elsewhere.town.pk in places
    assert factories.town().pk not in places


def test_a_wrong_number_is_corrected_by_a_second_person_and_the_old_one_kept(household, window, who):
    person = household.head.person
    old, right = person.id_number.plain(), factories.new_id_number("1960-02-03", "M")
    correction = correcting.propose(
        by=window, household=household, person=person, id_number=right, why="核对原件"
    )
    with pytest.raises(NotYours):
        correcting.confirm(correction, by=window)
    correction = correcting.confirm(correction, by=who("minzheng"))
    person.refresh_from_db()
    assert (person.id_number.plain(), person.sex, person.birth_date.year) == (right, "M", 1960)
    assert correction.wrong.plain() == old


def test_a_number_of_somebody_else_is_never_merged_silently(household, window):
    other = factories.AcceptedMatter().household.head.person.id_number.plain()
    with pytest.raises(Invalid, match="不会自动合并"):
        correcting.propose(
            by=window, household=household, person=household.head.person, id_number=other, why="x"
        )


# --- help -------------------------------------------------------------------------------


def test_help_is_shown_by_source_and_follows_the_person(household, window):
    household = joined(household, window)
    person = last_person(household)
    household = helping.tell_help(
        household,
        by=window,
        told_giver="某基金会",
        what="助学金",
        on=moments.today(),
        amount=Decimal("500"),
        person=person,
    )
    helping.record_help(
        household,
        source="government",
        giver_id=Organization.objects.get(code="minzheng").pk,
        what="临时救助",
        amount=Decimal("1200"),
    )
    sources = {each.source: each.amount for each in helping.by_source(household, window)}
    assert sources == {"government": 1200, "outside": 500}
    member = household.members.get(person=person)
    members.end_membership(household, by=window, member=member, left_for="married", on=moments.today())
    other = factories.AcceptedMatter().household
    other = joined(other, window, id_number=person.id_number.plain())
    assert [each.what for each in helping.known_help(other)] == ["助学金"]


def test_households_at_one_address_are_shown_to_each_other(client_of, household):
    other = factories.AcceptedMatter().household
    page = client_of("chuangkou").get(household.get_absolute_url()).content.decode()
    assert "同一住址还登记有" in page
    assert other.number in page


def test_a_need_of_a_person_counts_that_persons_age(household, window):
    child = child_of(household, window)
    need = triage.add(by=window, matter=household.matters.get(), kind="ability", person=child)
    assert ranking.facts_of(need).ages == (9,)


# --- where nobody is left ---------------------------------------------------------------


@pytest.fixture
def left_behind(household, window):
    """A household whose only member has died."""
    return members.record_death(household, by=window, member=household.members.get(), on=moments.today())


def test_nothing_new_is_begun_where_nobody_is_left(client_of, left_behind):
    client, matter = client_of("chuangkou"), left_behind.matters.get()
    before = (Need.objects.count(), left_behind.matters.count(), left_behind.consents.count())
    village = left_behind.place
    for path, body in (
        ("matters/find", {"household": left_behind.number, "kind": "care", "story": "无人照料"}),
        (f"matters/{matter.number}/needs", {"kind": "care"}),
        (
            f"households/{left_behind.number}/give_consent",
            {"scope": GIVEN, "form": "written", "purpose_code": "referral"},
        ),
        (f"households/{left_behind.number}/move_house", {"place": village.pk, "address": "新路 2 号"}),
    ):
        answer = client.post(f"/api/v1/{path}", body, content_type="application/json")
        assert answer.status_code in (400, 409), (path, answer.content.decode())
        assert "没有在世的成员" in answer.content.decode(), path
    assert before == (Need.objects.count(), left_behind.matters.count(), left_behind.consents.count())


def test_a_need_that_stayed_open_goes_to_nobody_once_nobody_lives_there(household, window):
    need = household.matters.get().needs.get()
    household.members.update(valid_to=moments.today())
    body = Organization.objects.get(code="minzheng")
    for act in (
        lambda: triage.transfer(need, by=window, body=body),
        lambda: meetings.bring_to_conference(need, by=window, reason="没有明确部门"),
        lambda: preparing.prepare(by=window, need=need, offer_id=0, ask=Ask(units=1, goal="照料")),
    ):
        with pytest.raises(Refused, match="没有在世的成员"):
            act()


def test_whoever_stays_is_helped_as_before(household, window):
    household = joined(household, window)
    head = household.members.order_by("pk")[0]
    household = members.record_death(household, by=window, member=head, on=moments.today())
    assert intake.find(by=window, household=household, kind="care", story="一个人住").pk
    giving.give_consent(household, by=window, scope=GIVEN, form="written")


# --- what is offered ----------------------------------------------------------------------


def offered(household, by):
    return {row.name for row in Household.objects.get(pk=household.pk).transitions_for(by)}


def test_what_needs_somebody_else_in_the_household_is_offered_once_there_is_somebody(household, window):
    alone = offered(household, window)
    assert {"end_membership", "change_guardian", "withdraw_consent"}.isdisjoint(alone)
    assert {"record_death", "give_consent", "add_member"} <= alone
    household = joined(household, window)
    assert "end_membership" in offered(household, window)
    assert "change_guardian" not in offered(household, window)
    child_of(household, window)
    assert "change_guardian" in offered(household, window)


def test_of_an_empty_household_nothing_is_offered_that_needs_people(household, window):
    members.record_death(household, by=window, member=household.members.get(), on=moments.today())
    left = offered(household, window)
    needs_people = {"record_death", "end_membership", "change_guardian", "give_consent", "move_house"}
    assert needs_people.isdisjoint(left)
    with pytest.raises(Refused, match="没有"):
        members.record_death(household, by=window, member=household.members.get(), on=moments.today())
