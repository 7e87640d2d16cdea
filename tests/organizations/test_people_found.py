"""People are found by name, user name and organization, told apart where one is chosen, and their pages say what was
done to the account.
"""

from __future__ import annotations

import pytest

from foundation.journal import sentences
from foundation.roles import Role
from organizations.bodies.models import Organization
from organizations.contacts import keeping
from organizations.factors import keeping as factors
from organizations.factors.models import Factor, FactorKind
from organizations.invitations import inviting
from organizations.invitations.states import INVITATION
from organizations.people import closing, helping
from organizations.people.forms import HandOn
from organizations.people.models import Membership, User
from tests.factories import actor
from tests.organizations.newcomers import joined


@pytest.fixture
def namesakes() -> list[User]:
    """Two people of one name, at two bodies."""
    bodies = ("renshe", "yibao")
    return [
        joined(f"zhaobf{body}", full_name="赵并发", organization=Organization.objects.get(code=body))
        for body in bodies
    ]


@pytest.mark.parametrize("asked", ["赵并", "zhaobfyi", "医疗保障"])
def test_people_are_found_by_name_user_name_and_organization(namesakes, client_of, asked):
    page = client_of("guanli").get("/people/", {"q": asked}).content.decode()
    assert f"/people/{namesakes[1].pk}/" in page
    assert (f"/people/{namesakes[0].pk}/" in page) is (asked == "赵并")


def test_people_are_narrowed_to_a_role_which_is_kept_while_searching(namesakes, client_of):
    page = client_of("guanli").get("/people/", {"q": "赵并", "role": "handler"}).content.decode()
    assert f"/people/{namesakes[0].pk}/" in page
    assert "?q=%E8%B5%B5%E5%B9%B6&amp;role=auditor" in page
    assert '<input type="hidden" name="role" value="handler">' in page
    page = client_of("guanli").get("/people/", {"q": "赵并", "role": "auditor"}).content.decode()
    assert f"/people/{namesakes[0].pk}/" not in page


def test_the_administrator_of_an_organization_narrows_by_its_roles_alone(client_of):
    page = client_of("jiguan").get("/people/").content.decode()
    assert "role=coordinator" in page
    assert "role=civil_affairs" not in page


@pytest.mark.parametrize("address", ["/memberships/new/give/", "/dispensations/new/request/"])
def test_people_of_one_name_are_told_apart_where_one_is_chosen(namesakes, client_of, address):
    page = client_of("guanli").get(address, {"person-sought": "赵并发"}).content.decode()
    for person in namesakes:
        assert person.username in page
        assert str(person.memberships.get()) in page


def test_a_colleague_is_told_apart_by_the_user_name(client_of):
    held = Membership.objects.get(user__username="chuangkou", role=Role.WINDOW)
    seat = {"role": held.role, "organization": held.organization, "place": held.place}
    for name in ("tongshi", "tongshier"):
        joined(name, full_name="赵并发", **seat)
    form = HandOn(actor=actor("guanli"), obj=held)
    labels = {option.label for option in form["colleague"].options}
    assert {"赵并发（tongshi）", "赵并发（tongshier）"} <= labels


def test_the_page_of_a_person_says_what_was_done_to_the_account(client_of):
    person = joined()
    closing.close(person, by=actor("guanli"))
    inviting.renew(by=actor("guanli"), person=person, channel="text")
    reset(person)
    keeping.help_with(person, by=actor("guanli"), phone="13800009999", email="", reason="换号")
    page = client_of("guanli").get(f"/people/{person.pk}/").content.decode()
    said = [
        sentences.sentence_of(name)
        for name in (closing.SIGN_OUT, helping.RESET_FACTORS, helping.HELP_WITH_CONTACT)
    ]
    renewed = str(INVITATION.get_start("renew").sentence)
    for words in (*said, renewed):
        assert words.replace("%(who)s", "") in page


def reset(person: User) -> None:
    """Take the second factor of the person away, by the other administrator."""
    Factor.objects.create(user=person, kind=FactorKind.APP, name="手机", secret=b"A" * 32)
    factors.reset(person, by=actor("guanli2"), reason="手机丢了")


def test_a_program_finds_people_by_what_the_page_does(namesakes, api_of):
    def found(**asked) -> set[int]:
        answer = api_of("guanli").get("/api/v1/people", asked)
        return {row["id"] for row in answer.json()["results"]}

    first, second = namesakes[0].pk, namesakes[1].pk
    organization = namesakes[0].memberships.get().organization_id
    assert {first, second} <= found(q="赵并")
    assert first in found(q="赵并", role="handler")
    assert first not in found(q="赵并", role="auditor")
    assert found(q="赵并", organization=organization) == {first}
    for name, value in (("role", "mayor"), ("organization", "x"), ("place", "1")):
        answer = api_of("guanli").get("/api/v1/people", {name: value})
        assert (answer.status_code, set(answer.json()["errors"])) == (400, {name})
