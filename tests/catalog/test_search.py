"""What stands in the text shown is found, however it is typed: held against a plain LIKE."""

from __future__ import annotations

import random
import re
import unicodedata
from urllib.parse import quote

import pytest
from django.utils import translation

from catalog.editions.models import Edition
from catalog.items.models import Item
from tests import factories


def text_of(item) -> str:
    standards = "\n".join(f"{standard['text']}\n{standard['measure']}" for standard in item.standards)
    parts = (item.name, item.name_en, item.audience_text, item.description, item.includes)
    return "\n".join([*parts, standards])


def like(asked: str) -> set[str]:
    """The codes of the items in whose text the words stand, whatever spaces and widths."""

    def plain(text: str) -> str:
        return re.sub(r"[^\S\n]", "", unicodedata.normalize("NFKC", text)).casefold()

    return {item.code for item in Item.objects.in_force() if plain(asked) in plain(text_of(item))}


def found(asked: str) -> set[str]:
    return set(Item.objects.in_force().answering(asked).values_list("code", flat=True))


@pytest.mark.parametrize(
    "asked",
    [
        "50分钟",
        "50 分钟",
        "4小时",
        "4 小时",
        "14天",
        "14 天",
        "24小时内",
        "5个工作日",
        "90%",
        "90 %",
        "每次不少于",
        "10个工作日内链接",
        "0分钟",
    ],
)
def test_a_number_before_chinese_is_found_with_and_without_a_space(asked):
    assert like(asked) <= found(asked), asked


def test_the_examples_that_people_type_find_something():
    for asked in ("50分钟", "4小时", "14天"):
        assert found(asked), asked
        assert found(asked) == found(re.sub(r"(\d)(\D)", r"\1 \2", asked, count=1))


def test_every_piece_of_every_text_is_found():
    """Pieces that begin and end within Chinese or a number, cut by lot."""
    lot = random.Random(50)
    for item in Item.objects.in_force():
        for part in text_of(item).split("\n"):
            cut = re.findall(r"[\u4e00-\u9fff0-9 ,\uff0c、。]{2,12}", part)
            for piece in lot.sample(cut, min(3, len(cut))):
                asked = piece.strip(" ,\uff0c、。")  # typography: as typed
                if re.search(r"[\u4e00-\u9fff0-9]", asked):
                    assert item.code in found(asked), (item.code, asked)
                    assert item.code in found(asked.replace(" ", "")), (item.code, asked)


def wide(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


@pytest.mark.parametrize("asked", ["B01", "b01.04", "COUNSEL", "50分钟", "home care"])
def test_full_width_signs_mean_the_same(asked):
    assert found(wide(asked)) == found(asked) != set()


def test_signs_that_nobody_sees_change_nothing():
    assert found("居\u200b家照\ufeff料") == found("居家照料") != set()
    assert found("B\u200b01") == found("B01") != set()


@pytest.mark.parametrize(
    ("asked", "code"), [("居家照料服务", "B01.01"), ("住院陪护服务", "B01.02"), ("哀伤辅导服务", "C01.03")]
)
def test_a_word_too_much_does_not_hide_what_is_there(asked, code):
    assert code in found(asked)


@pytest.mark.parametrize(
    "asked", ["测试不存在的词", "zzz服务", "9999分钟", "%", "&|!:*<->", "''", "的的的的的"]
)
def test_what_is_not_there_is_not_found(asked):
    assert found(asked) == set()


def test_where_the_words_stand_nothing_looser_is_shown():
    assert found("居家照料") == like("居家照料")


def test_texts_that_are_wide_themselves_are_found():
    item = factories.DraftEdition().items.get(code="B01.04")
    Item.objects.filter(pk=item.pk).update(description="每周３次，Ｂ超检查，A4纸大小的𠮷祥卡\u200b片")
    for asked in ("3次", "B超", "b超检查", "A4纸", "４纸", "𠮷祥", "卡片"):
        assert Item.objects.filter(pk=item.pk).answering(asked).exists(), asked


@pytest.mark.parametrize("asked", ["50分钟", "４小时", "Ｂ０１"])
def test_page_api_and_directory_find_the_same(client, api_of, asked):
    codes = found(asked)
    assert codes
    page = client.get(f"/?q={quote(asked)}").content.decode()
    assert all(f">{code} ·" in page for code in codes)
    law = Edition.objects.in_force().get()
    rows = api_of("minzheng").get(f"/api/v1/editions/{law.pk}/items?q={quote(asked)}").json()
    assert {row["code"] for row in rows} == codes


def test_the_directory_finds_services_and_providers_in_any_width(client):
    factories.AcceptedOffer(code="C01.01")
    with translation.override("zh-hans"):
        for asked, same in (("50分钟", "50 分钟"), ("５０分钟", "50 分钟")):
            one = client.get(f"/hsds/services?search={quote(asked)}").json()
            two = client.get(f"/hsds/services?search={quote(same)}").json()
            assert one["total_items"] == two["total_items"] > 0
