"""The heads of the columns of a list, as registration authorities write them."""

from __future__ import annotations

from foundation.sheets.heads import Heads
from organizations.listings.kinds import ListKind

HEADS = Heads(
    called={
        "credit_code": ("统一社会信用代码", "信用代码", "credit_code"),
        "name": ("名称", "机构名称", "社会组织名称", "企业名称", "name"),
        "kind": ("名录", "名录类别", "名单", "list"),
        "listed_on": (
            *("列入日期", "列入时间", "列入名录日期", "列入名单日期", "列入决定日期", "列入活动异常名录日期"),
            *("列入严重违法失信名单日期", "listed_on"),
        ),
        "removed_on": (
            *("移出日期", "移出时间", "移除日期", "移除时间", "移出名录日期", "移出名录时间", "移出名单日期"),
            *("移出决定日期", "移出活动异常名录日期", "移出严重违法失信名单日期", "解除日期", "removed_on"),
        ),
    },
    needed=("credit_code", "name", "kind", "listed_on"),
)

#: An invented example of a row, without the list.
EXAMPLE = {"credit_code": "52990000MJ0000001X", "name": "示例社会工作服务中心", "listed_on": "2026-03-05"}

#: What stands in a head that may say when, or that, an organization was removed: taken for an unknown one, all rows would
#: count as listed still.
OF_REMOVAL = ("移", "除", "出")

#: Heads with one of these that say nothing of it.
HARMLESS = ("出处", "作出决定机关", "做出决定机关", "作出列入决定机关", "作出列入决定的机关")

#: Heads that say more of a removal, and are left out where its day stands beside them.
BESIDE_THE_DAY = (
    "移出原因",
    "移出事由",
    "移出机关",
    "移出决定机关",
    "作出移出决定机关",
    "移出文号",
    "移出决定文号",
)

#: Other words for the lists, as people write them.
ALSO_CALLED = {
    ListKind.ABNORMAL: ("异常", "异常名录", "经营异常名录"),
    ListKind.SERIOUS_BREACH: ("失信", "严重违法", "严重违法失信", "失信名单"),
}
