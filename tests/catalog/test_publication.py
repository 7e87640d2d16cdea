"""What anybody reads: search, filters, the notice, files, feed — at addresses that stay."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from openpyxl import load_workbook
from pypdf import PdfReader

from catalog.editions import counting, publishing
from catalog.editions.documents import NOTICE
from catalog.editions.models import Edition
from catalog.items.models import Item
from foundation import moments
from foundation.documents import making
from foundation.documents.models import Document
from foundation.refusals import NotYours
from organizations.places.models import Place
from referrals.matters.documents import ACCEPTANCE_SLIP
from tests import factories


@pytest.fixture
def law():
    return Edition.objects.in_force().get()


def found(client, **asked) -> set[str]:
    page = client.get("/", asked).content.decode()
    return {code for code in Item.objects.in_force().values_list("code", flat=True) if f">{code} ·" in page}


# --- search --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "there", "not_there"),
    [
        ("浴", {"B01.05"}, {"B01.01"}),  # one character
        ("送餐", {"B01.04"}, {"B01.05"}),  # two
        ("居家照料", {"B01.01"}, {"B01.02"}),
        ("家庭 哀伤", {"C01.03"}, {"C01.01"}),  # both words
        ("理心", set(), {"C01.01"}),  # characters in a row, not any order
        ("home", {"B01.01", "B02.03"}, {"B01.04"}),
        ("HOME care", {"B01.01"}, {"B02.03"}),
        ("B", {"B01.01", "B02.01"}, {"C01.01"}),
        ("B02", {"B02.01", "B02.02", "B02.03"}, {"B01.01"}),
        ("b01.04", {"B01.04"}, {"B01.05"}),
        ("扫码", {"B01.01"}, {"B01.02"}),  # in a standard
        ("测试不存在", set(), set()),
        ("'; DROP TABLE", set(), {"B01.01"}),
        ("&|!:*<->", set(), {"B01.01"}),
        ("%", set(), {"B01.01"}),
    ],
)
def test_chinese_is_found_by_one_character_by_two_and_by_more(client, words, there, not_there):
    codes = found(client, q=words)
    assert there <= codes
    assert not codes & not_there


def test_every_item_is_found_by_any_piece_of_its_name():
    for item in Item.objects.in_force():
        for size in (1, 2, 3):
            for at in range(len(item.name) - size + 1):
                piece = item.name[at : at + size]
                codes = Item.objects.in_force().answering(piece).values_list("code", flat=True)
                assert item.code in codes, piece


def test_search_uses_the_index(django_assert_num_queries):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        query = Item.objects.answering("居").values("pk").query
        statement, given = query.sql_with_params()
        cursor.execute(f"EXPLAIN {statement}", given)
        assert "item_search" in " ".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ({"group": "C"}, {"C01.01"}, {"B01.01"}),
        ({"kind": "administrative"}, {"A01.01"}, {"B01.01"}),
        ({"people": "children"}, {"D01.03", "C02.03"}, {"B01.01"}),
        ({"body": "canlian"}, {"B02.02"}, {"B01.01"}),
        ({"funding": "charity_project"}, {"E01.01"}, {"E01.04"}),
        ({"price_from": "2000"}, {"B02.03", "E01.01"}, {"B01.01"}),
        ({"price_to": "10"}, {"B01.04", "A01.03"}, {"B01.01"}),
        ({"group": "B", "people": "elderly", "q": "餐"}, {"B01.04"}, {"B01.02"}),
    ],
)
def test_filters_narrow_the_list(client, asked, there, not_there):
    codes = found(client, **asked)
    assert there <= codes
    assert not codes & not_there


def test_a_place_finds_what_is_offered_there_and_everywhere(client):
    town = factories.town()
    elsewhere = "320281199"
    factories.PublishedEdition(change={"B01.01": {"places": [town.code]}})
    other = next(code for code in _towns() if code != town.code)
    assert {"B01.01", "B01.02"} <= found(client, place=town.code)
    assert "B01.01" not in found(client, place=other)
    assert "B01.02" in found(client, place=other)
    page = client.get("/", {"place": elsewhere}).content.decode()
    assert "共 0 项" in page


def _towns() -> list[str]:
    return list(Place.objects.filter(kind__in=["town", "street"]).values_list("code", flat=True))


def test_a_wrong_filter_is_said_and_finds_nothing(client):
    page = client.get("/", {"price_to": "很便宜"}).content.decode()
    assert "请填写金额" in page
    assert "共 0 项" in page


def test_the_list_is_the_same_number_of_queries_for_few_and_for_many(client, django_assert_num_queries):
    client.get("/")  # draws the cards and names that are cached
    for asked in ({"q": "居家照料"}, {}):
        client.get("/", asked)
        with django_assert_num_queries(4):
            client.get("/", asked)


def test_pages_are_the_same_while_the_cache_is_too_small_for_them(client, settings):
    whole = cards_of(client.get("/").content.decode())
    assert len(whole) > 3
    too_small = {**settings.CACHES["default"], "LOCATION": "small", "OPTIONS": {"MAX_ENTRIES": 3}}
    settings.CACHES = {"default": too_small}
    for asked in ({}, {"q": "居家照料"}, {}, {"q": "C01.04"}, {}):
        answer = client.get("/", asked)
        assert answer.status_code == 200
        assert set(cards_of(answer.content.decode())) <= set(whole)
    assert cards_of(client.get("/").content.decode()) == whole


def cards_of(page: str) -> list[str]:
    """The cards on a page of the catalog, as they stand there."""
    return re.findall(r'<article class="catalog-item">.*?</article>', page, re.S)


def test_what_changes_by_the_hour_is_not_cached(client):
    offer = factories.AcceptedOffer(code="C01.04", price=500, places=3)
    assert "1 家机构提供 · 空位 3" in client.get("/", {"q": "C01.04"}).content.decode()
    type(offer).objects.filter(pk=offer.pk).update(taken=2)
    assert "1 家机构提供 · 空位 1" in client.get("/", {"q": "C01.04"}).content.decode()


# --- the notice ----------------------------------------------------------------------------


def test_the_notice_has_the_disclosure_header_of_the_opinion(client, law):
    page = client.get(law.public_address()).content.decode()
    for name in (
        "信息索引号",
        "文件编号",
        "发布机构",
        "生成日期",
        "公开日期",
        "公开时限",
        "公开形式",
        "公开方式",
        "公开范围",
        "有效期",
        "公开程序",
        "体裁",
        "主题",
        "关键词",
        "效力状况",
    ):
        assert f"<dt>{name}</dt>" in page
    assert law.index_number in page
    assert "<dd>有效</dd>" in page
    factories.PublishedEdition()
    assert "失效（已被新版替代）" in client.get(law.public_address()).content.decode()


def test_a_correction_and_a_withdrawal_are_told_at_the_old_address(client, who, law):
    correction = publishing.correct(by=who("minzheng"), edition=law, correction_reason="单位印错")
    correction = publishing.open_consultation(correction, by=who("minzheng"))
    correction = publishing.submit_early(correction, by=who("minzheng"), reason="各部门都已答复")
    counting.count_now(correction)
    assert "单位印错" not in client.get(law.public_address()).content.decode()
    publishing.approve(
        correction,
        by=who("minzheng2"),
        document_number="更〔2026〕1号",
        index_number="c/1",
        in_force_from=moments.today(),
    )
    publishing.bring_into_force()
    assert "单位印错" in client.get(law.public_address()).content.decode()
    assert law.document_number in client.get(correction.public_address()).content.decode()
    publishing.withdraw(Edition.objects.get(pk=correction.pk), by=who("minzheng"), reason="仍有误")
    assert "仍有误" in client.get(correction.public_address()).content.decode()


def test_an_item_says_in_plain_words_who_may_get_it_and_who_pays(client, law):
    page = client.get(f"/catalog/{law.pk}/B01.04/").content.decode()
    for words in (
        "年满 60 周岁",
        "政府购买，家庭不付钱",
        "送达时餐温 ≥ 60 ℃",
        "特殊医学用途食品",
        "怎么申请",
    ):
        assert words in page
    factories.PublishedEdition()
    older = Edition.objects.get(status="superseded")
    assert "看施行中的这一项" in client.get(f"/catalog/{older.pk}/B01.04/").content.decode()


def test_a_past_day_shows_the_edition_of_that_day(client, law):
    older, law = law, factories.PublishedEdition(remove=["E02.02"])
    day = law.terms.get().starts - timedelta(days=1)
    page = client.get("/catalog/editions/", {"on": f"{day.year}.{day.month}.{day.day}"}).content.decode()
    assert re.search(rf'当天施行的是\s+<a href="/catalog/{older.pk}/"', page)
    data = client.get("/catalog/items.json", {"on": day.isoformat()}).json()
    assert data["edition"] == older.pk
    assert len(data["items"]) == older.items.count()
    assert client.get("/catalog/items.json").json()["edition"] == law.pk
    assert client.get("/catalog/items.json", {"on": "x"}).status_code == 400
    wrong = client.get("/catalog/editions/", {"on": "昨天"})
    assert wrong.status_code == 422
    assert "请按“2026年3月5日”" in wrong.content.decode()
    assert 'value="昨天"' in wrong.content.decode()


# --- files ---------------------------------------------------------------------------------


def test_the_files_of_a_published_edition_are_complete_and_cached(client, law):
    codes = set(law.items.values_list("code", flat=True))
    data = client.get(f"/catalog/{law.pk}/catalog.json").json()
    assert {item["code"] for item in data["items"]} == codes
    assert data["edition"]["document_number"] == law.document_number
    assert data["items"][0]["standards"][0]["measure"]
    book = load_workbook(io.BytesIO(client.get(f"/catalog/{law.pk}/catalog.xlsx").content))
    assert codes <= {row[0] for row in book["目录"].iter_rows(values_only=True)}
    answer = client.get(f"/catalog/{law.pk}/catalog.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "public" in answer["Cache-Control"]
    again = client.get(f"/catalog/{law.pk}/catalog.csv", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/catalog/{law.pk}/catalog.exe").status_code == 404


def test_files_of_a_draft_are_for_those_who_see_it_and_not_cached(client_of):
    draft = factories.DraftEdition()
    answer = client_of("minzheng").get(f"/catalog/{draft.pk}/catalog.csv")
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
    assert client_of("jigou").get(f"/catalog/{draft.pk}/catalog.csv").status_code == 404


def test_the_feed_is_atom_with_addresses_that_stay(client, law):
    answer = client.get("/catalog/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    atom = "{http://www.w3.org/2005/Atom}"
    links = [e.find(f"{atom}link").get("href") for e in feed.iter(f"{atom}entry")]
    assert links[0].endswith(law.public_address())
    assert len(links) == Edition.objects.published().count()
    assert feed.find(f"{atom}entry/{atom}updated").text.startswith(f"{law.published_on}")


def test_the_notice_is_made_once_shown_as_it_grows_and_kept_until_the_edition_changes(
    client, own_database, work_off
):
    law = Edition.objects.in_force().get()
    Document.objects.filter(kind="catalog-notice").delete()
    first = client.get(f"/catalog/{law.pk}/notice.pdf")
    assert first.status_code == 302
    page = client.get(first["Location"]).content.decode()
    assert "排队中" in page
    assert 'hx-trigger="every 1s"' in page
    work_off()
    ready = client.get(f"/catalog/{law.pk}/notice.pdf", follow=True)
    assert ready["Content-Type"] == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(ready.content)).pages]
    whole = "".join(pages)
    for words in (
        law.document_number,
        law.index_number,
        "江阴市民政局文件",
        "目 次",
        "B01.04",
        f"共 {len(pages)} 页",
    ):
        assert words.replace(" ", "") in whole.replace(" ", ""), words
    assert (
        client.get(f"/catalog/{law.pk}/notice.pdf")["Location"]
        == client.get(f"/catalog/{law.pk}/notice.pdf")["Location"]
    )
    assert Document.objects.filter(kind="catalog-notice", subject_id=law.pk).count() == 1
    factories.PublishedEdition()
    law.refresh_from_db()
    client.get(f"/catalog/{law.pk}/notice.pdf")  # it says now that it is superseded
    assert Document.objects.filter(kind="catalog-notice", subject_id=law.pk).count() == 2


def test_publication_asks_for_the_notice_by_itself(own_database, work_off):
    edition = factories.PublishedEdition()
    work_off()
    assert Document.objects.get(kind="catalog-notice", subject_id=edition.pk).status in (
        "ready",
        "queued",
        "rendering",
    )


def test_a_draft_has_its_pdf_marked_as_such(who):
    draft = factories.DraftEdition()
    document = making.request(NOTICE, draft, by=who("minzheng"))
    making.render(document)
    text = PdfReader(io.BytesIO(document.content())).pages[0].extract_text()
    assert "征求意见稿" in text
    with pytest.raises(NotYours):
        making.request(NOTICE, draft, by=None)


def test_a_private_document_stays_private(client, who):
    matter = factories.AcceptedMatter()
    document = making.request(ACCEPTANCE_SLIP, matter, by=factories.window_of(matter.town))
    assert client.get(document.get_absolute_url()).status_code == 404
    assert client.get(f"{document.get_absolute_url()}file.pdf").status_code == 404


def test_english_readers_get_english_where_there_is_one(client):
    client.cookies["django_language"] = "en"
    page = client.get("/").content.decode()
    assert "Home care" in page
    assert "Daily care and companionship" in page


def test_an_item_whose_validity_has_ended_is_no_longer_offered(client):
    today = moments.today()
    edition = factories.PublishedEdition(change={"B01.05": {"valid_until": today}})
    assert "B01.05" in found(client)
    later = moments.now() + timedelta(days=1)
    with moments.as_of(later):
        assert "B01.05" not in found(client)
        assert not Item.objects.in_force().filter(code="B01.05").exists()
        assert client.get(f"/catalog/{edition.pk}/B01.05/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/catalog/1/%00/", "/catalog/1/B01.01%00/", "/documents/%00/", "/hsds/services/%00"]
)
def test_a_null_byte_in_an_address_is_a_bad_request_and_no_fault(client, path):
    assert client.get(path).status_code == 400


def test_a_page_beyond_the_last_shows_the_first(client):
    assert "共 38 项" in client.get("/", {"page": "99"}).content.decode()


def test_what_was_chosen_stays_chosen_and_markup_is_no_choice(client):
    page = client.get("/", {"people": "elderly", "place": '"><script>'}).content.decode()
    assert '<option value="elderly" selected>' in page
    assert page.count(" selected>") == 1
    assert "<script>" not in page
    assert " selected>" not in client.get("/").content.decode()
