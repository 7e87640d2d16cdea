"""Opening hours are read as people write them, and told by day."""

# typography: as typed
from __future__ import annotations

import pytest
from django.forms import ValidationError
from django.utils import translation

from organizations.bodies import hours

WEEK = {str(day): [["09:00", "11:30"], ["13:30", "17:00"]] for day in range(1, 6)}


@pytest.mark.parametrize(
    "text",
    [
        "周一至周五 9:00-11:30 13:30-17:00",
        "星期一到星期五：9:00～11:30，13:30～17:00",
        "周一至周五9点-11点30分、13点30分-17点；周六、周日休息",
        "工作日 09:00—11:30 13:30—17:00",
        "周一、周二、周三 9:00-11:30 13:30-17:00\n周四和周五 9:00-11:30 13:30-17:00",
        "Mon-Fri 9:00-11:30, 13:30-17:00; Sat closed",
        "Monday to Friday 9:00 to 11:30 13:30 to 17:00",
    ],
)
def test_a_week_is_read_however_it_is_written(text):
    assert hours.read(text) == WEEK


def test_what_is_told_in_one_line_is_read_again():
    week = {**WEEK, "6": [["09:00", "11:00"]]}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert hours.read(hours.brief(week)) == week
    assert hours.brief(week).startswith("周一至周五 09:00-11:30 13:30-17:00")


@pytest.mark.parametrize(
    "text",
    [
        "全天",
        "24小时",
        "每天 全天",
        "周一至周日 0:00-24:00",
        "周一至周日：24 小时",
        "daily 00:00 to 24:00",
        "Mon-Sun all day",
    ],
)
def test_a_desk_that_is_open_day_and_night_is_entered_and_told(text):
    week = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}
    assert hours.read(text) == week
    assert dict(hours.told(week))["周日"] == "全天"
    assert hours.brief(week) == "周一至周日 全天"
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert hours.read(hours.brief(week)) == week
    assert hours.read("周六 18:00-24:00") == {"6": [["18:00", "24:00"]]}


def test_every_day_is_told_and_a_day_that_is_left_out_is_closed():
    told = dict(hours.told({"1": [["09:00", "17:00"]]}))
    assert len(told) == 7
    assert told["周一"] == "09:00–17:00"
    assert told["周日"] == "不开放"
    assert hours.told({}) == []
    assert hours.read("  ") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9:00-17:00", "先写星期几"),
        ("周一至周五", "时间请写成"),
        ("周一至周五 9:00", "时间请写成"),
        ("周一 24:00-25:00", "没有“25:00”这个时间"),
        ("周一 24:00-9:00", "结束要晚于开始"),
        ("周一 9:00-24:30", "没有“24:30”这个时间"),
        ("周一 25:00-26:00", "没有“25:00”这个时间"),
        ("周一 17:00-9:00", "结束要晚于开始"),
        ("周一 9:00-12:00 11:00-17:00", "一段接一段"),
        ("周五至周一 9:00-17:00", "先后不对"),
        ("周一 9:00-17:00；周一 9:00-12:00", "写了两次"),
        ("周一 9:00-17:00 有事请打电话", "时间请写成"),
    ],
)
def test_what_cannot_be_read_is_told(text, said):
    with pytest.raises(ValidationError, match=said):
        hours.read(text)
