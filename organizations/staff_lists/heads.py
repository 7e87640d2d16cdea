"""The heads of the columns of a list of staff, as people write them."""

from __future__ import annotations

from foundation.sheets.heads import Heads

HEADS = Heads(
    called={
        "name": ("姓名", "名字", "name"),
        "role": ("身份", "角色", "role"),
        "organization": ("机构", "单位", "部门", "organization"),
        "place": ("地点", "镇街", "村社区", "place"),
        "phone": ("手机", "电话", "手机号", "phone"),
        "email": ("邮箱", "电子邮箱", "email"),
        "first": ("自", "开始日期", "from"),
        "last": ("至", "结束日期", "to"),
    },
    needed=("name", "role"),
)

#: Columns that the administrator of an organization does not fill.
OF_THE_CITY = ("organization", "place")

#: An invented example of a row, without the role.
EXAMPLE = {"name": "示例人", "organization": "示例镇社会救助窗口", "place": "示例镇", "phone": "13800000000"}
