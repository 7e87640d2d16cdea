"""Emergency access: asked for by one person, allowed by another, over by itself, and every page of it on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation import moments
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.lifecycle import addresses
from foundation.messaging.models import Message
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import SYSTEM, Actor, Role
from foundation.rules import changing, reading
from foundation.wording import moment
from foundation.work_items.models import WorkItem
from marketplace.chrome.navigation import RAIL
from organizations.emergencies import allowing
from organizations.emergencies.models import EmergencyAccess
from organizations.emergencies.states import EmergencyStatus
from organizations.people import ending
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.service_accounts import issuing
from organizations.signing_in.models import Token
from tests import factories
from tests.factories import actor
from tests.factories.rules import rule
from tests.marketplace.problems import problem

API = "/api/v1"
WHY = "洪水，窗口两人都在转移群众，电话不通"


def town() -> Place:
    """The town of the demo's window."""
    return Place.objects.get(pk=actor("chuangkou").place_id)


def asked(by: str = "rexian", **given: Any) -> EmergencyAccess:
    return allowing.ask(by=actor(by), **{"role": Role.WINDOW, "place": town(), "why": WHY, **given})


def allowed(by: str = "rexian", **given: Any) -> EmergencyAccess:
    return allowing.allow(asked(by, **given), by=actor("guanli"))


def switched(client: Client, access: EmergencyAccess) -> Client:
    """The client of the person, in the role of the emergency."""
    answer = client.post("/switch/role/", {"membership": access.memberships.get().pk})
    assert answer.status_code == 302
    return client


def lent(access: EmergencyAccess) -> Actor:
    """The person in the role of the emergency."""
    return access.memberships.select_related("user", "organization").get().actor()


def test_it_holds_only_after_another_person_has_allowed_it(client_of):
    access = asked()
    client = client_of("rexian")
    assert client.get("/households/").status_code == 403
    with pytest.raises(Refused):
        allowing.allow(access, by=actor("rexian"))
    allowing.allow(access, by=actor("minzheng"))
    assert switched(client, access).get("/households/").status_code == 200


def test_whoever_asks_never_allows_it_in_another_role_of_his(client_of):
    access = asked(by="minzheng")
    with pytest.raises(Refused):
        allowing.allow(access, by=actor("minzheng"))
    assert "/allow/" not in client_of("minzheng").get(access.get_absolute_url()).content.decode()


def test_it_stands_before_all_else_with_the_moment_until_which_it_waits():
    access = asked()
    (first,) = WorkItem.objects.filter(role=Role.CIVIL_AFFAIRS, lifecycle="organizations.EmergencyAccess")
    assert first.urgent
    assert f"{moment(access.answered_by)} 前批准" in first.title["zh-hans"]
    assert allowing.allow(access, by=actor("minzheng")).answered_by is None
    assert not WorkItem.objects.filter(lifecycle="organizations.EmergencyAccess", urgent=True).exists()


def test_those_who_decide_are_called_by_text_and_the_person_is_told():
    for username, number in (("guanli", "13900000099"), ("rexian", "13900000098")):
        person = User.objects.get(username=username)
        person.phone = number
        person.save()
    access = asked()
    assert [text.to.plain() for text in Message.objects.filter(about="emergency:asked")] == ["13900000099"]
    allowing.allow(access, by=actor("guanli"))
    (text,) = Message.objects.filter(about="emergency:allowed")
    assert "应急授权已批准" in text.text


def test_after_its_hour_the_next_click_is_refused_and_the_token_too(client_of, api_of):
    access = allowed()
    client, api = switched(client_of("rexian"), access), api_of("rexian")
    api.credentials(**api._credentials, HTTP_X_MEMBERSHIP=str(access.memberships.get().pk))
    assert api.get(f"{API}/households").status_code == 200
    with moments.as_of(access.until - timedelta(seconds=1)):
        assert client.get("/households/").status_code == 200
    Token.objects.update(last_used_at=access.until - timedelta(minutes=1))
    with moments.as_of(access.until):
        assert client.get("/households/").status_code == 403
        assert api.get(f"{API}/households").status_code == 403
        allowing.follow_the_minute()
    access.refresh_from_db()
    assert access.status == EmergencyStatus.TO_REVIEW
    assert not Membership.objects.from_today().filter(emergency=access).exists()


def test_it_lasts_as_long_as_the_rule_says():
    rule("people.emergency", lasts=15)
    access = allowed()
    assert access.until - access.opened_at == timedelta(minutes=15)


def test_it_ends_at_once_when_somebody_ends_it(client_of):
    access = allowed()
    client = switched(client_of("rexian"), access)
    allowing.end(access, by=actor("minzheng"))
    assert access.memberships.get().until <= moments.now()
    assert client.get("/households/").status_code == 403


def test_once_it_is_over_its_page_and_the_one_that_opens_no_more_say_so(client_of):
    access = allowed()
    page = client_of("shenji").get(access.get_absolute_url()).content.decode()
    assert "<dt>到时</dt>" in page
    client = switched(client_of("rexian"), access)
    allowing.end(access, by=actor("minzheng"))
    answer = client.get("/households/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "<h1>应急授权已经结束</h1>" in page
    assert "不在您的职责范围" not in page
    page = client_of("shenji").get(access.get_absolute_url()).content.decode()
    assert "<dt>结束</dt>" in page
    assert "<dt>到时</dt>" not in page


def test_what_waits_until_a_moment_is_not_said_to_have_no_deadline(client_of):
    access = asked()
    for path in ("/workbench/", access.get_absolute_url()):
        page = client_of("guanli").get(path).content.decode()
        assert "前批准" in page or "等批准到" in page
        assert "没有时限" not in page, path


def test_an_hour_over_midnight_ends_in_time():
    evening = moments.now().astimezone(moments.SHANGHAI).replace(hour=23, minute=40)
    with moments.as_of(evening):
        access = allowed()
    for minutes, held in ((10, True), (45, True), (61, False)):
        with moments.as_of(evening + timedelta(minutes=minutes)):
            assert Membership.objects.on(moments.today()).filter(emergency=access).exists() is held
    with moments.as_of(evening + timedelta(minutes=30)):
        allowing.end(access, by=actor("guanli"))
        assert not Membership.objects.on(moments.today()).filter(emergency=access).exists()


def test_a_request_that_nobody_allows_lapses():
    access = asked()
    with moments.as_of(access.created_at + timedelta(minutes=61)):
        allowing.follow_the_minute()
        access.refresh_from_db()
        assert access.status == EmergencyStatus.LAPSED
        with pytest.raises(Refused):
            allowing.allow(access, by=actor("guanli"))


def test_every_page_that_is_opened_stands_in_the_journal_with_what_was_done(client_of, api_of):
    access = allowed()
    client = switched(client_of("rexian"), access)
    client.get("/households/")
    client.get("/search/", {"q": "王小明"})
    api = api_of("rexian")
    api.credentials(**api._credentials, HTTP_X_MEMBERSHIP=str(access.memberships.get().pk))
    api.get(f"{API}/referrals")
    opened = Entry.objects.filter(
        lifecycle=access._meta.label, object_id=access.pk, move="open_in_an_emergency"
    )
    names = list(opened.values_list("object_name", flat=True))
    assert "打开 /households/" in names
    assert "打开 /search/?q=王**" in names
    assert f"打开 {API}/referrals" in names
    page = client_of("shenji").get(access.get_absolute_url()).content.decode()
    assert '打开 <a href="/households/">家庭</a>' in page
    assert "打开 转介" in page
    assert '打开 <a href="/search/?q=王**">' not in page
    assert "打开 搜索 <span>q=王**</span>" in page


def test_an_address_of_a_lifecycle_is_told_in_words():
    assert addresses.in_words("/households/QZ-1/") == "家庭 QZ-1"
    assert addresses.in_words("/emergencies/5/end/") == "应急授权 5\uff1a提前结束"
    assert addresses.in_words("/api/v1/emergencies/5") == "应急授权 5"
    assert addresses.in_words("/emergencies/new/ask/") == "应急授权\uff1a申请应急授权"
    assert addresses.in_words("/api/v1/matters/accept_application") == "救助事项\uff1a受理申请"
    assert addresses.in_words("/search/?q=x") == "搜索"
    assert addresses.in_words("/api/v1/people") == "人员"
    assert addresses.in_words("/nowhere/") == ""


def test_every_list_and_page_of_the_navigation_is_told_by_its_title():
    for entries in RAIL.values():
        for entry in entries:
            assert addresses.in_words(reverse(entry.name)), entry.name
    assert addresses.in_words("/inbox/") == "消息"
    assert addresses.in_words("/workbench/") == "工作台"


def test_no_code_of_a_link_that_is_opened_stands_in_the_journal(client_of):
    access = allowed()
    client = switched(client_of("rexian"), access)
    for path in ("/join/ABCD-EFGH-2345-6723/", "/not-me/NDI:1abc:xyz/", "/matters/QZ2026-1/", "/people/7/"):
        client.get(path)
    opened = Entry.objects.filter(object_id=access.pk, move="open_in_an_emergency")
    names = list(opened.order_by("pk").values_list("object_name", flat=True))
    assert names[-4:] == [
        "打开 /join/A******************/",
        "打开 /not-me/N***********/",
        "打开 /matters/QZ2026-1/",
        "打开 /people/7/",
    ]


def test_one_that_cannot_be_taken_back_keeps_no_other_in_its_role(monkeypatch):
    first, second = allowed(), allowed("mishu")
    whole = ending.run_out

    def fail(membership: Membership, **given: Any) -> Membership:
        if membership.emergency_id == first.pk:
            raise RuntimeError
        return whole(membership, **given)

    monkeypatch.setattr(ending, "run_out", fail)
    with moments.as_of(moments.now() + timedelta(minutes=61)):
        allowing.follow_the_minute()
    second.refresh_from_db()
    assert second.status == EmergencyStatus.TO_REVIEW
    first.refresh_from_db()
    assert first.status == EmergencyStatus.OPEN


def test_pages_in_the_own_role_are_not_recorded(client_of):
    access = allowed()
    client_of("rexian").get("/matters/")
    assert not Entry.objects.filter(object_id=access.pk, move="open_in_an_emergency").exists()


def test_every_page_says_that_one_acts_in_an_emergency(client_of):
    access = allowed()
    page = switched(client_of("rexian"), access).get("/workbench/").content.decode()
    assert "应急授权：您正以“窗口工作人员”的身份办理" in page


def test_the_audit_reviews_it_and_whoever_allowed_it_does_not():
    access = allowing.end(allowed(), by=actor("rexian"))
    with pytest.raises(NotYours):
        allowing.review(access, by=actor("guanli"), reason="都对")
    assert allowing.review(access, by=actor("shenji"), reason="逐页看过，与理由相符").status == (
        EmergencyStatus.REVIEWED
    )


def test_what_is_taken_on_in_it_passes_to_a_colleague_of_the_seat_when_it_is_over():
    access = allowed()
    lent = access.memberships.get().actor()
    matter = factories.AcceptedMatter(place=Place.objects.filter(parent=town())[0], by=lent)
    assert matter.first_asked_id == lent.user_id
    with moments.as_of(moments.now() + timedelta(minutes=61)):
        allowing.follow_the_minute()
        matter.refresh_from_db()
        assert matter.first_asked_id == actor("chuangkou").user_id
        told = Notice.objects.filter(user_id=matter.first_asked_id, texts__icontains="由您接手")
        assert told.filter(texts__icontains=matter.number).exists()


def test_a_lent_role_makes_no_second_step_for_the_city():
    lent = allowed(role=Role.CIVIL_AFFAIRS, place=None).memberships.get().actor()
    value = {**reading.current("people.emergency").value, "lasts": 50}
    version = changing.propose(by=actor("minzheng"), rule="people.emergency", value=value, note="试行")
    assert "approve" not in [row.name for row in version.transitions_for(lent)]
    with pytest.raises(NotYours, match="应急授权"):
        changing.approve(version, by=lent)


def test_nobody_gets_power_by_it_that_lasts():
    with pytest.raises(Invalid):
        asked(role=Role.ADMINISTRATOR, place=None)
    with pytest.raises(Invalid):
        asked(role=Role.STAFF_MANAGER, place=None)


def test_whoever_acts_in_an_emergency_lends_no_role_to_others():
    acting = lent(allowed(role=Role.CIVIL_AFFAIRS, place=None))
    other = asked(by="mishu")
    with pytest.raises(NotYours):
        allowing.allow(other, by=acting)
    allowing.allow(other, by=actor("minzheng"))


@pytest.mark.parametrize(
    ("by", "given", "field"),
    [
        ("chuangkou", {}, "role"),
        ("minzheng", {"role": Role.FINANCE, "place": None}, "organization"),
        ("rexian", {"place": None}, "place"),
        ("minzheng", {"role": Role.AUDITOR, "place": None}, "role"),
    ],
)
def test_what_fits_nobody_is_refused_at_its_field(by, given, field):
    with pytest.raises(Invalid) as refusal:
        asked(by, **given)
    assert set(refusal.value.fields) == {field}
    assert not EmergencyAccess.objects.exists()


def test_nobody_has_two_at_a_time():
    asked()
    with pytest.raises(NotNow):
        asked(role=Role.SECRETARY, place=None)


def test_people_of_providers_and_households_never_ask(client_of, api_of):
    for username in ("jigou", "shegong", "pinggu"):
        assert client_of(username).get("/emergencies/new/ask/").status_code == 403
        with pytest.raises(NotYours):
            asked(username)
    with pytest.raises(NotYours):
        allowing.ask(by=SYSTEM, role=Role.WINDOW, place=town(), why=WHY)


def test_no_program_is_let_in_by_it():
    access = allowed(role=Role.CIVIL_AFFAIRS, place=None)
    given = {"name": "脚本", "purpose": "取数", "parts": ["referrals"], "acts": False}
    with pytest.raises(NotNow):
        issuing.issue(by=lent(access), expires_on=moments.today(), **given)


def test_the_page_asks_with_a_reason_and_keeps_what_was_typed(client_of):
    client = client_of("rexian")
    answer = client.post("/emergencies/new/ask/", {"role": "window", "place": "", "why": WHY})
    assert answer.status_code == 422
    assert WHY in answer.content.decode()
    answer = client.post("/emergencies/new/ask/", {"role": "window", "place": town().pk, "why": ""})
    assert answer.status_code == 422
    answer = client.post("/emergencies/new/ask/", {"role": "window", "place": town().pk, "why": WHY})
    assert answer.status_code == 302
    assert EmergencyAccess.objects.get().user.username == "rexian"


def test_the_same_by_api(api_of):
    asking, deciding = api_of("rexian"), api_of("guanli")
    given = {"role": "window", "place": town().pk, "why": WHY}
    made = asking.post(f"{API}/emergencies/ask", given, format="json")
    assert made.status_code == 201, made.content
    address = f"{API}/emergencies/{made.json()['id']}"
    assert asking.post(f"{address}/allow", format="json").status_code in (403, 404)
    assert deciding.post(f"{address}/allow", format="json").status_code == 200
    assert asking.get(f"{API}/me").json()[-1]["role"] == "window"
    problem(asking.post(f"{API}/emergencies/ask", {"role": "window"}, format="json"), 400, "invalid")


def test_whoever_reviews_it_sees_why_it_was_asked_and_what_was_opened(client_of):
    access = allowed()
    assert switched(client_of("rexian"), access).get("/matters/").status_code == 200
    access = allowing.end(access, by=actor("guanli"))
    page = client_of("shenji").get(f"{access.get_absolute_url()}review/").content.decode()
    assert WHY in page
    assert "/matters/" in page
