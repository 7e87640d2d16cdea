"""The files of the lists of the registration authority: read, looked at, taken over, each wrong row told."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from foundation import moments
from foundation.inbox.models import Notice
from foundation.refusals import Invalid
from organizations import tasks
from organizations.listings import entering
from organizations.listings.models import Listing, ListingFile
from organizations.providers.models import Provider
from tests import factories
from tests.organizations.test_listings import days, entered
from tests.racing import at_once, refused

HEADS = ("统一社会信用代码", "名称", "名录", "列入日期", "移出日期")


def sheet(*rows: tuple[object, ...], heads: tuple[str, ...] = HEADS) -> SimpleUploadedFile:
    """An XLSX file of these rows."""
    book, kept = Workbook(), io.BytesIO()
    for row in (heads, *rows):
        book.active.append(row)
    book.save(kept)
    return SimpleUploadedFile("minglu.xlsx", kept.getvalue())


def csv(*rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> SimpleUploadedFile:
    """A CSV file of these rows."""
    text = "\n".join(",".join(row) for row in (heads, *rows))
    return SimpleUploadedFile("minglu.csv", text.encode())


def test_what_of_a_file_was_not_read_is_told_and_a_doubled_column_refused(client_of):
    client = client_of("minzheng")
    row = (factories.new_credit_code(), "甲机构", "活动异常名录", "2026-01-05")
    doubled = sheet((*row, "", ""), heads=(*HEADS, "列入时间"))
    answer = upload(client, doubled)
    assert answer.status_code == 422
    assert "列入日期（D）、列入时间（F）" in answer.content.decode()
    book, kept = Workbook(), io.BytesIO()
    for page in (book.active, book.create_sheet("上一批")):
        page.append((*HEADS, "备注"))
        page.append(row)
    book.save(kept)
    answer = upload(client, SimpleUploadedFile("minglu.xlsx", kept.getvalue()))
    page = client.get(answer["Location"]).content.decode()
    assert "没有读取：上一批。" in page and "没有读取：备注。" in page


def test_a_cell_that_cannot_be_read_is_told_once(client_of):
    right = [factories.new_credit_code(), "甲机构", "活动异常名录", "2026-01-05"]
    book, kept = Workbook(), io.BytesIO()
    book.active.append(HEADS[:4])
    for broken in range(4):
        book.active.append(["=UPPER(1)" if n == broken else cell for n, cell in enumerate(right)])
    book.save(kept)
    answer = upload(client_of("minzheng"), SimpleUploadedFile("minglu.xlsx", kept.getvalue()))
    told = [str(words) for words in answer.context["form"].errors["file"]]
    assert [words.partition(" 是公式")[0].partition("\uff1a")[2] for words in told if "公式" in words] == [
        words.partition(" 是公式")[0].partition("\uff1a")[2] for words in told if "同一家" not in words
    ]
    assert sum("公式" in words for words in told) == 4


def upload(client, file: SimpleUploadedFile):
    return client.post("/listing-files/new/upload/", {"file": file, "source": "公示平台", "key": "k"})


def test_a_file_is_looked_at_first_and_counts_once_it_is_taken_over(client_of, who, work_off):
    provider, officer = factories.AccreditedProvider(), client_of("minzheng")
    known, unknown = provider.organization.credit_code, factories.new_credit_code()
    answer = upload(
        officer,
        sheet(
            (known, "登记的名称", "活动异常名录", "2026年3月5日", ""),
            (unknown, "别处的机构", "严重违法失信名单", "2025.1.2", "2026-02-01"),
        ),
    )
    assert answer.status_code == 302, answer.content.decode()
    page = officer.get(answer["Location"]).content.decode()
    assert provider.organization.name in page
    assert "没有登记" in page
    assert not Listing.objects.exclude(credit_code__startswith="52320281MJY").exists()
    kept = ListingFile.objects.get()
    entering.take_over(kept, by=who("minzheng"))
    entering.enter_file(kept.pk)
    kept.refresh_from_db()
    assert (kept.status, kept.done, kept.refused) == ("entered", 2, {})
    assert Provider.objects.get(pk=provider.pk).stands_on() == "abnormal"
    assert Listing.objects.get(credit_code=unknown).status == "removed"


def test_the_same_file_again_enters_nothing_twice_and_a_removal_in_it_counts(who):
    code, by = factories.new_credit_code(), who("minzheng")
    row = {
        "credit_code": code,
        "name": "某会",
        "kind": "abnormal",
        "listed_on": "2026-03-05",
        "removed_on": "",
    }
    for removed_on in ("", "", "2026-04-05"):
        kept = entering.upload(
            by=by, rows=[{**row, "removed_on": removed_on}], source="公示平台", file_name="a.csv"
        )
        entering.take_over(kept, by=by)
        entering.enter_file(kept.pk)
        kept.refresh_from_db()
        assert kept.refused == {}
    listing = Listing.objects.get(credit_code=code)
    assert (listing.status, str(listing.removed_on)) == ("removed", "2026-04-05")


def test_a_row_that_is_refused_by_now_is_told_and_the_others_are_entered(who):
    standing, other, third = (factories.new_credit_code() for _ in range(3))
    by = who("minzheng")
    row = {"name": "某会", "kind": "abnormal", "listed_on": "2026-03-05", "removed_on": ""}
    kept = entering.upload(
        by=by,
        rows=[{**row, "credit_code": code} for code in (other, standing, third)],
        source="公示平台",
        file_name="a.csv",
    )
    entered(who, standing)
    entering.take_over(kept, by=by)
    tasks.enter_listing_file.func(kept.pk)
    kept.refresh_from_db()
    assert (kept.status, kept.done, kept.entered) == ("entered", 3, 2)
    assert kept.refused.keys() == {"2"}
    assert "还没有移出" in kept.refused["2"]
    assert Listing.objects.filter(credit_code__in=(other, third)).count() == 2


def test_every_wrong_row_is_told_by_its_number_and_nothing_is_kept(client_of):
    code = factories.new_credit_code()
    answer = upload(
        client_of("minzheng"),
        csv(
            (code, "某会", "黑名单", "2026-03-05", ""),
            ("52320281MJT0000019", "某会", "活动异常名录", "2026-03-05", ""),
            (code, "某会", "活动异常名录", "", ""),
            (code, "某会", "活动异常名录", "2026-03-05", "2026-01-05"),
            (code, "", "活动异常名录", "2099-03-05", ""),
            (code, "某会", "活动异常名录", "2026-03-05", ""),
        ),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "第 2 行：名录应是",
        "第 3 行：统一社会信用代码校验不通过",
        "第 4 行：列入日期要填写",
        "第 5 行：移出日期不能早于列入日期",
        "第 6 行：请写机构名称",
        "第 6 行：日期不能晚于今天",
        "第 7 行：和第 4 行是同一家机构、同一个名录",
    ):
        assert words in page, words
    assert not ListingFile.objects.exists()


@pytest.mark.parametrize(
    "file,words",
    [
        (sheet(heads=("甲", "乙")), "没有找到表头"),
        (csv(), "文件里只有表头"),
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04 nothing"), "minglu"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.4"), "文件类型不对"),
    ],
)
def test_a_file_that_is_none_is_refused_at_its_field(client_of, file, words):
    file.seek(0)
    answer = upload(client_of("minzheng"), file)
    assert answer.status_code == 422
    assert words in answer.content.decode() or words == "minglu"


@pytest.mark.parametrize("head", ["移除日期", "移出名录日期", "移出名单日期", "移出决定日期"])
def test_the_day_of_removal_is_read_however_the_authority_calls_it(client_of, head):
    row = (factories.new_credit_code(), "某会", "活动异常名录", "2025-03-05", "2025-09-01")
    answer = upload(client_of("minzheng"), csv(row, heads=(*HEADS[:4], head)))
    assert answer.status_code == 302, answer.content.decode()
    assert ListingFile.objects.get().rows[0]["removed_on"] == "2025-09-01"


@pytest.mark.parametrize("head", ["移出公告日", "解除名录时间", "退出时间", "移出原因", "是否移出"])
def test_a_head_that_may_tell_of_a_removal_and_is_not_known_is_refused_by_its_name(client_of, head):
    row = (factories.new_credit_code(), "某会", "活动异常名录", "2025-03-05", "2025-09-01")
    answer = upload(client_of("minzheng"), csv(row, heads=(*HEADS[:4], head)))
    assert answer.status_code == 422
    assert f"不认识表头“{head}”" in answer.content.decode()
    assert not ListingFile.objects.exists()


def test_two_columns_with_the_day_of_removal_are_refused(client_of):
    row = (factories.new_credit_code(), "某会", "活动异常名录", "2025-03-05", "", "2025-09-01")
    answer = upload(client_of("minzheng"), csv(row, heads=(*HEADS, "移除日期")))
    assert answer.status_code == 422
    assert "这些列是同一项" in answer.content.decode()


def test_columns_that_are_not_read_are_told_on_the_page_of_the_file(client_of):
    row = (
        factories.new_credit_code(),
        "某会",
        "活动异常名录",
        "2025-03-05",
        "",
        "未报年报",
        "补报",
        "民政局",
    )
    heads = (*HEADS, "列入原因", "移出原因", "作出决定机关")
    officer = client_of("minzheng")
    answer = upload(officer, csv(row, heads=heads))
    assert answer.status_code == 302, answer.content.decode()
    page = officer.get(answer["Location"]).content.decode()
    for head in ("这些列不认识，没有读取", "列入原因", "移出原因", "作出决定机关"):
        assert head in page


def taken_over(who, *rows: dict[str, str]) -> ListingFile:
    """A file of these rows that one officer has uploaded and another taken over, once it is entered."""
    kept = entering.upload(by=who("minzheng"), rows=rows, source="公示平台", file_name="a.csv")
    entering.take_over(kept, by=who("minzheng2"))
    entering.enter_file(kept.pk)
    kept.refresh_from_db()
    return kept


def told_of(provider: Provider) -> int:
    """How many notices the coordinator of a provider has of the lists."""
    told = Notice.objects.filter(
        object_id=provider.pk, lifecycle="organizations.Provider", role="coordinator"
    )
    return told.filter(texts__icontains="活动异常名录").count()


def test_what_was_before_is_entered_in_whatever_order_and_told_to_nobody(who):
    provider = factories.AccreditedProvider()
    row = {"credit_code": provider.organization.credit_code, "name": "某会", "kind": "abnormal"}
    now = {**row, "listed_on": "2025-03-05", "removed_on": ""}
    before = {**row, "listed_on": "2022-03-05", "removed_on": "2023-01-01"}
    kept = taken_over(who, now, before)
    assert (kept.done, kept.refused) == (2, {})
    found = Listing.objects.filter(credit_code=row["credit_code"]).order_by("listed_on")
    assert [listing.status for listing in found] == ["removed", "listed"]
    assert told_of(provider) == 1
    assert taken_over(who, before, now).refused == {}
    assert told_of(provider) == 1
    gone = factories.AccreditedProvider()
    taken_over(who, {**before, "credit_code": gone.organization.credit_code})
    assert told_of(gone) == 0
    assert not Provider.objects.get(pk=gone.pk).stands_on()
    assert Provider.objects.get(pk=gone.pk).stands_on(moments.today().replace(year=2022, month=6, day=1))


def test_an_open_entry_is_removed_and_entered_anew_by_one_file(who):
    code = factories.new_credit_code()
    row = {"credit_code": code, "name": "某会", "kind": "abnormal"}
    taken_over(who, {**row, "listed_on": "2022-03-05", "removed_on": ""})
    again = {**row, "listed_on": "2025-03-05", "removed_on": ""}
    kept = taken_over(who, again, {**row, "listed_on": "2022-03-05", "removed_on": "2023-01-01"})
    assert kept.refused == {}
    assert Listing.objects.filter(credit_code=code).count() == 2


def test_days_in_a_list_do_not_overlap_and_history_that_was_wrong_is_withdrawn(who, client_of):
    code = factories.new_credit_code()
    given = {"credit_code": code, "name": "某会", "kind": "abnormal", "source": "公示平台"}
    first = {"listed_on": days(-100), "removed_on": days(-50)}
    made = entering.record(by=who("minzheng"), **given, **first)
    for begins, ends in ((-120, -90), (-60, -10), (-80, -70), (-120, -10)):
        with pytest.raises(Invalid) as refusal:
            entering.record(by=who("minzheng"), **given, listed_on=days(begins), removed_on=days(ends))
        assert "listed_on" in refusal.value.fields
    with pytest.raises(Invalid):
        entered(who, code, since=-60)
    entering.record(by=who("minzheng"), **given, listed_on=days(-50), removed_on=days(-40))
    assert client_of("minzheng").get("/listings/new/record/").status_code == 200
    entering.withdraw(made, by=who("minzheng2"), reason="同名")
    entering.record(by=who("minzheng"), **given, **first)


def test_who_uploaded_a_file_stays_beside_who_took_it_over(who, client_of):
    row = {"credit_code": factories.new_credit_code(), "name": "某会", "kind": "abnormal"}
    kept = taken_over(who, {**row, "listed_on": "2025-03-05", "removed_on": ""})
    people = (kept.uploaded_by_id, kept.taken_over_by_id)
    assert people == (who("minzheng").user_id, who("minzheng2").user_id)
    page = client_of("minzheng").get(kept.get_absolute_url()).content.decode()
    for name in ("周明", "吴洁"):
        assert name in page


def test_an_organization_is_entered_once_by_two_at_the_same_moment(own_database):
    code = factories.new_credit_code()
    by = factories.actor("minzheng")

    def once():
        return entering.enter(
            by=by, credit_code=code, name="某会", kind="abnormal", listed_on=days(-3), source="公示平台"
        )

    assert refused(at_once([once] * 4), Invalid) == 3
    assert Listing.objects.filter(credit_code=code).count() == 1


def test_a_column_that_is_missing_is_named_and_the_blank_has_all(client_of):
    client = client_of("minzheng")
    assert "/listing-files/template.xlsx" in client.get("/listing-files/new/upload/").content.decode()
    rows = (("统一社会信用代码", "名称", "列入日期"), ("52320281MJ00010050", "某会", "2026-01-05"))
    file = SimpleUploadedFile("名录.csv", "\n".join(map(",".join, rows)).encode())
    answer = client.post("/listing-files/new/upload/", {"file": file, "source": "公示平台"})
    assert "表头里缺这些列\uff1a名录。" in answer.content.decode()
    blank = load_workbook(io.BytesIO(client.get("/listing-files/template.xlsx").content))
    assert {"统一社会信用代码", "名录", "移出日期"} <= {cell.value for cell in blank.active[1]}
    other = SimpleUploadedFile("名录.csv", b"a,b\n1,2\n")
    assert "没有找到表头" in client.post("/listing-files/new/upload/", {"file": other}).content.decode()


def test_the_page_of_the_decision_names_whom_it_bars_and_the_row_whose_name_differs(client_of):
    provider = factories.AccreditedProvider()
    row = (provider.credit_code, "另一个名字", "活动异常名录", "2026-01-05", "")
    stranger = (factories.new_credit_code(), "外地机构", "活动异常名录", "2026-01-05", "")
    client = client_of("minzheng")
    address = upload(client, sheet(row, stranger))["Location"]
    page = client.get(address).content.decode()
    assert "名称和名录不同" in page and "2026年1月5日" in page
    decided = client.get(f"{address}take-over/").content.decode()
    assert f"{provider}\uff1a列入“活动异常名录”\uff0c不能再投标" in decided
    assert "外地机构" not in decided


def test_a_list_that_names_no_provider_says_so_where_it_is_taken_over(client_of):
    client = client_of("minzheng")
    address = upload(client, csv((factories.new_credit_code(), "外地机构", "活动异常名录", "2026-01-05", "")))
    page = client.get(f"{address['Location']}take-over/").content.decode()
    assert "没有本平台的承接主体会因此停接" in page
