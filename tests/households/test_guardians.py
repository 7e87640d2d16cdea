"""Deaths, guardians and corrected numbers, where the person counts and where not."""

from __future__ import annotations

import pytest

from foundation import moments
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.refusals import Invalid
from households.corrections import correcting
from households.joining import joining
from households.register import members
from households.register.models import Person
from organizations.bodies.models import Organization
from tests import factories
from tests.households.asking import HERE, THERE, add, asked


def test_a_death_is_recorded_where_the_person_counts_and_ends_the_second_home(api_of, home, own, number, who):
    joining.accept(asked(api_of, home, own, number), by=who(THERE))
    second = own.members.get(counts=False)
    body = {"member": second.pk, "on": str(moments.today())}
    answer = api_of(HERE).post(f"/api/v1/households/{own.number}/record_death", body, format="json")
    assert answer.status_code == 400
    with pytest.raises(Invalid):
        members.record_death(own, by=who(HERE), member=second, on=moments.today())
    assert Person.objects.get(pk=second.person_id).died_on is None
    members.record_death(home, by=who(THERE), member=home.members.get(), on=moments.today())
    second.refresh_from_db()
    assert second.left_for == "died"
    assert Notice.objects.filter(place_id=own.town_id, texts__icontains="已去世").exists()


@pytest.fixture
def child(home, who) -> Person:
    """A child of nine in ``home``, guarded by its head."""
    born = f"{moments.today().year - 9}-01-05"
    members.add_member(
        home,
        by=who(THERE),
        name="王小雨",
        id_number=factories.new_id_number(born),
        relation="child",
        guardian=home.head.person,
    )
    return home.members.get(relation="child").person


def test_a_stranger_does_not_become_a_childs_guardian(api_of, child, own):
    number = child.id_number.plain()
    given = {"name": "王小雨", "guardian": own.head.person.pk}
    assert "guardian" in add(api_of(HERE), own, number, **given).json()["errors"]
    assert add(api_of(HERE), own, number, name="王小雨").status_code == 200
    child.refresh_from_db()
    assert child.guardian != own.head.person


@pytest.mark.parametrize("why", ["", "法院指定"])
def test_a_second_home_names_no_other_guardian_whatever_is_written(api_of, child, why):
    """Also in the own town: the household in which the child counts is not asked there."""
    other = factories.AcceptedMatter().household
    before = child.guardian
    for given in (
        {"guardian": other.head.person.pk},
        {"guardian_body": Organization.objects.get(code="minzheng").pk},
    ):
        answer = add(api_of(THERE), other, child.id_number.plain(), name="王小雨", why=why, **given)
        assert answer.status_code == 400
        assert "guardian" in answer.json()["errors"]
    child.refresh_from_db()
    assert (child.guardian, child.guardian_body) == (before, None)
    assert not other.members.filter(person=child).exists()
    assert add(api_of(THERE), other, child.id_number.plain(), name="王小雨").status_code == 200
    child.refresh_from_db()
    assert child.guardian == before


def test_a_second_home_names_who_stands_for_a_child_whose_guardian_has_died(api_of, child, who):
    other = factories.AcceptedMatter().household
    Person.objects.filter(pk=child.guardian_id).update(died_on=moments.today())
    answer = add(
        api_of(THERE),
        other,
        child.id_number.plain(),
        name="王小雨",
        why="监护人去世",
        guardian=other.head.person.pk,
    )
    assert answer.status_code == 200
    child.refresh_from_db()
    assert child.guardian == other.head.person


def test_another_guardian_where_the_child_counts_needs_a_reason_that_is_kept(
    api_of, client_of, child, home, who
):
    other = factories.AcceptedMatter().household
    number, guardian = child.id_number.plain(), other.head.person
    members.end_membership(
        home, by=who(THERE), member=home.members.get(person=child), left_for="moved", on=moments.today()
    )
    given = {"name": "王小雨", "guardian": guardian.pk, "why": "", "counts": True}
    answer = add(api_of(THERE), other, number, **given)
    assert "王**" in answer.json()["errors"]["why"][0]
    assert add(api_of(THERE), other, number, **given | {"why": "法院指定"}).status_code == 200
    child.refresh_from_db()
    assert child.guardian == guardian
    entry = Entry.objects.get(move="change_guardian", object_id=child.pk)
    assert entry.reason == "法院指定"
    assert entry.before["guardian_id"] != entry.after["guardian_id"]
    for username in ("wangge", "jigou"):
        page = client_of(username).get(other.get_absolute_url()).content.decode()
        assert "法院指定" not in page


def test_a_second_home_corrects_nobodys_number(api_of, home, own, number, who):
    joining.accept(asked(api_of, home, own, number), by=who(THERE))
    with pytest.raises(Invalid):
        correcting.propose(
            by=who(HERE),
            household=own,
            person=home.head.person,
            id_number=factories.new_id_number(),
            why="核对",
        )


def test_help_is_told_of_nobody_who_lives_elsewhere(api_of, child, home, who):
    other = factories.AcceptedMatter().household
    members.add_member(
        other, by=who(THERE), name="王小雨", id_number=child.id_number.plain(), relation="other", counts=False
    )
    body = {"told_giver": "某基金会", "what": "助学金", "on": str(moments.today())}
    answers = [
        api_of(THERE).post(
            f"/api/v1/households/{other.number}/tell_help", {**body, "person": each}, format="json"
        )
        for each in (home.head.person.pk, child.pk)
    ]
    assert [answer.status_code for answer in answers] == [400, 200]
