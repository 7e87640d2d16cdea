"""Files that are no sheets, broken ones, and small ones that hold large ones: the answer is in words."""

# typography: as typed
from __future__ import annotations

import io
import random
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.items.models import Item
from catalog.sheets import importing
from catalog.sheets.models import Import
from foundation.refusals import Invalid
from tests.catalog.sheets import saved, small


def member(content: bytes, name: str, change) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for each in before.infolist():
            data = before.read(each)
            data = change(data) if each.filename == name else data
            if data is not None:
                after.writestr(each.filename, data)
    return made.getvalue()


def strict(content: bytes) -> bytes:
    """As "Strict Open XML" names its spaces."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for each in before.infolist():
            data = before.read(each)
            for old, new in (
                (
                    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
                ),
                (
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            ):
                data = data.replace(old, new)
            after.writestr(each.filename, data)
    return made.getvalue()


PARTS = (
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
    "xl/sharedStrings.xml",
)


def encrypted(content: bytes) -> bytes:
    """Every member says that it is encrypted."""
    data = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = data.find(mark)
        while where >= 0:
            data[where + at] |= 1
            where = data.find(mark, where + 4)
    return bytes(data)


def odd_workbooks():
    good = saved(small([["代码", "名称"], ["B01.02", "住院陪护"]]))
    yield "strict", strict(good)
    yield "encrypted", encrypted(good)
    yield "cut off", good[: len(good) // 2]
    yield "only a mark", b"PK\x03\x04"
    for part in PARTS:
        yield f"{part} cut", member(good, part, lambda data: data[: len(data) // 2])
        yield f"{part} gone", member(good, part, lambda data: None)
        yield f"{part} empty", member(good, part, lambda data: b"")
        yield f"{part} no XML", member(good, part, lambda data: b"\xff\xfe\x00nonsense")
        yield f"{part} other XML", member(good, part, lambda data: b"<a><b/></a>")
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    yield "entities", member(good, "xl/worksheets/sheet1.xml", lambda data: bomb)
    text = io.BytesIO()
    with zipfile.ZipFile(text, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content/>")
    yield "ods", text.getvalue()


OTHERS = {
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "html": "<html><table><tr><td>代码</td><td>名称</td></tr></table></html>".encode(),
    "xml": b"<?xml version='1.0'?><Workbook/>",
    "empty": b"",
    "utf-16": "代码\t名称\nB01.02\t住院陪护\n".encode("utf-16"),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "rubbish": bytes(range(256)) * 4,
}


@pytest.mark.tampers
def test_whatever_comes_the_page_answers_in_words_and_keeps_nothing(client_of, draft):
    client = client_of("minzheng")
    before = Import.objects.count()
    shown = Item.objects.filter(edition=draft).values_list("code", "name")
    was = list(shown)
    for name, content in (*odd_workbooks(), *OTHERS.items()):
        file = SimpleUploadedFile("目录.xlsx", content)
        answer = client.post("/imports/new/upload/", {"edition": draft.pk, "file": file})
        kept = Import.objects.count() - before
        # A part that does not matter may be missing: then the rows are read as they stand.
        assert (answer.status_code, kept) in ((422, 0), (302, 1)), (name, answer.status_code)
        if kept:
            assert [line.name for line in importing.preview(Import.objects.latest("pk")).lines] == [
                "住院陪护"
            ], name
            Import.objects.latest("pk").delete()
        else:
            assert any("\u4e00" <= each <= "\u9fff" for each in answer.content.decode()), name
    assert list(shown) == was


def test_a_workbook_with_bytes_changed_at_random_never_breaks_the_upload(upload):
    random_ = random.Random(860)
    good = saved(small([["代码", "名称", "年龄下限(岁)"], ["B01.02", "住院陪护", 60]]))
    for _ in range(120):
        data = bytearray(good)
        for _ in range(random_.choice((1, 3, 20))):
            data[random_.randrange(len(data))] = random_.randrange(256)
        try:
            importing.preview(upload(bytes(data)))
        except Invalid as refusal:
            assert str(refusal.fields["file"])


def test_parts_of_a_workbook_garbled_at_random_never_break_the_upload(upload):
    random_ = random.Random(2026)
    good = saved(small([["代码", "名称", "年龄下限(岁)"], ["B01.02", "住院陪护", 60]]))

    def garbled(data: bytes) -> bytes:
        made = bytearray(data)
        for _ in range(random_.choice((1, 2, 8))):
            made[random_.randrange(len(made))] = random_.choice(b"<>&\"'09aZ=/ \x00\xff")
        return bytes(made)

    for n in range(120):
        try:
            importing.preview(upload(member(good, PARTS[n % 3], garbled)))
        except Invalid as refusal:
            assert str(refusal.fields["file"])


SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"


def with_shared(texts: bytes, cells: bytes = b"") -> bytes:
    """A workbook whose texts stand apart, as Excel writes them; ``cells`` are further rows."""
    made = io.BytesIO()
    good = saved(small([["代码", "名称"], ["B01.02", "住院陪护"]]))
    with (
        zipfile.ZipFile(io.BytesIO(good)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for each in before.infolist():
            data = before.read(each)
            if each.filename == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
                override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
                data = data.replace(b"</Types>", override.encode())
            if each.filename == SHEET:
                data = data.replace(b"</sheetData>", cells + b"</sheetData>")
            after.writestr(each.filename, data)
        after.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SPREADSHEET}">'.encode() + texts + b"</sst>")
    return made.getvalue()


def test_texts_that_stand_apart_are_read_as_excel_writes_them(upload):
    texts = "<si><t>B01.03</t></si><si><r><t>日间</t></r><r><rPr><b/></rPr><t>照料</t></r></si>"
    row = b'<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c></row>'
    lines = importing.preview(upload(with_shared(texts.encode(), row))).lines
    assert [(line.code, line.name) for line in lines][-1] == ("B01.03", "日间照料")


def large_ones():
    good = saved(small([["代码", "名称"], ["B01.02", "住院陪护"]]))

    def part(name, before, many):
        def change(data):
            assert before in data
            return data.replace(before, many + before)

        made = io.BytesIO(member(good, name, change))
        return made.getvalue()

    letters, end = b"a" * 40_000_000, b"</sheetData>"
    cell = b'<row r="3"><c r="A3" t="inlineStr"><is><t>%b</t></is></c></row>'
    yield "one shared text", "文字太长", with_shared(b"<si><t>" + letters + b"</t></si>")
    yield (
        "one shared text of runs",
        "文字太长",
        with_shared(
            b"<si>"
            + b"<r><rPr><b/></rPr><t>"
            + b"a" * 20_000
            + b"</t></r>"
            + (b"<r><t>" + b"a" * 20_000 + b"</t></r>") * 200
            + b"</si>"
        ),
    )
    yield "shared texts", "格子太多", with_shared(b"<si><t>a</t></si>" * 800_000)
    yield "one cell", "文字太长", part(SHEET, end, cell % letters)
    yield "one row", "格子太多", part(SHEET, end, b'<row r="3">' + b"<c/>" * 3_000_000 + b"</row>")
    rows = b"".join(b'<row r="%d">%b</row>' % (n, b"<c/>" * 100) for n in range(3, 4500))
    yield "rows", "格子太多", part(SHEET, end, rows)
    yield "styles", "样式", part(STYLES, b"</cellXfs>", b"<xf/>" * 500_000)
    yield "fonts", "样式", part(STYLES, b"</fonts>", b"<font/>" * 500_000)
    yield "sheets", "工作表太多", part(BOOK, b"</sheets>", b'<sheet name="a" sheetId="1"/>' * 5000)
    yield "deep", "打不开", part(SHEET, end, b"<a>" * 100_000 + b"</a>" * 100_000)
    yield "a long tag", "打不开", part(SHEET, end, b'<row x="' + letters + b'"></row>')
    yield "the same row twice", "打不开", part(SHEET, end, b'<row r="2"><c r="A2"/></row>')


def test_a_small_file_that_holds_a_large_one_is_refused_before_it_is_read(upload):
    for name, words, content in large_ones():
        with pytest.raises(Invalid) as refusal:
            upload(content)
        assert words in str(refusal.value.fields["file"]), name


@pytest.mark.parametrize("text", ["," * 3_000_000, "B01.02," + "长" * 200_000])
def test_a_line_of_a_text_file_is_no_bomb_either(upload, text):
    with pytest.raises(Invalid) as refusal:
        upload(f"代码,名称\n{text}\n".encode(), "csv")
    assert "太多" in str(refusal.value) or "太长" in str(refusal.value)


def test_empty_rows_at_the_end_are_passed_over(upload):
    """Sheets whose columns were given a format have rows to the very end."""
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 120_000))
    long = member(
        saved(small([["代码", "名称"], ["B01.02", "住院陪护"]])),
        SHEET,
        lambda data: data.replace(b"</sheetData>", rows + b"</sheetData>"),
    )
    csv_ = "代码,名称\nB01.02,住院陪护\n" + ",\n" * 100_000
    for content, kind in ((long, "xlsx"), (csv_.encode(), "csv")):
        lines = importing.preview(upload(content, kind)).lines
        assert [(line.code, line.name) for line in lines] == [("B01.02", "住院陪护")]
