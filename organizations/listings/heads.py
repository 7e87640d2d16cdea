"""The heads of the columns of a list, as registration authorities write them."""

from __future__ import annotations

from foundation.sheets.heads import Heads

HEADS = Heads(
    called={
        "credit_code": ("统一社会信用代码", "信用代码", "credit_code"),
        "name": ("名称", "机构名称", "社会组织名称", "企业名称", "name"),
        "kind": ("名录", "名录类别", "名单", "list"),
        "listed_on": ("列入日期", "列入时间", "listed_on"),
        "removed_on": ("移出日期", "移出时间", "removed_on"),
    },
    needed=("credit_code", "name", "kind", "listed_on"),
)
