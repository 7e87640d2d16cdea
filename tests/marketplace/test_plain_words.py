"""What people read: clauses as officials quote them, names of rules, no marks of the trade."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation

from demo.management.commands.screenshots import pages_of
from foundation import moments, wording
from foundation.clauses.opinion import parts_by_clause
from foundation.clauses.quoting import quoted
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock, Overdue
from foundation.inbox.models import Notice
from foundation.lifecycle.table import LIFECYCLES
from foundation.messaging.wording import ABOUT
from foundation.roles import PEOPLE, Role
from foundation.rules import reading
from foundation.rules.models import RuleVersion
from marketplace.workbench import waiting
from organizations.places.models import Place
from organizations.providers.models import Provider
from tests import factories
from tests.accounts import USERS
from tests.house.packages import sources

pytestmark = pytest.mark.story

#: Marks of clauses, versions and keys, and names that only a statistician knows.
OF_THE_TRADE = re.compile(
    r"\bS\d{1,2}\b|\bv\d+\b|Krippendorff|Shewhart|Western Electric|Wilson|控制图"
    r"|\b(?:deadline|checks|referral|matter|need|sheet|project)\.[a-z_]+\b"
)
AMOUNT_WITHOUT_SEPARATORS = re.compile(r"(?<![\d.,])\d{4,}(?:\.\d+)?\s*元")


class _Text(HTMLParser):
    """The words of a page's main part."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.words = 0, ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside += tag == "main"

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "main"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.words += f" {data}"


def words_of(answer: object) -> str:
    parser = _Text()
    parser.feed(answer.content.decode())
    return re.sub(r"\s+", " ", parser.words)


@pytest.mark.parametrize("role", ["public", *PEOPLE])
def test_no_main_page_speaks_of_keys_versions_or_marks(role, client_of):
    client = Client() if role == "public" else client_of(USERS[role])
    wrong = []
    for name, path in pages_of(role):
        text = words_of(client.get(path))
        for sort in (OF_THE_TRADE, AMOUNT_WITHOUT_SEPARATORS):
            wrong += [f"{name}: {found[0]}" for found in sort.finditer(text)]
    assert wrong == []


def test_every_mark_of_a_clause_is_quoted_in_both_languages():
    used = {
        row.basis for lifecycle in LIFECYCLES.values() for row in (*lifecycle.starts, *lifecycle.transitions)
    }
    used |= {rule.basis for rule in reading.everything()}
    marks = {mark for basis in used for mark in re.findall(r"\bS\d{1,2}\b", basis)}
    assert marks
    assert marks <= set(parts_by_clause())
    for mark in marks:
        assert quoted(mark).startswith("《实施意见》")
    assert quoted("S14") == "《实施意见》三（二）2"
    assert quoted("S30") == "《实施意见》五、1"
    assert quoted("政府采购法第五十二条") == "政府采购法第五十二条"
    with translation.override("en"):
        assert quoted("S14") == "Opinion 3.2.2"


def test_a_refusal_on_a_page_quotes_its_clause(client_of):
    need = factories.OpenNeed(kind="living")
    answer = client_of("chuangkou").post(f"/needs/{need.pk}/transfer/", {"body": "", "key": "quoted-clause"})
    assert answer.status_code == 422
    assert OF_THE_TRADE.search(words_of(answer)) is None


def test_a_version_of_a_rule_is_called_by_its_title():
    version = RuleVersion(key="deadline.referral.answer", version=2, value={})
    assert str(version) == f"{reading.default(version.key).title} 第 2 次修订"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("1500"), "1,500"),
        (Decimal("1500.50"), "1,500.50"),
        ("240.00", "240"),
        (28000000, "28,000,000"),
        (None, ""),
        (0, "0"),
    ],
)
def test_a_figure_in_a_sentence_has_its_separators(value, said):
    assert wording.figure(value) == said


# --- lists and forms ------------------------------------------------------------------------


def test_the_public_list_begins_with_those_that_may_take_on_somebody(client):
    out = factories.AccreditedProvider()
    Provider.objects.filter(pk=out.pk).update(accredited_until=moments.today() - timedelta(days=1))
    name, fine = out.organization.name, factories.AccreditedProvider().organization.name
    usual = client.get("/organizations/").content.decode()
    assert fine in usual
    assert name not in usual
    others = client.get("/organizations/?others").content.decode()
    assert name in others
    assert fine not in others
    assert name in client.get("/organizations/", {"q": name}).content.decode()


def test_nobody_is_filed_under_a_category_that_was_not_chosen(client_of):
    assistant = client_of("xieguan")
    page = assistant.get("/matters/new/report/").content.decode()
    assert '<option value="" selected>请选择</option>' in page
    told = {
        "id_number": factories.new_id_number(),
        "name": "沈根宝",
        "size": "2",
        "story": "屋顶漏雨。",
        "key": "no-category",
        "category": "",
    }
    answer = assistant.post("/matters/new/report/", told)
    assert answer.status_code == 422
    assert "请选择。" in answer.content.decode()


def test_the_hotline_chooses_a_village_by_town_and_name(client_of):
    form, asked = "/matters/new/report_by_hotline/", {"seek": "place", "place-sought": "虹桥"}
    hotline = client_of("rexian")
    assert "代码" not in hotline.get(form).content.decode()
    assert "澄江街道 虹桥社区" in hotline.get(form, asked, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize("typed", ["3", "3人", "3 口人", "\uff13\u4eba"])
def test_a_number_of_people_is_read_as_people_write_it(typed, client_of):
    told = {
        "id_number": factories.new_id_number(),
        "name": "沈根宝",
        "size": typed,
        "category": "none",
        "story": "屋顶漏雨。",
        "key": f"people-{typed}",
    }
    assert client_of("xieguan").post("/matters/new/report/", told).status_code == 302


@pytest.mark.parametrize("typed", ["三人", "3人4口", "3.5人", "3元"])
def test_what_is_no_number_of_people_is_refused_in_words(typed, client_of):
    told = {"id_number": factories.new_id_number(), "name": "沈", "size": typed, "key": typed}
    answer = client_of("xieguan").post("/matters/new/report/", told)
    assert answer.status_code == 422
    assert "请填写整数" in answer.content.decode()


def test_the_window_hears_in_one_round_what_a_new_household_lacks(client_of):
    sent = {"id_number": factories.new_id_number(), "key": "one-round"}
    page = client_of("chuangkou").post("/matters/new/accept_application/", sent).content.decode()
    for words in ("请至少勾选一项需求。", "请填写姓名。", "请选择村（社区）。", "请填写家庭人口。"):
        assert words in page


# --- who is late, who is first ------------------------------------------------------------------


def test_the_register_and_civil_affairs_read_whose_deadline_it_was_and_once():
    need = factories.OpenNeed()
    clock = Clock.objects.get(
        lifecycle="referrals.Need", object_id=need.pk, rule_key="need.transfer", stopped_at=None
    )
    clocks.tick(clock.due_at + timedelta(seconds=1))
    assert Overdue.objects.get(clock=clock).awaited == f"窗口工作人员（{need.town}）"
    told = Notice.objects.filter(role=Role.CIVIL_AFFAIRS, lifecycle="referrals.Need", object_id=need.pk).get()
    assert f"窗口工作人员（{need.town}）" in told.text
    assert "《实施意见》三（二）2" in told.text


def test_whoever_is_late_is_not_told_twice(who):
    project = next(
        row.item.object_id
        for row in waiting.open_for(who("minzheng")).week
        if row.item.lifecycle == "procurement.Project"
    )
    clock = Clock.objects.filter(lifecycle="procurement.Project", object_id=project, stopped_at=None).first()
    Notice.objects.all().delete()
    clocks.tick(clock.due_at + timedelta(seconds=1))
    told = Notice.objects.filter(role=Role.CIVIL_AFFAIRS, lifecycle="procurement.Project", object_id=project)
    assert told.filter(texts__icontains="已经逾期").count() == 1


def test_an_emergency_stands_before_all_else_and_looks_it(client_of, who):
    window = who("chuangkou")
    need = factories.OpenNeed(urgent=True)
    bench = waiting.open_for(window)
    marks = [row.item.urgent and not row.item.paused for row in bench.to_do]
    assert marks == sorted(marks, reverse=True)
    assert any(row.item.object_id == need.pk and row.item.urgent for row in bench.urgent)
    assert "急难" in words_of(client_of("chuangkou").get("/workbench/"))


def test_nothing_is_chosen_for_anybody(client_of):
    window = client_of("chuangkou")
    household = factories.AcceptedMatter().household
    for act in ("add-member", "end-membership", "give-consent"):
        page = window.get(f"{household.get_absolute_url()}{act}/").content.decode()
        assert '<option value="" selected>请选择</option>' in page, act


def test_what_is_asked_on_demand_is_asked_once_something_is_missing(client_of):
    page = client_of("chuangkou").get("/matters/new/accept_application/").content.decode()
    assert 'name="why"' not in page
    assert 'name="difference_phone"' not in page
    number = factories.new_id_number()
    elsewhere = factories.AcceptedMatter(id_number=number, place=Place.objects.get(name="华士社区")).household
    assert elsewhere.town.name == "华士镇"
    sent = {"id_number": number, "needs": ["care"], "key": "asked-on-demand"}
    answer = client_of("chuangkou").post("/matters/new/accept_application/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.index('name="why"') < page.index('name="name"')


def test_an_act_that_begins_with_a_household_names_it_and_leads_back(client_of):
    household = factories.AcceptedMatter().household
    for path in ("/relocations/new/propose/", "/corrections/new/propose/"):
        page = words_of(client_of("chuangkou").get(f"{path}?household={household.number}"))
        assert household.number in page
        assert "取消" in page


def test_every_text_that_is_sent_says_in_words_what_it_is_for():
    sent = set()
    for path in sources():
        text = path.read_text()
        if "sending.send(" in text:
            sent |= set(re.findall(r'about="([a-z-]+)"', text))
    assert {"result", "handed-over"} <= sent
    assert sent - {"provider"} <= set(ABOUT)
