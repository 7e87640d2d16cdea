"""The whole trip through the market in a real browser, every role in its own session."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.editions import publishing
from contracts.contracts import running as contracts_running
from contracts.contracts.models import Contract
from demo.accounts import PASSWORD as DEMO_PASSWORD
from evaluations.rounds.models import Round
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock
from foundation.roles import Role
from foundation.work_items import settling
from households.register import accounts
from organizations.people.models import User
from organizations.providers.models import Provider
from referrals.matters.models import Matter
from referrals.offers.models import Referral
from tests import factories
from tests.journeys.checks import everything_is_as_it_should_be
from tests.journeys.looking import press

pytestmark = [pytest.mark.story, pytest.mark.browser]

PRICE, UNITS = Decimal("45"), 2
NAME = "江阴新苗社工服务中心"


def told(page, words: str) -> None:
    """The page says so."""
    page.get_by_role("status").filter(has_text=words).first.wait_for()


def time_is_over() -> None:
    """The days of the present stage of every round have passed."""
    running = Clock.objects.filter(lifecycle="evaluations.Round", stopped_at=None)
    running.update(due_at=moments.now() - timedelta(minutes=1))
    clocks.tick()
    settling.touch(*Round.objects.all())


def test_from_the_catalog_to_the_closed_door(person, own_database, work_off):
    officer, second = person("minzheng"), person("minzheng2")

    # --- civil affairs publishes an edition; a body comments; another person approves
    officer.goto("/editions/")
    press(officer, "起草新版目录")
    officer.fill("[name=title]", "新版目录")
    press(officer, "起草新版目录")
    edition = officer.url
    press(officer, "征求意见")
    press(officer, "征求意见")
    body = person("bumen")
    body.goto(edition)
    press(body, "提出意见")
    body.fill("[name=text]", "建议写明取证要求")
    press(body, "提出意见")
    officer.goto(edition)
    assert officer.locator("main").get_by_role("link", name="提前送审", exact=True).count() == 0
    assert "还有 1 条意见没有答复" in officer.locator("main").inner_text()
    officer.goto(edition)
    press(officer, "答复")
    officer.fill("[name=text]", "已采纳")
    press(officer, "答复")
    officer.goto(edition)
    press(officer, "提前送审")
    officer.fill("[name=reason]", "各部门都已答复")
    press(officer, "提前送审")
    assert officer.locator("main").get_by_role("link", name="批准并发布").count() == 0
    second.goto(edition)
    assert second.locator("main").get_by_role("link", name="批准并发布").count() == 0
    assert "发布的影响还在后台计算" in second.locator("main").inner_text()
    officer.goto(f"{edition}effect/")
    press(officer, "计算影响")
    work_off()
    second.goto(edition)
    press(second, "批准并发布")
    second.fill("[name=document_number]", "澄民发〔2026〕110号")
    second.fill("[name=index_number]", "x/110")
    second.fill("[name=in_force_from]", "2026.13.1")
    press(second, "批准并发布")
    assert "请按“2026年3月5日”" in second.locator("main").inner_text()
    assert second.input_value("[name=document_number]") == "澄民发〔2026〕110号"
    second.goto(edition)
    press(second, "批准并发布")
    second.fill("[name=document_number]", "澄民发〔2026〕110号")
    second.fill("[name=index_number]", "x/110")
    second.fill("[name=in_force_from]", f"{moments.today():%Y-%m-%d}")
    press(second, "批准并发布")
    work_off()
    publishing.bring_into_force()
    second.goto(edition)
    assert "施行" in second.locator(".chip").first.inner_text()

    # --- a provider is registered, checked, accredited by another person
    officer.goto("/providers/")
    press(officer, "登记承接主体")
    officer.fill("[name=name]", NAME)
    officer.fill("[name=credit_code]", "9111")
    officer.select_option("[name=nature]", "social_work_agency")
    officer.select_option("[name=place]", label=factories.TOWN)
    officer.get_by_label(factories.TOWN, exact=True).check()
    press(officer, "登记承接主体")
    assert "应为 18 位，现在是 4 位" in officer.locator("#block-credit_code").inner_text()
    assert officer.input_value("[name=name]") == NAME
    officer.fill("[name=credit_code]", factories.new_credit_code())
    press(officer, "登记承接主体")
    address = officer.url
    provider = factories.certified(Provider.objects.get(organization__name=NAME))
    press(officer, "查验材料")
    for right in officer.locator("input[type=radio][value=right]").all():
        right.check()
    for where in officer.locator("input[name$=_where]").all():
        where.fill("登记管理机关信用信息公示平台")
    officer.fill("[name=yearly_check_words]", "公示平台上近两年的结果已核对。")
    press(officer, "查验材料")
    second.goto(address)
    assert "登记证书" in second.locator("main").inner_text()
    press(second, "准予承接")
    press(second, "准予承接")
    told(second, "已办理")
    people = {}
    for username, role in (("xinmiao", Role.COORDINATOR), ("xinmiao2", Role.SOCIAL_WORKER)):
        user = factories.PersonOf(username=username, role=role, role__organization=provider.organization)
        user.set_password(DEMO_PASSWORD)
        user.save()
        people[username] = user

    # --- it applies for an item, and signs a contract with quota
    coordinator = person("xinmiao")
    coordinator.goto("/offers/")
    press(coordinator, "申报服务项目")
    coordinator.fill("[name=item-sought]", "B01.01")
    coordinator.get_by_label("B01.01 居家照料").check()
    coordinator.fill("[name=places]", "5")
    coordinator.fill("[name=price]", "999")
    coordinator.fill("[name=weekly]", "20")
    coordinator.fill("[name=staff]", "持证护理员 4 人")
    press(coordinator, "申报服务项目")
    assert "不能超过最高限价" in coordinator.locator("#block-price").inner_text()
    coordinator.fill("[name=price]", "45")
    press(coordinator, "申报服务项目")
    officer.goto(coordinator.url)
    press(officer, "审核通过")
    press(officer, "审核通过")
    # Without a purchase there is commission alone; this contract came of an award.
    officer.goto("/contracts/")
    press(officer, "起草合同")
    assert officer.locator("[name=method] option[value]:not([value=''])").all_inner_texts() == ["委托"]
    contract = factories.DraftContract(provider=provider, unit_price=Decimal("45"))
    contract_page = contract.get_absolute_url()
    second.goto(contract_page)
    press(second, "购买方签署")
    second.fill("[name=typed]", User.objects.get(username="minzheng2").full_name)
    press(second, "购买方签署")
    coordinator.goto(contract_page)
    press(coordinator, "承接方签署")
    coordinator.fill("[name=typed]", people["xinmiao"].full_name)
    press(coordinator, "承接方签署")
    contracts_running.follow_the_days()
    contract = Contract.objects.get(pk=contract.pk)
    assert contract.status == "in_force"

    # --- the window takes in a household: at most three pages from the knock to the offer
    window = person("chuangkou")
    press(window, "受理申请")
    number = factories.new_id_number(sex="F")
    window.fill("[name=id_number]", number[:6] + " " + number[6:])
    window.get_by_text("新家庭。证件号显示：女").wait_for()
    window.fill("[name=name]", "王小明")
    window.select_option("[name=place]", label="虹桥社区")
    window.select_option("[name=category]", "extremely_poor")
    window.fill("[name=size]", "1")
    window.fill("[name=phone]", "138 0000 0000")
    window.fill("[name=address]", "示例路 1 号")
    window.get_by_label("照料护理").check()
    window.fill("[name=story]", "老伴卧床")
    window.get_by_label("本人同意把姓名、电话、住址").check()
    press(window, "受理申请")
    matter = Matter.objects.latest("id")
    assert window.url.endswith(f"/matters/{matter.number}/")
    press(window, "受理单 PDF")
    work_off()
    window.get_by_role("link", name="打开 PDF").wait_for()
    window.goto(f"/matters/{matter.number}/")
    press(window, "选机构转介")
    cards = window.locator(".candidate")
    assert 1 <= cards.count() <= 3
    window.locator("details", has_text=NAME).evaluate_all("all => all.forEach(e => e.open = true)")
    window.locator("label", has_text=NAME).locator("input[type=radio]").check()
    window.fill("[name=units]", str(UNITS))
    press(window, "发出转介")
    if "请写明理由" in window.locator("main").inner_text():
        chosen = window.locator("label", has_text=NAME).locator("input[type=radio]")
        assert chosen.is_checked()  # a mistake loses nothing
        assert window.input_value("[name=units]") == str(UNITS)
        window.fill("[name=choice_reason]", "家庭选择了这家机构")
        press(window, "发出转介")
    told(window, "转介已发出")
    referral = Referral.objects.latest("id")

    # --- the provider accepts in two clicks, with place, need, size, places in view
    coordinator.goto("/workbench/")
    row = coordinator.locator(".worklist-row", has_text=referral.number)
    assert "居家照料 · 澄江街道" in row.inner_text()
    row.get_by_role("link", name="接受转介").click()
    shown = coordinator.locator("main").inner_text()
    for words in ("家庭人口", "本机构空位", "合同余量", factories.TOWN):
        assert words in shown
    assert "王" not in shown
    press(coordinator, "接受转介")
    told(coordinator, "已办理")

    # --- the social worker plans, and records a visit on a phone
    worker = person("xinmiao2", width=390)
    worker.goto(f"/referrals/{referral.number}/")
    worker.get_by_text("查看").first.click()
    worker.locator("[name=reason]").first.fill("首次联系家庭")
    worker.get_by_role("button", name="确认查看").first.click()
    worker.get_by_text("已记录本次查看").wait_for()
    press(worker, "制定计划")
    worker.fill("[name=plan_text]", "每周一次，四次后看效果")
    press(worker, "制定计划")
    for _ in range(UNITS):
        press(worker, "记录服务")
        worker.fill("[name=note]", "一切平稳")
        worker.get_by_label("家庭已当面口头确认").check()
        press(worker, "记录服务")
        told(worker, "已办理")
    press(worker, "完成服务")
    worker.fill("[name=outcome]", "照应不稳定")
    worker.get_by_label("低于预期", exact=True).check()
    press(worker, "完成服务")

    # --- the answer, the household's judgement, the close
    coordinator.goto("/workbench/")
    coordinator.locator(".worklist-row", has_text=referral.number).get_by_role(
        "link", name="反馈结果"
    ).click()
    coordinator.fill("[name=words]", "服务已经完成，有事请打窗口电话。")
    press(coordinator, "反馈结果")
    household = accounts.account_of(matter.household)
    household.username = "wangjia"
    household.set_password(DEMO_PASSWORD)
    household.save()
    family = person("wangjia", width=390)
    family.get_by_role("link", name="评价").click()
    family.get_by_label("不满意", exact=True).check()
    press(family, "评价")
    told(family, "已办理")
    window.goto("/workbench/")
    before = int(re.search(r"有 (\d+) 件", window.locator("main .page-lead").first.inner_text()).group(1))
    window.locator(".worklist-row", has_text=referral.number).get_by_role("button", name="办结转介").click()
    told(window, "已办理")
    window.locator(".worklist-row", has_text=matter.number).get_by_role("link", name="办结").click()
    press(window, "办结")
    told(window, "已办理")
    window.goto("/workbench/")
    window.wait_for_function(
        "n => document.querySelector('main .page-lead').innerText.includes(`有 ${n} 件`)", arg=before - 1
    )

    # --- the work is paid: finance sees the visits behind every yuan
    coordinator.goto("/invoices/")
    press(coordinator, "提交结算单")
    coordinator.fill("[name=contract-sought]", contract.number)
    coordinator.locator("#sought-contract:not([data-state]) label", has_text=contract.number).click()
    press(coordinator, "提交结算单")
    officer.goto(coordinator.url)
    while officer.get_by_text("待核实").count():
        officer.get_by_role("link", name="登记", exact=True).first.click()
        officer.select_option("[name=finding]", label="属实")
        officer.select_option("[name=how]", label="电话")
        press(officer, "登记抽查结果")
        told(officer, "已办理")
    press(officer, "验收通过")
    press(officer, "验收通过")
    second.goto(coordinator.url)
    press(second, "复核同意支付")
    press(second, "复核同意支付")
    finance = person("caizheng")
    finance.goto(coordinator.url)
    assert referral.number in finance.locator("main").inner_text()
    press(finance, "批准支付")
    press(finance, "批准支付")
    told(finance, "已办理")

    # --- evaluation: plan, score blind, tally, publish by another person
    officer.goto("/rounds/")
    press(officer, "计划评估")
    officer.get_by_label(NAME).check()
    officer.locator("[name=chair-sought]").fill("韩立")
    officer.get_by_label("韩立").first.check()
    press(officer, "计划评估")
    round_page = officer.url
    press(officer, "请机构自评")
    press(officer, "请机构自评")
    coordinator.goto("/rounds/")
    coordinator.locator("main").get_by_role("link", name="年度评估").first.click()
    coordinator.locator("main").get_by_role("link", name=NAME).click()
    press(coordinator, "提交自评")
    coordinator.locator("[name=words_records]").fill("每月自查，记录齐全。")
    press(coordinator, "提交自评")
    told(coordinator, "已办理")
    officer.goto(round_page)
    press(officer, "抽签并开始评分")
    press(officer, "抽签并开始评分")
    scored = 0
    for username in ("pinggu", "pinggu2", "pinggu3", "pinggu4", "pinggu5"):
        evaluator = person(username, width=390)
        row = evaluator.locator(".worklist-row", has_text=NAME)
        if not row.count():
            continue
        row.get_by_role("link", name="声明无利害关系").click()
        evaluator.locator("[name=confirmed]").check()
        press(evaluator, "声明无利害关系")
        press(evaluator, "评分")
        asked = evaluator.locator("fieldset", has_text="很差")
        assert asked.count() == 4
        for place in range(asked.count()):
            asked.nth(place).get_by_label("1 很差").check()
        reasons = evaluator.locator(".scoring textarea")  # the lowest level asks for one
        for place in range(reasons.count()):
            reasons.nth(place).fill("上门看了记录，只有两次。")
        evaluator.locator("#saved", has_text="已保存").wait_for()
        # The phone is put away and taken out again: nothing is lost, and nothing put in unasked.
        evaluator.reload()
        assert evaluator.locator("textarea").first.input_value() == ""
        evaluator.get_by_role("link", name="继续 上门看了记录").click()
        assert "只有两次" in evaluator.locator("textarea").first.input_value()
        press(evaluator, "评分")
        told(evaluator, "已办理")
        press(evaluator, "提交评分")
        press(evaluator, "提交评分")
        told(evaluator, "已办理")
        scored += 1
    assert scored == 2
    chair = person("pinggu6")
    chair.goto(round_page)
    press(chair, "进入复议")
    press(chair, "进入复议")
    chair.goto(round_page)
    assert "一致程度" in chair.locator("main").inner_text()
    press(chair, "汇总并告知机构")
    press(chair, "汇总并告知机构")
    time_is_over()
    officer.goto(round_page)
    press(officer, "公示")
    press(officer, "公示")
    time_is_over()
    second.goto(round_page)
    press(second, "公布并执行")
    assert "暂停承接新的转介" in second.locator("main").inner_text()
    press(second, "公布并执行")
    told(second, "已办理")

    # --- the public sees it, without sign-in
    anybody = person()
    anybody.goto("/notices/")
    assert NAME in anybody.locator("main").inner_text()

    everything_is_as_it_should_be(
        referral, Contract.objects.get(pk=contract.pk), provider, units=UNITS, price=PRICE
    )
