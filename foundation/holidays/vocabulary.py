"""The words in which people write the days of a notice, in rows and in files."""

from __future__ import annotations

import re

#: What a row may say that its days are.
FREE = frozenset({"放假", "休", "休息", "放假调休", "free", "holiday", "off"})
WORKING = frozenset({"调休上班", "上班", "班", "补班", "工作日", "working", "work", "workday"})

#: The head of the first column of a file.
HEADS = frozenset({"日期", "起止日期", "开始日期", "date", "day", "first"})

#: What stands between the first and the last day; a last day without its month; a day that begins with its month.
BETWEEN = re.compile(r"(?:\.{2,}|至|到|~|-+)\s*")
DAY_ALONE = re.compile(r"(\d{1,2}) ?[日号]?", re.ASCII)
MONTH_FIRST = re.compile(r"\d{1,2} ?月", re.ASCII)

#: What ``holidays`` calls the days of each holiday of the law, in the order of the regulation, the chief one first.
BY_LAW = (("元旦",), ("春节", "农历除夕"), ("清明节",), ("劳动节",), ("端午节",), ("中秋节",), ("国庆节",))
