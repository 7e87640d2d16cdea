"""The frame of every page: whose it is, what it counts, what it costs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from foundation.inbox.models import Notice
from foundation.roles import PEOPLE, Role
from marketplace.chrome.frame import counts
from marketplace.chrome.navigation import sections
from marketplace.workbench import waiting
from organizations.people.models import User
from organizations.signing_in.middleware import memberships_of
from referrals.answers import answering
from referrals.needs import triage
from tests import factories
from tests.accounts import USERS
from tests.statements import opened


def tokens(page: str) -> set[str]:
    return set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page))


def test_each_request_gets_a_token_of_its_own(client_of):
    client = client_of("chuangkou")
    first, second = (client.get("/matters/").content.decode() for _ in range(2))
    assert len(tokens(first)) == 1
    assert tokens(first).isdisjoint(tokens(second))


def test_the_token_of_the_top_is_accepted(who):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=who("chuangkou").user_id))
    (token,) = tokens(client.get("/matters/").content.decode())
    sent = {"csrfmiddlewaretoken": token, "next": "/matters/"}
    assert client.post("/switch/elder/", sent).status_code == 302
    assert client.post("/switch/elder/", {"next": "/matters/"}).status_code == 403


def test_the_way_back_is_the_address_asked_for_and_is_escaped(client_of):
    page = client_of("chuangkou").get('/matters/?x="><script>').content.decode()
    assert "<script>" not in page.replace("<script src", "")
    assert 'value="/matters/?x=%22%3E%3Cscript%3E"' in page


def names(page: str) -> set[str]:
    """Every text that stands alone in an element of a page."""
    return {text.strip() for text in re.findall(r">([^<]+)<", page)}


def test_two_people_in_one_role_see_their_own_names(client_of, who):
    mine = who("chuangkou")
    other = factories.PersonOf(role="window", role__place_id=mine.place_id)
    client = Client()
    client.force_login(other)
    assert mine.name in names(client_of("chuangkou").get("/matters/").content.decode())
    page = client.get("/matters/").content.decode()
    assert other.full_name in names(page)
    assert mine.name not in names(page)


def test_only_the_search_page_repeats_what_was_searched_in_the_top(client_of):
    client = client_of("chuangkou")
    found, listed = (
        client.get(each, {"q": "张三"}).content.decode() for each in ("/search/", "/households/")
    )
    top = re.compile(r'class="search".*?value="([^"]*)"', re.S)
    assert top.search(found)[1] == "张三"
    assert top.search(listed)[1] == ""


@pytest.mark.parametrize("role", PEOPLE)
def test_the_count_of_unread_notices_is_that_of_the_visible_ones(role, who):
    factories.household_of("jiating")
    actor = who(USERS[role])
    for user_id in (None, actor.user_id, 0):
        for organization_id in (None, actor.organization_id, 0):
            for place_id in (None, actor.place_id, 0):
                Notice.objects.create(
                    role=role,
                    user_id=user_id,
                    organization_id=organization_id,
                    place_id=place_id,
                    lifecycle="x",
                    object_id=1,
                    texts={"zh-hans": "x"},
                )
    visible = Notice.objects.visible_to(actor).filter(read_at=None)
    assert counts(actor).unread == str(visible.count()) != "0"


@pytest.mark.parametrize("address", ["/referrals/", "/matters/", "/households/", "/inbox/"])
def test_a_worklist_asks_as_few_statements_however_long_it_is(address, client_of):
    client = client_of("chuangkou")
    factories.OfferedReferral()
    client.get(address)
    counted = []
    for _ in range(2):
        _page, asked = opened(client, address)
        counted.append(len(asked))
        for _ in range(3):
            factories.OfferedReferral()
    # the session, the person with what they may act as, the city, the rows, the counts, and for names of needs the rules
    assert counted in ([5, 5], [6, 6])


def test_today_s_memberships_come_with_the_names_that_pages_show_in_one_statement(
    who, django_assert_num_queries
):
    actor = who("chuangkou")
    user = User.objects.get(pk=actor.user_id)
    today = timezone.localdate()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    user.memberships.create(role="auditor", valid_from=yesterday, valid_to=yesterday)
    user.memberships.create(role="auditor", valid_from=tomorrow)
    with django_assert_num_queries(1):
        held = memberships_of(user)
        assert [membership.actor() for membership in held] == [actor]
        assert str(held[0].place)


def test_who_holds_nothing_is_known_and_acts_as_nobody(client):
    user = User.objects.create(username="nobody", full_name="无名")
    client.force_login(user)
    assert memberships_of(user) == []
    assert client.get("/matters/").status_code == 403


def test_a_closed_account_is_signed_out_at_once(client_of, who):
    client = client_of("chuangkou")
    assert client.get("/matters/").status_code == 200
    User.objects.filter(pk=who("chuangkou").user_id).update(is_active=False)
    assert client.get("/matters/").status_code == 302


def test_a_session_ends_with_its_time_and_with_its_row(client_of):
    client = client_of("chuangkou")
    assert client.get("/matters/").status_code == 200
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/matters/").status_code == 302
    again = client_of("chuangkou")
    assert again.get("/matters/").status_code == 200
    Session.objects.all().delete()
    assert again.get("/matters/").status_code == 302


def test_a_section_shows_the_lists_that_admit_the_reader():
    shown = sections("/exits/", Role.FINANCE)
    assert [tab.address for tab in shown["evaluations"]] == ["/exits/"]
    assert [tab.current for tab in shown["evaluations"]] == [True]
    assert "/red-flags/" not in [tab.address for tab in sections("/", Role.COORDINATOR)["purchases"]]
    assert len(sections("/", Role.AUDITOR)["evaluations"]) == 7


def test_the_workbench_in_the_frame_counts_the_cases_that_wait(who, client_of):
    for _ in range(3):
        factories.OpenNeed()
    waiting_now = waiting.open_for(who("chuangkou")).mine
    assert waiting_now == 3
    assert counts(who("chuangkou")).waiting == str(waiting_now)
    page = client_of("chuangkou").get("/matters/").content.decode()
    assert re.search(r'id="waiting-count"\s*>\s*<span\s+class="waiting-cases"\s*>3<', page)


def test_what_is_counted_is_counted_no_further_than_a_reader_wants_to_know(who):
    actor = who("chuangkou")
    Notice.objects.bulk_create(
        Notice(role=actor.role, place_id=actor.place_id, lifecycle="x", object_id=1, texts={"zh-hans": "x"})
        for _ in range(150)
    )
    assert counts(actor).unread == "99+"


def test_the_inbox_says_what_still_waits_for_the_reader(client_of, who):
    need = factories.TransferredNeed(kind="employment")
    handler = client_of("bumen")
    assert "待您办理" in handler.get("/inbox/").content.decode()
    need = triage.grant(need, by=who("bumen"), result="已安排")
    answering.feed_back(need, by=who("bumen"), words="已办好")
    rows = [row for row in handler.get("/inbox/").context["page"] if row.object_id == need.pk]
    assert rows and not any(row.waits for row in rows)
