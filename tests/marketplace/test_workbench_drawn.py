"""The page of the workbench: its rail, what one click does, its words, and what is printed."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from foundation import moments
from foundation.roles import PEOPLE
from marketplace.chrome.navigation import RAIL
from marketplace.workbench import waiting
from referrals.needs import triage
from tests import factories
from tests.accounts import USERS
from tests.evaluations import leaving

pytestmark = pytest.mark.story


@pytest.mark.parametrize("role", PEOPLE)
def test_a_rail_has_few_entries_and_each_opens_for_its_role(role, client_of):
    entries = RAIL[role]
    assert 1 <= len(entries) <= 7
    client = client_of(USERS[role])
    for entry in entries:
        assert client.get(reverse(entry.name), follow=True).status_code == 200, entry.name


def test_one_click_acts_are_done_from_the_list_and_the_list_comes_back(client_of):
    need = factories.TransferredNeed(kind="employment")
    client = client_of("bumen")
    answer = client.post(
        f"/needs/{need.pk}/take-up/", {"key": "one", "next": "/workbench/"}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/workbench/")
    need.refresh_from_db()
    assert need.status == "in_hand"


def test_a_one_click_act_that_is_refused_leads_to_its_form(client_of):
    need = factories.OpenNeed(kind="employment")
    need = triage.transfer(
        need, by=factories.window_of(need.matter.town), body=triage.propose("employment").body
    )
    client = client_of("bumen")
    client.post(f"/needs/{need.pk}/take-up/", {"key": "a"})
    answer = client.post(
        f"/needs/{need.pk}/take-up/", {"key": "b", "next": "/workbench/"}, headers={"HX-Request": "true"}
    )
    assert answer["HX-Redirect"] == f"/needs/{need.pk}/take-up/"


def test_the_next_address_cannot_lead_away(client_of):
    need = factories.TransferredNeed(kind="employment")
    answer = client_of("bumen").post(
        f"/needs/{need.pk}/take-up/", {"key": "one", "next": "https://example.org/"}
    )
    assert answer["Location"] == f"/needs/{need.pk}/"


@pytest.mark.parametrize(
    ("words", "title", "left"),
    [
        ("SL-2026-000001 心理疏导", "心理疏导 · 虹桥社区", "SL-2026-000001"),
        ("江阴暖阳社工服务中心", "江阴暖阳社工服务中心 · 社会组织", ""),
        ("HT-2026-000001", "照料合同 · 暖阳", "HT-2026-000001"),
        ("心理疏导站", "心理疏导 · 虹桥社区", "心理疏导站"),
        ("追加 2026 残疾人就业保障金", "追加 2026 残疾人就业保障金 60,000.00", ""),
    ],
)
def test_the_second_line_of_a_row_does_not_repeat_the_first(words, title, left):
    assert waiting.without(words, title) == left


def test_who_reads_english_reads_names_in_english(client_of):
    exit_ = leaving.proposed(factories.AccreditedProvider())
    client = client_of("minzheng")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/workbench/").content.decode()
    (row,) = (
        part for part in page.split('<div class="worklist-row">') if f'"{exit_.get_absolute_url()}"' in part
    )
    with translation.override("en"):
        assert str(exit_) in row
    assert str(exit_) not in row


def test_on_paper_the_workbench_says_whose_it_is_and_when(client_of, who):
    page = client_of("bumen").get("/workbench/").content.decode()
    line = page.partition('class="on-paper">')[2].partition("<")[0]
    assert who("bumen").name in line
    assert str(moments.today().year) in line
