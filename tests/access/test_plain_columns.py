"""What stands in plain columns about people is told as their texts are."""

from __future__ import annotations

import json

import pytest

from foundation.journal.models import Entry
from tests.access.telling import (
    AGAIN,
    EXPLAINED,
    GIVEN,
    GIVER,
    MOVED,
    PAPERS,
    PLAIN_MARKS,
    WHY,
    WHY_ONE,
    WRONG,
    ask,
)


@pytest.mark.parametrize("username", ["minzheng", "shenji", "wangge"])
def test_what_stands_in_plain_columns_is_told_as_the_texts_are(client_of, told_of, username):
    client = client_of(username)
    asked, explained, referral, *_others = told_of
    matter, need = referral.need.matter, referral.need
    paths = [
        f"/api/v1/{name}?page_size=200"
        for name in (
            "matters",
            "households",
            "needs",
            "referrals",
            "corrections",
            "joinings",
            "handovers",
            "journal",
        )
    ]
    paths += [
        f"/api/v1/matters/{asked.number}",
        f"/api/v1/households/{matter.household.number}",
        f"/api/v1/referrals/{referral.number}",
        "/journal/",
        *(
            each.get_absolute_url()
            for each in (*told_of, matter, need, matter.household, explained.household)
        ),
    ]
    seen = 0
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 403, 404), path
        seen += answer.status_code == 200
        assert [mark for mark in PLAIN_MARKS if mark in answer.content.decode()] == [], path
    assert seen > 5


def test_those_in_charge_read_plain_columns_as_before(client_of, told_of):
    window = client_of("chuangkou")
    asked, explained, referral, correction, handover = told_of
    matter = referral.need.matter
    assert window.get(f"/api/v1/matters/{asked.number}").json()["papers_missing"] == PAPERS
    for obj, *marks in (
        (asked, PAPERS, AGAIN),
        (explained, EXPLAINED),
        (referral, WHY_ONE),
        (matter.household, GIVEN, GIVER),
        (correction, WRONG),
        (handover, MOVED),
    ):
        page = window.get(obj.get_absolute_url()).content.decode()
        assert [mark for mark in marks if mark not in page] == [], obj
    told = window.get(f"/api/v1/households/{matter.household.number}").json()["help_received"]
    assert (told[0]["what"], told[0]["giver"]) == (GIVEN, GIVER)
    assert PAPERS in client_of("xieguan").get(asked.get_absolute_url()).content.decode()


def test_a_reason_opens_a_plain_column_too(client_of, told_of):
    asked, _explained, referral, correction, handover = told_of
    for obj, field, mark in (
        (asked, "papers_missing", PAPERS),
        (correction, "why", WRONG),
        (handover, "why", MOVED),
        (referral, "choice_reason", WHY_ONE),
        (asked.paper_requests.last(), "again_because", AGAIN),
        (referral.need.matter.household.help_received.latest("pk"), "what", GIVEN),
    ):
        path = f"/api/v1/reveal/{obj._meta.label}/{obj.pk}/{field}"
        assert ask(client_of("minzheng"), path, WHY).json() == {"value": mark}, field
        assert ask(client_of("wangge"), path, WHY).status_code in (403, 404), field
    journal = client_of("minzheng").get("/api/v1/journal?page_size=200").json()["results"]
    household = referral.need.matter.household.get_absolute_url()
    read = [json.dumps(journal, ensure_ascii=False), client_of("wangge").get(household).content.decode()]
    assert [mark for mark in PLAIN_MARKS for text in read if mark in text] == []
    assert Entry.objects.filter(move="reveal", lifecycle="households.HelpReceived").exists()


def test_no_picture_in_the_journal_holds_a_text_about_anybody(told_of):
    for entry in Entry.objects.all():
        kept = json.dumps([entry.before, entry.after], ensure_ascii=False)
        assert [mark for mark in PLAIN_MARKS if mark in kept] == [], entry.move
