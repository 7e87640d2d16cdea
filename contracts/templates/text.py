"""The text of a contract: the lines of a template with the variables filled in.

A line is a paragraph; one that begins with 第…条 is a heading; a line that is only a block's variable becomes
that block. There is no other syntax, so an officer can write a template like a letter, and nothing in it is
executed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from foundation.refusals import Invalid
from foundation.wording import listed, said_together

VARIABLE = re.compile(r"【([^【】\n]{1,20})】")


HEADING = re.compile(r"第[一二三四五六七八九十百]+条\s")


#: Variables that stand within a line.
WORDS = (
    "合同编号",
    "合同名称",
    "甲方名称",
    "甲方信用代码",
    "甲方地址",
    "甲方电话",
    "乙方名称",
    "乙方信用代码",
    "乙方地址",
    "乙方电话",
    "目录名称",
    "目录文号",
    "采购方式",
    "资金来源",
    "开始日期",
    "结束日期",
    "合同金额",
    "合同金额大写",
)


#: Variables that stand alone in their line, and the block that the document draws there.
BLOCKS = {"服务明细": "lines", "服务标准": "standards", "付款安排": "payment", "扣款约定": "penalties"}


#: Variables that every template must contain.
NEEDED = ("甲方名称", "乙方名称", "服务明细", "合同金额", "付款安排", "开始日期", "结束日期")


@cache
def shipped() -> str:
    """The text that comes with the product."""
    return (Path(__file__).parent / "template.txt").read_text()


def check(body: str) -> None:
    """Raise ``Invalid`` naming every variable that is unknown, misplaced or missing."""
    found = VARIABLE.findall(body)
    faults = []
    unknown = sorted(set(found) - set(WORDS) - BLOCKS.keys())
    if unknown:
        faults.append(_("没有这些变量：%(names)s。") % {"names": listed(unknown)})
    lacking = [name for name in NEEDED if name not in found]
    if lacking:
        faults.append(_("缺少这些变量：%(names)s。") % {"names": listed(lacking)})
    lines = {line.strip() for line in body.splitlines()}
    crowded = sorted({name for name in found if name in BLOCKS and f"【{name}】" not in lines})
    if crowded:
        faults.append(_("这些变量须独占一行：%(names)s。") % {"names": listed(crowded)})
    if faults:
        raise Invalid(_("范本有误，没有保存。"), fields={"body": said_together(*faults)})


def filled(body: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    """The paragraphs of a text: ``{"kind": heading | para | lines | …, "text"}``."""
    made = []
    for line in filter(None, (line.strip() for line in body.splitlines())):
        alone = VARIABLE.fullmatch(line)
        if alone and alone[1] in BLOCKS:
            made.append({"kind": BLOCKS[alone[1]], "text": ""})
            continue
        text = VARIABLE.sub(lambda match: values.get(match[1], match[0]), line)
        made.append({"kind": "heading" if HEADING.match(line) else "para", "text": text})
    return made
