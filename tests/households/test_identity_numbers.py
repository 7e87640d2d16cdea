"""Whoever types an identity number is not joined to, told of, or put over the person by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.journal.models import Entry
from foundation.messaging.models import Message
from foundation.models import Notice
from foundation.refusals import Invalid, NotNow, NotYours
from households import correcting, helping, joining, members, moving, registration
from households.models import Household, HouseholdMember, Joining, LookUp, Person
from organizations.models import Organization, Place, User
from referrals import conference, handovers, intake, triage
from tests import factories

HERE, THERE = "chuangkou2", "chuangkou"


@pytest.fixture
def number() -> str:
    return factories.new_id_number()


@pytest.fixture
def home(number) -> Household:
    """A household of another town than ``own``."""
    return factories.AcceptedMatter(id_number=number).household


@pytest.fixture
def own() -> Household:
    """The household of the window ``HERE``."""
    return factories.AcceptedMatter(place=Place.objects.get(name="华士社区")).household


def add(api, household, number, **given):
    body = {
        "id_number": number,
        "name": "王小明",
        "relation": "other",
        "counts": False,
        "why": "两边轮流照料",
        **given,
    }
    return api.post(f"/api/v1/households/{household.number}/add_member", body, format="json")


def asked(api_of, home, own, number) -> Joining:
    assert add(api_of(HERE), own, number).status_code == 200
    return Joining.objects.get(household=own)


def reveal(api, person, field="name"):
    return api.post(
        f"/api/v1/reveal/households.Person/{person.pk}/{field}", {"reason": "核对身份"}, format="json"
    )


# --- second homes -----------------------------------------------------------------------


def test_a_second_home_is_nothing_until_the_window_where_the_person_counts_confirms(
    api_of, home, own, number, who
):
    person, size = home.head.person, own.size
    waiting = asked(api_of, home, own, number)
    assert not own.members.filter(person=person).exists()
    assert reveal(api_of(HERE), person).status_code == 404
    told = Notice.objects.filter(lifecycle="households.Joining", object_id=waiting.pk)
    assert [each.place_id for each in told] == [home.town_id]
    with pytest.raises(NotYours):
        joining.accept(waiting, by=who(HERE))
    joining.accept(waiting, by=who(THERE))
    assert own.members.get(person=person).counts is False
    assert registration.household_of(person) == home
    own.refresh_from_db()
    assert own.size == size
    assert reveal(api_of(HERE), person).json()["value"] == "王小明"


def test_the_answer_and_the_timeline_say_that_the_other_window_is_asked_and_nobody_added(
    api_of, client_of, home, own, number
):
    client, asked_for = client_of(HERE), "已请此人所在窗口确认，确认前没有加入"
    typed = {"id_number": number, "name": "王小明", "relation": "other", "why": "两边轮流照料"}
    answer = client.post(f"/households/{own.number}/add-member/", typed, follow=True)
    page = answer.content.decode()
    assert page.count(asked_for) == 2  # the answer, and the line of the timeline
    assert "已办理：添加成员" not in page
    assert "添加了家庭成员" not in page
    told = add(api_of(HERE), own, factories.new_id_number(), counts=True, why="").json()
    assert told["otherwise"] == ""
    page = client.get(f"/households/{own.number}/").content.decode()
    assert page.count("添加了家庭成员") == 1


def test_the_api_says_the_same_again_to_a_repeated_key(api_of, home, own, number):
    body = {
        "id_number": number,
        "name": "王小明",
        "relation": "other",
        "counts": False,
        "why": "两边轮流照料",
    }
    for _ in range(2):
        answer = api_of(HERE).post(
            f"/api/v1/households/{own.number}/add_member",
            body,
            format="json",
            headers={"Idempotency-Key": "second-home-1"},
        )
        assert answer.json()["otherwise"] == "已请此人所在窗口确认，确认前没有加入"


def test_a_second_home_that_is_declined_leaves_nothing(api_of, home, own, number, who):
    waiting = asked(api_of, home, own, number)
    joining.decline(waiting, by=who(THERE), reason="本人不同意")
    assert own.members.count() == 1
    assert reveal(api_of(HERE), home.head.person).status_code == 404
    assert Notice.objects.filter(role="window", place_id=own.town_id, text__contains="没有确认")


def test_the_window_that_asks_does_not_learn_where_the_person_lives(
    api_of, client_of, home, own, number, who
):
    waiting = asked(api_of, home, own, number)
    for _ in ("proposed", "declined"):
        page = client_of(HERE).get(waiting.get_absolute_url()).content.decode()
        body = api_of(HERE).get(f"/api/v1/joinings/{waiting.pk}").content.decode()
        for secret in (home.town.name, home.number):
            assert secret not in page
            assert secret not in body
        if waiting.status == "proposed":
            waiting = joining.decline(waiting, by=who(THERE), reason="本人不同意")
    answer = add(api_of(HERE), own, number, counts=True)
    assert answer.status_code == 400
    assert home.town.name not in answer.content.decode()
    assert home.number not in answer.content.decode()


def test_a_second_home_needs_the_right_name_and_a_reason_and_nothing_more(api_of, home, own, number):
    api = api_of(HERE)
    assert "name" in add(api, own, number, name="x").json()["errors"]
    assert "why" in add(api, own, number, why="").json()["errors"]
    guardian = own.head.person.pk
    assert "guardian" in add(api, own, number, guardian=guardian).json()["errors"]
    assert "disability" in add(api, own, number, disability="severe").json()["errors"]
    assert add(api, own, number).status_code == 200
    assert "id_number" in add(api, own, number, why="再一次").json()["errors"]
    assert Joining.objects.filter(household=own).count() == 1


def test_a_confirmation_comes_too_late_once_the_person_has_left_or_died(api_of, home, own, number, who):
    waiting = asked(api_of, home, own, number)
    window = who(THERE)
    members.add_member(home, by=window, name="李四", id_number=factories.new_id_number(), relation="spouse")
    leaving = home.members.get(relation="head")
    members.end_membership(home, by=window, member=leaving, left_for="moved", on=moments.today())
    with pytest.raises(NotNow):
        joining.accept(waiting, by=window)


def test_within_one_town_a_second_home_is_entered_at_once(api_of, home, number):
    other = factories.AcceptedMatter().household
    assert add(api_of(THERE), other, number, why="").status_code == 200
    assert other.members.get(counts=False).person == home.head.person


# --- death, guardians, numbers ----------------------------------------------------------


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
    assert Notice.objects.filter(place_id=own.town_id, text__contains="已去世").exists()


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
    assert [each.status_code for each in answers] == [400, 200]


# --- known, and counted nowhere ---------------------------------------------------------


@pytest.fixture
def gone(home, who) -> Person:
    """Somebody who has left ``home`` and lives nowhere by the books."""
    person, window = home.head.person, who(THERE)
    members.add_member(home, by=window, name="李四", id_number=factories.new_id_number(), relation="spouse")
    members.end_membership(
        home, by=window, member=home.members.get(person=person), left_for="moved", on=moments.today()
    )
    return person


def test_somebody_who_counts_nowhere_is_not_opened_by_the_number_alone(api_of, gone, own, number):
    api = api_of(HERE)
    assert "name" in add(api, own, number, name="x", counts=True).json()["errors"]
    assert "why" in add(api, own, number, why="", counts=True).json()["errors"]
    assert add(api, own, number, why="持证来窗口登记", counts=True).status_code == 200
    assert Entry.objects.get(move="recognise", object_id=gone.pk).reason == "持证来窗口登记"
    told = Notice.objects.get(text__contains="重新登记")
    assert told.place_id == factories.town().pk
    assert "华士" not in told.text


def test_at_intake_too_the_name_and_a_reason_are_asked_for(api_of, gone, number):
    body = {
        "id_number": number,
        "name": "别人",
        "category": "none",
        "size": 1,
        "needs": ["care"],
        "place": Place.objects.get(name="华士社区").pk,
    }

    def sent(**more):
        return api_of(HERE).post("/api/v1/matters/accept_application", {**body, **more}, format="json")

    assert "name" in sent(why="来窗口").json()["errors"]
    assert "why" in sent(name="王小明").json()["errors"]
    assert sent(name="王小明", why="持证来窗口").status_code == 201
    assert registration.household_of(gone).town.name == "华士镇"


# --- what a known household says otherwise ----------------------------------------------


def known_says(api, number, **given):
    body = {"id_number": number, "needs": ["care"], **given}
    return api.post("/api/v1/matters/accept_application", body, format="json")


def test_what_a_known_household_says_otherwise_is_shown_and_decided(api_of, home, number):
    api = api_of(THERE)
    new = {"phone": "13711112222", "address": "新安里 9 号"}
    words = known_says(api, number, **new).json()["errors"]["differences"][0]
    assert "登记为 13800000000，现在说的是 13711112222" in words
    assert "新安里 9 号" in words
    assert known_says(api, number, **new, differences="keep").status_code == 201
    home.refresh_from_db()
    assert home.phone.plain() == "13800000000"
    assert known_says(api, number, **new, name="王晓明", differences="take").status_code == 201
    home.refresh_from_db()
    assert (home.phone.plain(), home.address.plain()) == ("13711112222", "新安里 9 号")
    assert home.head.person.name.plain() == "王晓明"
    assert Message.objects.filter(about="phone-changed")[0].to.plain() == "13800000000"


def test_a_known_household_with_nothing_new_is_accepted_as_quickly_as_before(api_of, home, number):
    assert known_says(api_of(THERE), number).status_code == 201
    same = {"name": " 王小明", "phone": "138 0000 0000", "address": "示例路1号"}
    assert known_says(api_of(THERE), number, **same).status_code == 201


# --- the phone --------------------------------------------------------------------------


def sign_in(client, number, phone) -> str:
    client.post("/sign-in/household/", {"id_number": number, "phone": phone})
    return client.get("/apply/code/").context["shown"]


def test_a_worker_who_changes_the_phone_is_not_the_household_a_minute_later(api_of, client, home, number):
    new = "13711112222"
    body = {"phone": new, "category": "none", "size": 2, "language": "mandarin"}
    answer = api_of(THERE).post(f"/api/v1/households/{home.number}/update", body, format="json")
    assert answer.status_code == 200
    told = Message.objects.get(about="phone-changed")
    assert told.to.plain() == "13800000000"
    assert "12345" in told.text
    assert sign_in(client, number, new) == ""
    assert sign_in(client, number, "13800000000") == ""
    assert Entry.objects.filter(
        object_id=home.pk, lifecycle="households.Household", move="update", after__has_key="phone"
    ).exists()
    with moments.as_of(moments.now() + timedelta(hours=23)):
        assert sign_in(client, number, new) == ""
    with moments.as_of(moments.now() + timedelta(hours=25)):
        assert sign_in(client, number, new)


def test_an_update_that_leaves_the_phone_tells_nobody(api_of, client, home, number):
    for phone in ("", "138 0000 0000"):
        body = {"phone": phone, "category": "none", "size": 2, "language": "mandarin"}
        api_of(THERE).post(f"/api/v1/households/{home.number}/update", body, format="json")
    assert not Message.objects.filter(about="phone-changed").exists()
    assert sign_in(client, number, "13800000000")


# --- look-ups ---------------------------------------------------------------------------


def test_a_grid_worker_may_not_ask_by_number(client_of, number):
    place = Place.objects.get(name="虹桥社区")
    household = factories.AcceptedMatter(id_number=number, place=place).household
    page = client_of("wangge").get("/households/", {"q": number})
    assert page.status_code == 422
    assert household.number not in page.content.decode()
    assert household.number in client_of("wangge").get("/households/").content.decode()


def test_every_question_by_number_is_counted_once_an_hour_and_written_down(client_of, who, home, number):
    client = client_of(THERE)
    for _ in range(3):
        assert home.number in client.get("/households/", {"q": number}).content.decode()
        client.post("/intake/household/", {"id_number": number})
    assert LookUp.objects.get().user_id == who(THERE).user_id
    entry = Entry.objects.get(move="look_up")
    assert (entry.object_id, entry.actor_id) == (home.pk, who(THERE).user_id)
    assert entry.after["found"] == "here"
    assert number not in str(entry.after)
    with moments.as_of(moments.now() + timedelta(minutes=61)):
        client.get("/households/", {"q": number})
    assert LookUp.objects.count() == 2


def test_who_finds_nobody_too_often_has_to_wait_at_every_door(client_of, api_of, home, number):
    factories.rule("households.look_ups", missed_an_hour=3)
    client = client_of(HERE)
    for _ in range(3):
        client.post("/intake/household/", {"id_number": factories.new_id_number()})
    page = client.get("/households/", {"q": factories.new_id_number()})
    assert page.status_code == 422
    assert "太频繁" in page.content.decode()
    assert "太频繁" in client.post("/intake/household/", {"id_number": number}).content.decode()
    for address, body in (
        ("matters/accept_application", {"id_number": number, "needs": ["care"]}),
        (
            f"households/{factories.AcceptedMatter(place=Place.objects.get(name='华士社区')).household.number}/add_member",
            {"id_number": number, "name": "x", "relation": "other"},
        ),
    ):
        answer = api_of(HERE).post(f"/api/v1/{address}", body, format="json")
        assert answer.status_code == 429, address
    with moments.as_of(moments.now() + timedelta(minutes=61)):
        page = client.get("/households/", {"q": factories.new_id_number()})
        assert page.status_code == 200


def test_even_what_is_found_has_a_limit(client_of, home, number):
    factories.rule("households.look_ups", an_hour=1)
    other = factories.new_id_number()
    factories.AcceptedMatter(id_number=other)
    client = client_of(THERE)
    assert client.get("/households/", {"q": number}).status_code == 200
    assert client.get("/households/", {"q": number}).status_code == 200
    assert client.get("/households/", {"q": other}).status_code == 422


def test_a_household_of_another_town_looks_new_until_the_form_is_sent_with_a_reason(
    client_of, api_of, home, number
):
    client = client_of(HERE)
    fresh = factories.new_id_number(sex="F")
    pages = [
        client.post("/intake/household/", {"id_number": each}).content.decode() for each in (number, fresh)
    ]
    assert "澄江" not in pages[0]
    assert "新家庭" in pages[0]
    assert "新家庭" in pages[1]
    answer = known_says(api_of(HERE), number).json()
    assert "why" in answer["errors"]
    assert "澄江" not in str(answer)
    answer = known_says(api_of(HERE), number, why="来人说住在本镇").json()
    assert "澄江街道" in str(answer["errors"]["place"])
    assert Entry.objects.filter(move="look_up", reason="来人说住在本镇").exists()


def test_a_masked_number_cannot_be_completed_from_what_stands_beside_it(client_of, home, number):
    page = client_of("wangge").get(home.get_absolute_url()).content.decode()
    assert f"{number[:6]}************" in page
    assert f"*{number[-1]}<" not in page.replace("**<", "")


# --- who has left -----------------------------------------------------------------------


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
    client.force_login(User.objects.get(pk=account.user_id), "organizations.backends.PersonBackend")
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
        return "".join(reader.get(each).content.decode() for each in addresses)

    def given(what: str) -> None:
        helping.record_help(
            household, source="charity", giver_id=window.organization_id, what=what, person=person
        )

    given("租房补助")
    assert "想离开家" in seen(former)
    members.end_membership(
        household,
        by=window,
        member=household.members.get(person=person),
        left_for="moved",
        on=moments.today(),
    )
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
    need = conference.bring_to_conference(need, by=window, reason="职责不清")
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
    handover = handovers.propose(by=who(HERE), matter=matter, town=factories.town(), why="家庭属于澄江")
    handovers.accept(handover, by=who(THERE))
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


def test_whoever_was_taken_in_is_no_miss_however_many_come(api_of):
    window = api_of("chuangkou")
    place = Place.objects.filter(parent=factories.town()).first().pk
    for _ in range(25):
        given = {
            "id_number": factories.new_id_number(),
            "name": "测试人",
            "place": place,
            "size": 1,
            "category": "none",
            "needs": ["care"],
            "story": "受灾",
            "phone": "13800000000",
        }
        answer = window.post("/api/v1/matters/accept_application", given, format="json")
        assert answer.status_code == 201, answer.content.decode()
