"""A city's Excel becomes law in a browser: two people, no word lost, every page looked at."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from catalog.editions import publishing
from catalog.editions.models import Edition
from catalog.offers import renewal
from catalog.offers.models import Offer
from catalog.sheets import writing
from foundation import moments
from tests.journeys.looking import DESK, PHONE, faults, flaws, press

pytestmark = [pytest.mark.story, pytest.mark.browser]


def excel(edition: Edition, **changed: dict[str, object]) -> bytes:
    """The edition's own sheet with some cells changed, by code and head."""
    book = load_workbook(io.BytesIO(writing.as_xlsx(edition)))
    page = book["目录"]
    heads = {cell.value: cell.column for cell in page[1]}
    for row in page.iter_rows(min_row=2):
        for head, value in changed.get(str(row[0].value).replace(".", "_"), {}).items():
            page.cell(row[0].row, heads[head]).value = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def upload(page, content: bytes) -> None:
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = {"name": "2027 目录.xlsx", "mimeType": mime, "buffer": content}
    page.locator("[name=file]").set_input_files(file)
    press(page, "导入目录文件")


def looked_at(page) -> None:
    """Nothing is wrong in a narrow or a wide window, and everybody can use it."""
    assert [*flaws(page, PHONE), *flaws(page, DESK), *faults(page)] == []


def test_two_people_publish_an_edition_from_an_excel_file(person, own_database, work_off):
    law = Edition.objects.in_force().get()
    officer, second, coordinator = person("minzheng"), person("minzheng2"), person("jigou")

    # --- the first: a draft, a file with a mistake, the file mended
    officer.goto("/editions/")
    press(officer, "起草新版目录")
    officer.fill("[name=title]", "江阴市社会救助政府购买服务目录（2027年修订版）")
    press(officer, "起草新版目录")
    draft = officer.url
    looked_at(officer)
    officer.get_by_role("link", name="导入文件").click()
    looked_at(officer)
    officer.locator("[name=edition]").select_option(label="江阴市社会救助政府购买服务目录（2027年修订版）")
    upload(officer, excel(law, B01_01={"指导价上限": "很贵", "最高限价": None}))
    assert "1 行不能导入" in officer.locator("main").inner_text()
    assert "请填写金额" in officer.locator("main").inner_text()
    assert officer.get_by_role("button", name="确认导入").count() == 0
    looked_at(officer)
    press(officer, "重新上传")
    officer.locator("[name=edition]").select_option(label="江阴市社会救助政府购买服务目录（2027年修订版）")
    upload(officer, excel(law, B01_01={"指导价上限": 66, "最高限价": None, "计量单位": "工时"}))
    assert "修改 1 行" in officer.locator("main").inner_text()
    press(officer, "确认导入")
    officer.goto(draft)
    assert "工时" in officer.locator("main").inner_text()

    # --- an item by hand, its mistake told and nothing lost
    officer.locator("tr", has_text="B01.02").get_by_role("link", name="修改").click()
    officer.fill("[name=price_low]", "999")
    officer.fill("[name=standards-1-text]", "每日记录陪护情况")
    press(officer, "保存")
    text = officer.locator("main").inner_text()
    assert "下限不能高于上限" in text
    assert "可以衡量的指标" in text
    assert officer.input_value("[name=standards-1-text]") == "每日记录陪护情况"
    looked_at(officer)
    officer.fill("[name=price_low]", "150")
    officer.fill("[name=standards-1-measure]", "有记录的陪护日")
    officer.select_option("[name=standards-1-comparison]", "exactly")
    officer.fill("[name=standards-1-target]", "100")
    officer.fill("[name=standards-1-unit]", "%")
    press(officer, "保存")
    assert officer.url == draft
    press(officer, "征求意见")
    press(officer, "征求意见")
    press(officer, "提前送审")
    officer.fill("[name=reason]", "各部门都已答复")
    press(officer, "提前送审")

    # --- the second: sees what it brings, and publishes
    second.goto(f"{draft}effect/")
    press(second, "计算影响")
    work_off()
    second.goto(draft)
    press(second, "批准并发布")
    assert "发布以后会怎样" in second.locator("main").inner_text()
    looked_at(second)
    second.get_by_role("link", name="看每一份合同、申报和转介").click()
    assert "B01.01 居家照料" in second.locator("main").inner_text()
    looked_at(second)
    second.go_back()
    second.fill("[name=document_number]", "澄民发〔2026〕120号")
    second.fill("[name=index_number]", "01404053X/2026-00120")
    second.fill("[name=in_force_from]", f"{moments.today():%Y.%m.%d}")
    press(second, "批准并发布")
    work_off()
    publishing.bring_into_force()
    renewal.look_at_renewals()

    # --- anybody: the page, the notice, the difference
    edition = Edition.objects.in_force().get()
    public = person()
    public.goto("/")
    assert "2027年修订版" in public.locator("main").inner_text()
    public.fill("#q", "工时")
    public.fill("#q", "居家照料")
    public.get_by_text("共 1 项").wait_for()
    looked_at(public)
    public.goto(edition.public_address())
    looked_at(public)
    public.get_by_role("link", name="与上一版对照").click()
    assert "+10.0%" in public.locator("main").inner_text()
    looked_at(public)
    public.goto("/catalog/editions/")
    looked_at(public)

    # --- the provider: what it must renew
    coordinator.goto("/offers/")
    assert "目录已换版，请续报" in coordinator.locator("main").inner_text()
    looked_at(coordinator)
    coordinator.get_by_role("link", name="B01.01 居家照料").first.click()
    looked_at(coordinator)
    press(coordinator, "按新版目录续报")
    assert "工时" in coordinator.locator("main").inner_text()
    looked_at(coordinator)
    coordinator.check("[name=confirmed]")
    press(coordinator, "按新版目录续报")
    offer = Offer.objects.get(item__edition=edition, item__code="B01.01", status="renewed")
    assert offer.item.unit == "工时"
