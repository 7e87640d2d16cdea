"""Whoever acts as a private person is told by role: the name is for those who answer for the case."""

from __future__ import annotations

import pytest

from foundation.journal import writing
from foundation.journal.models import Entry
from foundation.roles import SYSTEM, Actor, Role
from households.register.models import Household, Person
from organizations.people.models import Membership
from organizations.places.models import Place
from referrals.matters import intake
from referrals.matters.models import Matter
from tests import factories

pytestmark = pytest.mark.story

READERS = ("minzheng", "shenji", "rexian", "jigou")


def plain_names() -> set[str]:
    """Of everybody in a household; one that an official bears too tells nothing."""
    officials = set(Membership.objects.exclude(role=Role.HOUSEHOLD).values_list("user__full_name", flat=True))
    return {person.name.plain() for person in Person.objects.all() if person.name} - officials - {""}


def applied(id_number: str = "") -> Matter:
    return intake.apply(
        by=SYSTEM,
        name="欧阳测名",
        id_number=id_number or factories.new_id_number(),
        size=1,
        place=Place.objects.get(name="虹桥社区"),
        needs=["care"],
        story="没人照应",
        phone="13912340000",
    )


def pages(matter: Matter) -> list[str]:
    return [
        matter.get_absolute_url(),
        *(f"/journal/?page={n}" for n in range(1, 6)),
        "/journal/?kind=referrals.Matter",
        "/api/v1/journal?lifecycle=referrals.Matter&page_size=200",
        "/api/v1/journal?lifecycle=households.Consent&page_size=200",
        "/api/v1/matters",
        f"/api/v1/matters/{matter.number}",
        "/api/v1/notices",
    ]


@pytest.mark.parametrize("reader", READERS)
def test_no_name_of_a_household_stands_in_journal_timeline_or_api(client_of, reader):
    names = plain_names() | {"欧阳测名"}
    client = client_of(reader)
    own = Matter.objects.filter(channel="self_service").exclude(pk=applied().pk)
    for matter in (Matter.objects.latest("pk"), *own[:4]):
        for address in pages(matter):
            answer = client.get(address)
            if answer.status_code != 200:
                continue
            shown = answer.content.decode()
            assert [name for name in names if name in shown] == [], address


def test_the_window_answers_for_an_application_until_somebody_takes_it(client_of):
    number = factories.new_id_number()
    matter = applied(number)
    assert (matter.first_asked_id, matter.first_asked_name) == (0, matter.window.name)
    assert "欧阳测名" not in client_of("minzheng").get(matter.get_absolute_url()).content.decode()
    worker = factories.window_of(matter.town)
    accepted = intake.accept(matter, by=worker, needs=["care"], id_number=number)
    assert (accepted.first_asked_id, accepted.first_asked_name) == (worker.user_id, worker.name)


def test_a_signed_in_household_that_asks_again_does_not_answer_for_itself():
    by = Membership.objects.filter(role=Role.HOUSEHOLD).first().actor()
    household = Household.objects.visible_to(by).get()
    assert set(by.name[1:]) <= {"*"}
    matter = intake.apply(by=by, needs=["care"], story="又有困难")
    assert (matter.household, matter.first_asked_id) == (household, 0)
    assert matter.first_asked_name == matter.window.name
    entry = Entry.objects.get(lifecycle="referrals.Matter", object_id=matter.pk)
    assert entry.actor_name == by.name


def test_older_entries_with_a_name_are_shown_by_role(client_of):
    matter = factories.AcceptedMatter()
    for role in (Role.SYSTEM, Role.HOUSEHOLD):
        by = Actor(role=role, name="司徒旧名")
        object.__setattr__(by, "name", "司徒旧名")
        writing.write("referrals.Matter", matter, "apply", by, after={"first_asked_name": "司徒旧名"})
    client = client_of("shenji")
    for address in pages(matter):
        answer = client.get(address)
        assert "司徒旧名" not in answer.content.decode(), address
