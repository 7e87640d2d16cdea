"""Public pages of a city in which nothing has been entered yet say so, instead of showing heads over nothing."""

from __future__ import annotations

import pytest

from catalog.editions.models import Edition
from contracts.budgets.models import BudgetLine
from contracts.contracts.models import Contract
from foundation.city.models import City
from organizations.bodies.models import Organization

pytestmark = pytest.mark.usefixtures("db")


def test_without_budget_contract_and_gift_the_page_of_money_shows_no_figures(client):
    assert not BudgetLine.objects.exists()
    assert not Contract.objects.exists()
    page = client.get("/funds/").content.decode()
    for words in ("还没有录入预算", "还没有公开的合同", "还没有慈善资金和物资"):
        assert words in page
    for words in ("元\uff0c已签约", "每个数字都能打开", "社会捐赠折合"):
        assert words not in page


def test_without_a_notice_of_the_catalog_its_head_is_followed_by_words(client, monkeypatch):
    monkeypatch.setattr(Edition.objects, "published", Edition.objects.none, raising=False)
    assert client.get("/notices/").content.decode().count("暂无。") == 4


def test_without_a_window_the_page_of_help_says_so(client, monkeypatch):
    monkeypatch.setattr(Organization.objects, "windows", Organization.objects.none, raising=False)
    assert "还没有登记受理窗口。" in client.get("/help/").content.decode()


def test_of_a_document_without_text_the_page_says_that_it_is_not_there_yet(client):
    City.objects.update(document_parts=[], document_digest="other", document_issued_on=None)
    page = client.get("/basis/").content.decode()
    assert "这份文件的条文还没有上传。" in page
    assert City.objects.get().document_title in page
