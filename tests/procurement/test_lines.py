"""One line that says several things: no number in it is read in part."""

# typography: as typed
from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from catalog.items.standards import StandardsField, line_of
from contracts.penalties.fields import PenaltiesField
from foundation import moments, wording
from procurement.purchases.fields import CriteriaField, MomentField
from tests import factories
from tests.foundation.inputs import fault, wide
from tests.procurement import purchases


@pytest.mark.parametrize(
    "line,title,amount",
    [
        ("未按时上门,1,200元", "未按时上门", "1200"),
        ("未按时上门\uff0c1\uff0c200元", "未按时上门", "1200"),
        ("迟到\uff0c200元", "迟到", "200"),
        ("迟到,早退,200", "迟到,早退", "200"),
        ("迟到|\uffe51,200.50", "迟到", "1200.50"),
        ("迟到\uff5c1\uff0c234\uff0c567元", "迟到", "1234567"),
        (f"迟到{wide(',200')}", "迟到", "200"),
        ("第 1 次迟到 | 200", "第 1 次迟到", "200"),
        ("缺勤超过3 | 200元", "缺勤超过3", "200"),
        ("迟到超过30分钟,200元", "迟到超过30分钟", "200"),
        ("漏报,0.5万元", "漏报", "5000"),
    ],
)
def test_a_penalty_is_read_with_its_whole_amount(line, title, amount):
    assert PenaltiesField().clean(line) == [{"title": title, "amount": Decimal(amount)}]


@pytest.mark.parametrize(
    "line",
    [
        "未按时上门,1,20元",
        "未按时上门,12,50",
        "缺勤超过3,200元",
        "迟到,1,2000元",
        "迟到,1.2.3",
        "迟到,1E+3",
        "迟到,0",
        "迟到,-5",
        "迟到",
        ",200元",
        "迟到,",
        "迟到,20000000",
        "迟到,1.234",
        "迟到,\u00b2",
        "迟到,1,200,30元",
        "王" * 61 + ",200",
    ],
)
def test_a_penalty_of_which_nobody_knows_the_amount_is_refused(line):
    assert "第 1 行" in fault(PenaltiesField(), line)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "title": st.text("迟到未按时次39 ,", min_size=1, max_size=20).map(str.strip).filter(bool),
                "amount": st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2),
            }
        ),
        max_size=4,
        unique_by=lambda each: each["title"],
    )
)
def test_penalties_are_read_as_they_are_written(rules):
    try:
        found = PenaltiesField(required=False).clean(PenaltiesField.written(rules))
    except forms.ValidationError as refused:
        # A title that ends like a number in pieces is never read otherwise than meant.
        assert "第" in " ".join(refused.messages)
    else:
        assert found == rules


@pytest.mark.parametrize(
    "line,title,points,rubric",
    [
        ("服务方案\uff0c30\uff0c完整可行", "服务方案", 30, "完整可行"),
        ("服务方案,30,完整,可行", "服务方案", 30, "完整,可行"),
        (f"价格{wide(',30')}分\uff1a低者得分", "价格", 30, "低者得分"),
        ("团队|20", "团队", 20, ""),
        ("团队,20,3人以上得满分", "团队", 20, "3人以上得满分"),
        ("业绩 | 10 | 200人以上\uff08含\uff09", "业绩", 10, "200人以上\uff08含\uff09"),
        ("业绩,10,2000元以上", "业绩", 10, "2000元以上"),
    ],
)
def test_a_criterion_is_read_from_every_keyboard(line, title, points, rubric):
    assert CriteriaField().clean(line) == [{"title": title, "points": points, "rubric": rubric}]


@pytest.mark.parametrize(
    "line",
    [
        "方案,1,200",
        "方案,1,200分",
        "方案,30,100元以内",
        "方案,1,20",
        "方案,3x,好",
        "方案",
        ",30,好",
        "方案,1e1,好",
        "方案,1.5,好",
        "方案,\u0663,好",
    ],
)
def test_a_criterion_of_which_nobody_knows_the_points_is_refused(line):
    assert "第 1 行" in fault(CriteriaField(), line)


@pytest.mark.parametrize(
    "target,reads",
    [
        (">= 1,000 人", ("at_least", "1000", "人")),
        ("\u2265 1\uff0c000人", ("at_least", "1000", "人")),
        (wide(">=1,000") + " 人", ("at_least", "1000", "人")),
        ("\uff1d 3 次", ("exactly", "3", "次")),
        ("不超过 5 工作日", ("at_most", "5", "工作日")),
        ("\u2265 60 \u2103", ("at_least", "60", "\u2103")),
        ("<= -2.50 ℃", ("at_most", "-2.5", "℃")),
    ],
)
def test_the_target_of_a_standard_is_its_whole_number(target, reads):
    found = StandardsField().clean(f"覆盖人数 | 参加人数 | {target}")[0]
    assert (found["comparison"], found["target"], found["unit"]) == reads
    assert StandardsField().clean(line_of(found)) == [found]


@pytest.mark.parametrize(
    "target", ["<= 1,5 天", ">= 1,0000 人", ">= 1.2.3 人", ">= ,5 天", ">= \u00b2 天", ">= 1,000,5 人"]
)
def test_a_target_in_pieces_is_refused(target):
    assert "应写成" in fault(StandardsField(), f"覆盖人数 | 参加人数 | {target}")


STANDARD = {
    "text": "按时",
    "measure": "用时",
    "comparison": "at_most",
    "target": "5",
    "unit": "天",
    "text_en": "",
}


@pytest.mark.parametrize(
    "target,kept",
    [
        ("1,000", "1000"),
        (wide("1000"), "1000"),
        (5, "5"),
        (2.5, "2.5"),
        ("1,5", None),
        (True, None),
        ("1E+3", None),
        ("NaN", None),
        ([5], None),
        (None, None),
    ],
)
def test_a_target_typed_into_its_own_field_is_read_alike(target, kept):
    given = [{**STANDARD, "target": target}]
    if kept is None:
        assert fault(StandardsField(), given)
    else:
        assert StandardsField().clean(given)[0]["target"] == kept


@pytest.mark.parametrize("part", ["text", "measure", "unit"])
@pytest.mark.parametrize("wrong", [True, 5, ["a"], {"a": 1}])
def test_the_words_of_a_standard_are_words(part, wrong):
    assert fault(StandardsField(), [{**STANDARD, part: wrong}])


MOMENT = datetime(2026, 12, 25, 9, 30, tzinfo=moments.SHANGHAI)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-25 9\uff1a30",
        wide("2026-12-25") + "\u3000" + wide("09:30"),
        "2026年12月25日9点30分",
        "2026年12月25日(周五) 09:30",
        "2026.12.25 9:30",
        "2026-12-25T09:30:00+08:00",
        "25 Dec 2026 (Fri) 09:30",
    ],
)
def test_a_moment_is_read_from_every_keyboard(typed):
    assert MomentField().clean(typed) == MOMENT


def test_a_moment_that_we_write_is_read():
    assert MomentField().clean(wording.moment(MOMENT)) == MOMENT


@pytest.mark.parametrize(
    "wrong", ["0026-12-25 09:30", "2026-12-25 25:30", "明天 9:30", "9:30", "2026-13-25 9:30"]
)
def test_what_is_no_moment_is_refused(wrong):
    assert "09:30" in fault(MomentField(), wrong)


def test_the_terms_of_a_contract_take_what_an_input_method_types(client_of):
    contract = factories.DraftContract()
    given = {"billing": "monthly", "hold_back_percent": "\uff15", "penalties": "未按时上门\uff0c1\uff0c200元"}
    path = f"/contracts/{contract.number}/set-terms/"
    assert client_of("minzheng").post(path, given).status_code == 302
    contract.refresh_from_db()
    assert contract.penalties == [{"title": "未按时上门", "amount": "1200"}]
    page = client_of("minzheng").get(path).content.decode()
    assert client_of("minzheng").post(path, {**given, "penalties": "未按时上门,1,20元"}).status_code == 422
    assert "未按时上门,1200" in page


def test_the_terms_of_a_purchase_take_what_an_input_method_types(client_of):
    project = purchases.planned()
    given = {
        "bids_until": "2027-06-01 9\uff1a30",
        "price_points": wide("30"),
        "criteria": "服务方案\uff0c70\uff0c完整可行",
        "places": "1",
        "panel_size": "3",
    }
    answer = client_of("minzheng").post(f"/projects/{project.number}/set-terms/", given)
    assert answer.status_code == 302, answer.content.decode()[:500]
    project.refresh_from_db()
    assert [(each["title"], each["points"]) for each in project.criteria] == [("服务方案", 70)]
