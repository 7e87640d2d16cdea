"""A catalog comes in from a sheet: seen row by row before, all of it or nothing."""

# typography: as typed
from __future__ import annotations

import csv
import io
import string
import unicodedata
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from catalog.comparisons.comparing import compare
from catalog.editions import publishing
from catalog.editions.models import Edition
from catalog.items import editing
from catalog.items.item_form import ItemForm
from catalog.items.models import Item
from catalog.sheets import importing, writing
from catalog.sheets.models import Import
from foundation.journal.models import Entry
from foundation.refusals import Invalid, NotNow, Refused
from foundation.rules import reading
from organizations.bodies.models import Organization
from tests.evaluations.leaving import third_officer

HEAD = ("代码", "名称", "指导价上限")


class File(io.BytesIO):
    def __init__(self, content: bytes, name: str = "目录.csv", kind: str = "csv") -> None:
        super().__init__(content)
        self.name, self.kind = name, kind


def as_csv(*rows, head=HEAD) -> File:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return File(text.getvalue().encode())


def packed(size: int) -> bytes:
    """A small archive that unpacks to so many bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", bytes(size))
    return content.getvalue()


@pytest.fixture
def upload(who, draft):
    def send(file, **given):
        return importing.upload(by=who("minzheng"), edition=draft, file=file, **given)

    return send


def verdicts(waiting) -> dict[str, str]:
    return {line.code: line.verdict for line in importing.preview(waiting).lines}


def faults(waiting) -> str:
    return " ".join(w for line in importing.preview(waiting).lines for w in line.faults)


# --- there and back ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_exported_and_imported_again_is_the_same_catalog(who, upload, draft, kind):
    law = Edition.objects.in_force().get()
    officer = who("minzheng")
    content = {"xlsx": writing.as_xlsx, "csv": writing.as_csv}[kind](law)
    assert set(verdicts(upload(File(content, f"x.{kind}", kind))).values()) == {"same"}
    for item in draft.items.all():
        editing.remove(item, by=officer)
    for heading in draft.headings.order_by("-code"):
        editing.remove_heading(heading, by=officer)
    waiting = upload(File(content, f"x.{kind}", kind))
    assert set(verdicts(waiting).values()) == {"added"}
    importing.apply(waiting, by=officer)
    difference = compare(law, draft)
    assert (difference.added, difference.removed, difference.changed, difference.headings) == ((),) * 4
    assert difference.unchanged == law.items.count()


TEXTS = (
    st.text(
        alphabet=st.characters(
            whitelist_categories=("Lo", "Ll", "Nd", "Po", "Sm"),
            max_codepoint=0x9FFF,
            blacklist_characters="|\uff5c\ufeff",
        ),
        min_size=1,
        max_size=30,
    )
    .map(str.strip)
    # A ligature is read as its letters: what is typed in 30 characters may be longer as it is kept.
    .filter(lambda text: 0 < len(unicodedata.normalize("NFKC", text)) <= 30)
)
PRICES = st.decimals(min_value="0.01", max_value="99999", places=2)


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    name=TEXTS,
    text=TEXTS,
    measure=TEXTS,
    notes=st.sampled_from(["", "=1+1", "-减", "@x", "'引", "+加", "两\n行"]),
    low=PRICES,
    more=PRICES,
    target=st.decimals(min_value="-999", max_value="9999", places=3),
    age=st.none() | st.integers(0, 120),
    day=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    kind=st.sampled_from(["xlsx", "csv"]),
)
def test_any_item_survives_the_sheet(
    draft, who, name, text, measure, notes, low, more, target, age, day, kind
):
    form = ItemForm(
        {
            "code": "B01.09",
            "name": name,
            "kind": "direct",
            "need_kind": "care",
            "description": text,
            "includes": notes,
            "target_groups": ["elderly"],
            "audience_text": name,
            "unit": "次",
            "price_low": str(low),
            "price_high": str(low + more),
            "age_from": age,
            "valid_from": day,
            "standards": [
                {
                    "text": text,
                    "measure": measure,
                    "comparison": "at_most",
                    "target": str(target),
                    "unit": "天",
                }
            ],
            "methods": ["open"],
            "funding": "purchased",
            "body": "minzheng",
        }
    )
    assert form.is_valid(), form.errors
    Item.objects.filter(edition=draft, code="B01.09").delete()
    editing.add(draft, by=who("minzheng"), **form.cleaned_data)
    content = {"xlsx": writing.as_xlsx, "csv": writing.as_csv}[kind](draft)
    waiting = importing.upload(by=who("minzheng"), edition=draft, file=File(content, f"x.{kind}", kind))
    line = next(each for each in importing.preview(waiting).lines if each.code == "B01.09")
    assert (line.verdict, line.faults, line.changes) == ("same", (), ())


# --- the preview ---------------------------------------------------------------------------


def test_the_preview_says_row_by_row_what_would_happen(upload, draft):
    waiting = upload(
        as_csv(
            ["B01.01", "居家照料", "66"],
            ["B01.02", "住院陪护", "240"],
            ["B", "照料与护理", ""],
            ["B01.99", "新项目", "10"],
            ["B01.01", "又一次", "70"],
            ["", "没有代码", ""],
            ["乱码", "代码不对", "5"],
        )
    )
    lines = importing.preview(waiting).lines
    assert [line.verdict for line in lines] == [
        "changed",
        "same",
        "changed",
        "refused",
        "refused",
        "refused",
        "refused",
    ]
    assert [line.number for line in lines] == [2, 3, 4, 5, 6, 7, 8]
    change = {each.name: each for each in lines[0].changes}
    assert (change["price_high"].before, change["price_high"].after) == ("60.00", "66.00")
    assert change["price_high"].percent == Decimal("10.0")
    assert change["price_ceiling"].after == "79.20"  # follows, since the file has no ceiling
    assert "服务内容" in " ".join(lines[3].faults)
    assert "重复" in " ".join(lines[4].faults)
    assert "缺少代码" in " ".join(lines[5].faults)
    assert "B01.02" in " ".join(lines[6].faults)
    assert draft.items.get(code="B01.01").price_high == Decimal("60")  # nothing is changed yet


def test_one_row_that_is_refused_keeps_all_out(who, upload, draft):
    waiting = upload(as_csv(["B01.01", "居家照料", "66"], ["B01.02", "住院陪护", "便宜"]))
    with pytest.raises(Refused, match="1 行不能导入"):
        importing.apply(waiting, by=who("minzheng"))
    waiting.refresh_from_db()
    assert waiting.status == "previewed"
    assert draft.items.get(code="B01.01").price_high == Decimal("60")


def test_the_journal_says_that_a_file_came_and_not_all_that_is_in_it(upload):
    waiting = upload(as_csv(["B01.01", "居家照料", "66"]))
    entry = Entry.objects.get(lifecycle="catalog.Import", object_id=waiting.pk)
    assert entry.after["file_name"] == "目录.csv"
    assert "rows" not in entry.after


def test_taking_in_is_one_entry_of_the_edition(who, upload, draft):
    importing.apply(upload(as_csv(["B01.01", "居家照料", "66"])), by=who("minzheng"))
    entry = Entry.objects.filter(lifecycle="catalog.Edition", object_id=draft.pk).latest("id")
    assert (entry.move, entry.after["changed"]) == ("import", 1)
    assert draft.items.get(code="B01.01").price_ceiling == Decimal("79.20")


def test_what_the_file_has_not_stays_or_goes_as_was_asked(who, upload, draft):
    rows = [["B", "照料护理", ""], ["B01", "生活照料与陪护", ""], ["B01.01", "居家照料", "60"]]
    assert set(verdicts(upload(as_csv(*rows))).values()) == {"same"}
    waiting = upload(as_csv(*rows), replace=True)
    counts = importing.preview(waiting).counts
    assert counts["removed"] == draft.items.count() - 1 + draft.headings.count() - 2
    importing.apply(waiting, by=who("minzheng"))
    assert list(draft.items.values_list("code", flat=True)) == ["B01.01"]
    assert list(draft.headings.values_list("code", flat=True)) == ["B", "B01"]


def test_a_heading_that_is_still_needed_is_missed(upload):
    waiting = upload(as_csv(["B01.01", "居家照料", "60"]), replace=True)
    assert verdicts(waiting)["B01"] == "refused"
    assert "没有这个分类的名称行" in faults(waiting)


def test_a_draft_changed_after_the_look_is_not_overwritten_unseen(who, upload, draft):
    waiting = upload(as_csv(["B01.01", "居家照料", "66"]))
    seen = importing.preview(waiting).digest
    editing.change(draft.items.get(code="B01.01"), by=third_officer(), name="居家照护")
    with pytest.raises(Refused, match="重新核对预览"):
        importing.apply(waiting, by=who("minzheng"), seen=seen)
    importing.apply(waiting, by=who("minzheng"), seen=importing.preview(waiting).digest)
    with pytest.raises(NotNow):
        importing.apply(Import.objects.get(pk=waiting.pk), by=who("minzheng"))


def test_nothing_is_taken_into_an_edition_that_is_no_draft(who, upload, draft):

    waiting = upload(as_csv(["B01.01", "居家照料", "66"]))
    publishing.open_consultation(draft, by=who("minzheng"))
    with pytest.raises(NotNow, match="起草阶段"):
        importing.apply(waiting, by=who("minzheng"))
    with pytest.raises(NotNow):
        upload(as_csv(["B01.01", "居家照料", "66"]))


# --- files as they come --------------------------------------------------------------------


def test_a_file_of_chinese_excel_is_read_with_its_title_and_other_columns(upload):
    text = "2027 年目录草案\n\n代码,名称,指导价上限,备注\nB01.01,居家照料,66,暂定\n,,,\n"
    waiting = upload(File(text.encode("gb18030")))
    found = importing.preview(waiting)
    assert found.unknown == ("备注",)
    assert [(line.number, line.verdict) for line in found.lines] == [(4, "changed")]


def test_characters_that_no_cell_holds_are_left_out(upload):
    text = "代码,名称\nB01.01,居家照料\nB,照料\0护理\x0b\n"
    assert verdicts(upload(File(text.encode()))) == {"B01.01": "same", "B": "same"}


def test_english_heads_and_words_are_read_too(upload):
    waiting = upload(as_csv(["B01.01", "居家照料", "Direct"], head=("code", "name", "kind")))
    assert set(verdicts(waiting).values()) == {"same"}


def test_numbers_and_dates_of_excel_are_read_as_meant(upload, draft):
    book = Workbook()
    book.active.append(["代码", "名称", "指导价上限", "有效期至", "年龄下限(岁)"])
    book.active.append(["B01.01", "居家照料", 66.5, date(2027, 6, 30), 60.0])
    content = io.BytesIO()
    book.save(content)
    line = importing.preview(upload(File(content.getvalue(), "x.xlsx", "xlsx"))).lines[0]
    after = {change.name: change.after for change in line.changes}
    assert (after["price_high"], after["valid_until"], after["age_from"]) == ("66.50", "2027-06-30", "60")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (File("名称,价格\n居家照料,1\n".encode()), "没有找到表头"),
        (File("代码,名称\n".encode()), "只有表头"),
        (File("代码,名称,名称\nB,照料,x\n".encode()), "重复的列"),
        (File(b"PK\x03\x04 broken", "x.xlsx", "xlsx"), "文件打不开"),
        (File(packed(101 * 1024 * 1024), "x.xlsx", "xlsx"), "解开后太大"),
        (File(b"\xff\xff\xff\xff\xff"), "编码认不出"),
        (File(b""), "没有找到表头"),
        (as_csv(*[["B", "x", ""]] * 5001), "超过 5000 行"),
    ],
)
def test_a_file_that_cannot_be_read_says_how_to_mend_it(upload, file, words):
    with pytest.raises(Invalid) as refusal:
        upload(file)
    assert words in str(refusal.value.fields["file"])
    assert not Import.objects.exclude(file_name="目录.csv", status="taken_in").exists()


def test_a_formula_is_a_text_in_both_files(who, draft):
    editing.change(draft.items.get(code="B01.01"), by=who("minzheng"), includes='=HYPERLINK("x")')
    assert "'=HYPERLINK" in writing.as_csv(draft).decode("utf-8-sig")
    page = load_workbook(io.BytesIO(writing.as_xlsx(draft)))["目录"]
    cells = [cell for row in page.iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert [cell.data_type for cell in cells] == ["s"]


def test_the_sheet_can_be_filled_in_by_people(draft):
    book = load_workbook(io.BytesIO(writing.as_xlsx(draft)))
    assert book.sheetnames == ["目录", "目录信息", "填写说明"]
    page = book["目录"]
    assert page.freeze_panes == "C2"
    assert page.data_validations.count >= 3
    assert page.cell(1, 1).value == "代码"
    assert all(letter in string.printable for letter in page.print_title_rows)


# --- pages and API -------------------------------------------------------------------------


def test_the_pages_lead_from_the_file_to_the_draft(client_of, draft):
    client = client_of("minzheng")
    file = SimpleUploadedFile("新目录.csv", as_csv(["B01.01", "居家照料", "66"]).getvalue())
    answer = client.post("/imports/new/upload/", {"edition": draft.pk, "file": file, "key": "u"}, follow=True)
    page = answer.content.decode()
    assert "新目录.csv" in page
    assert "60.00" in page
    assert "66.00" in page
    waiting = Import.objects.latest("pk")
    digest = importing.preview(waiting).digest
    answer = client.post(f"/imports/{waiting.pk}/apply/", {"seen": digest, "key": "a"}, follow=True)
    assert answer.status_code == 200
    assert draft.items.get(code="B01.01").price_high == Decimal("66")
    assert "已导入" in client.get(waiting.get_absolute_url()).content.decode()


def test_a_wrong_file_is_refused_at_its_field_and_nothing_is_kept(client_of, draft):
    before = Import.objects.count()
    file = SimpleUploadedFile("图.png", b"\x89PNG\r\n\x1a\n....")
    answer = client_of("minzheng").post("/imports/new/upload/", {"edition": draft.pk, "file": file})
    assert answer.status_code == 422
    assert "请上传 XLSX、CSV 文件" in answer.content.decode()
    assert Import.objects.count() == before


def test_the_api_takes_a_file_and_shows_the_preview(api_of, draft):
    api = api_of("minzheng")
    file = SimpleUploadedFile("x.csv", as_csv(["B01.01", "居家照料", "66"]).getvalue())
    made = api.post("/api/v1/imports/upload", {"edition": draft.pk, "file": file}, format="multipart")
    assert made.status_code == 201, made.content
    address = f"/api/v1/imports/{made.json()['id']}"
    preview = api.get(f"{address}/preview").json()
    assert preview["counts"]["changed"] == 1
    assert preview["lines"][0]["changes"][0]["name"] == "price_high"
    done = api.post(f"{address}/apply", {"seen": preview["digest"]}, format="json")
    assert (done.status_code, done.json()["status"]) == (200, "taken_in")


def test_a_preview_is_the_same_number_of_queries_for_few_rows_and_for_many(upload, django_assert_num_queries):
    few = upload(as_csv(["B01.01", "居家照料", "66"]))
    many = upload(File(writing.as_csv(Edition.objects.in_force().get())))
    for waiting in (few, many):
        with reading.remembered.meanwhile(), django_assert_num_queries(7):
            importing.preview(waiting)


def test_a_file_with_a_wrong_row_is_not_offered_for_importing_anywhere(client_of, upload, draft):
    waiting = upload(as_csv(["B01.01", "居家照料", "66"], ["B01.02", "住院陪护", "便宜"]))
    client = client_of("minzheng")
    page = client.get(waiting.get_absolute_url()).content.decode()
    assert "1 行不能导入" in page
    assert "重新上传" in page
    bench = client.get("/workbench/").content.decode()
    for shown in (page, bench, client.get(draft.get_absolute_url()).content.decode()):
        assert f"/imports/{waiting.pk}/apply/" not in shown
    assert "apply" not in client.get(f"/api/v1/imports/{waiting.pk}").json()["moves"]


def test_the_blank_of_a_first_catalog_names_its_columns_and_its_example_can_be_imported(
    client_of, upload, draft
):
    client = client_of("minzheng")
    page = client.get("/imports/new/upload/").content.decode()
    assert "/imports/blank.xlsx" in page
    assert "必填的列\uff1a代码、名称、" in page
    book = load_workbook(io.BytesIO(client.get("/imports/blank.xlsx").content))
    assert book.sheetnames == ["目录", "填写示例", "填写说明"]
    heads, *rows = book["填写示例"].iter_rows(values_only=True)
    assert list(heads) == [cell.value for cell in book["目录"][1]]
    body = Organization.objects.bodies()[0].name
    rows = [
        ["" if cell is None else body if cell == "示例市民政局" else cell for cell in row] for row in rows
    ]
    rows[0][0], rows[1][0], rows[2][0] = "X", "X01", "X01.01"
    found = importing.preview(upload(as_csv(*rows, head=heads)))
    assert [(line.verdict, line.faults) for line in found.lines] == [("added", ())] * 3
