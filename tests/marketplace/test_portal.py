"""What anybody may read, and what nobody may."""

from __future__ import annotations

import re

import pytest

from catalog.items.models import Item
from contracts.budgets.models import BudgetLine
from contracts.contracts.models import Contract
from foundation.city.models import City
from foundation.ui import pagination
from households.register.models import Household
from organizations.providers.models import Provider
from tests import factories
from tests.statements import opened

pytestmark = pytest.mark.story

PUBLIC = ("/", "/organizations/", "/notices/", "/funds/", "/help/")


@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_page_opens_without_sign_in(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "words,code", [("照料", "B01.01"), ("心理", "C01.01"), ("B01.04", "B01.04"), ("餐", "B01.04")]
)
def test_a_citizen_finds_a_service_by_a_word_of_one_or_two_characters(client, words, code):
    page = client.get("/", {"q": words}).content.decode()
    assert code in page


def test_what_is_not_found_is_told_kindly(client):
    City.objects.update(hotline="0536-12345")
    page = client.get("/", {"q": "潜水"}).content.decode()
    assert "没有找到相符的服务" in page
    assert "或拨打救助热线 0536-12345。" in page
    assert "三、打救助热线 0536-12345" in client.get("/help/").content.decode()
    services = client.get("/hsds/services").json()["contents"]
    assert services[0]["application_process"].endswith("或拨打救助热线 0536-12345。")


def test_a_group_shows_its_items_only(client):
    page = client.get("/", {"group": "B"}).content.decode()
    assert "居家照料" in page
    assert "法律咨询陪同" not in page


def test_from_the_front_page_to_how_to_apply_in_three_clicks(client):
    front = client.get("/").content.decode()
    item = re.search(r'href="(/catalog/\d+/B01\.01/)"', front).group(1)
    page = client.get(item).content.decode()
    assert "谁出钱" in page
    assert "家庭不付钱" in page
    assert "怎么申请" in page
    assert "/help/" in page


def test_no_public_page_holds_anything_personal(client):
    factories.ReferralInService()
    item = Item.objects.in_force().get(code="B01.01")
    provider = Provider.objects.published().first()
    pages = [*PUBLIC, item.get_absolute_url(), f"/organizations/{provider.organization.code}/", "/sign-in/"]
    numbers = set(Household.objects.values_list("number", flat=True))
    for path in pages:
        text = client.get(path).content.decode()
        assert "王小明" not in text
        assert not any(number in text for number in numbers), path
        assert not re.search(r"\b1\d{10}\b|\b\d{17}[\dX]\b", text.replace("52320281", "")), path


def test_the_use_of_funds_is_published_to_the_fen(client):
    page = client.get("/funds/").content.decode()
    contract = Contract.objects.filter(status="in_force").first()
    assert contract.number in page
    assert f"{contract.amount:,.2f}" in page


def test_drafts_of_contracts_are_not_published(client):
    draft = Contract.objects.filter(status="draft").first()
    assert draft.number not in client.get("/funds/").content.decode()


def test_suspensions_and_exits_are_published_with_their_reasons(client):
    page = client.get("/notices/").content.decode()
    for provider in Provider.objects.filter(status__in=["suspended", "exited"]):
        assert provider.organization.name in page
        assert provider.standing_reason in page


def test_a_provider_that_was_never_accredited_is_not_public(client):
    hidden = Provider.objects.get(organization__name="江阴暖阳养老服务有限公司")
    assert client.get(f"/organizations/{hidden.organization.code}/").status_code == 404
    assert hidden.organization.name not in client.get("/organizations/").content.decode()


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_need_few_queries_whatever_there_is(client, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        client.get(path)


def test_the_strict_policy_names_no_other_host_and_no_inline_code(client):
    for path in (*PUBLIC, "/sign-in/", "/no-such-page/"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy


def test_the_front_page_loads_from_this_host_only(client):
    page = client.get("/").content.decode()
    for address in re.findall(r'(?:src|href|action)="([^"]+)"', page):
        assert address.startswith(("/", "#", "?", "tel:")), address


def test_an_unknown_address_says_where_to_go(client):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有" in answer.content.decode()


def test_a_service_of_many_providers_comes_a_page_at_a_time(client, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE", 1)
    item = Item.objects.in_force().get(code="B01.01")
    first = client.get(item.get_absolute_url()).content.decode()
    assert len(re.findall(r'class="title-cell">\s*<a\s+href="/organizations/', first)) == 1
    older = re.search(r'href="(\?before=\d+)"', first).group(1)
    second = client.get(item.get_absolute_url() + older).content.decode()
    assert len(re.findall(r'class="title-cell">\s*<a\s+href="/organizations/', second)) == 1
    assert "回到最新" in second


@pytest.mark.parametrize("account", ["amount", "committed", "spent"])
def test_a_figure_of_the_funds_opens_without_adding_up_its_entries(client, account):
    line = BudgetLine.objects.exclude(amount=0).first()
    page, told = opened(client, f"/funds/{line.pk}/{account}/")
    assert f"{getattr(line, account):,.2f}" in page
    assert not [each for each in told if "SUM(" in each], told
