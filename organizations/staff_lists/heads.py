"""The heads of the columns of a list of staff, as people write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foundation.forms.typed import compared
from foundation.wording import listed

#: How each column may be called; the first is how we call it.
CALLED: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "name"),
    "role": ("身份", "角色", "role"),
    "organization": ("机构", "单位", "部门", "organization"),
    "place": ("地点", "镇街", "村社区", "place"),
    "phone": ("手机", "电话", "手机号", "phone"),
    "email": ("邮箱", "电子邮箱", "email"),
    "first": ("自", "开始日期", "from"),
    "last": ("至", "结束日期", "to"),
}

#: The columns without which nobody can be invited.
NEEDED = ("name", "role")


def columns_of(heads: Sequence[str]) -> dict[str, int]:
    """The column (0 is A) of each that is there."""
    places = {compared(head): number for number, head in reversed(list(enumerate(heads)))}
    found = {
        name: next((places[word] for word in words if word in places), None) for name, words in CALLED.items()
    }
    return {name: number for name, number in found.items() if number is not None}


def are_heads(texts: Sequence[str]) -> bool:
    """Whether a row names the columns that are needed."""
    return set(NEEDED) <= columns_of(texts).keys()


def asked() -> str:
    """The columns as we call them."""
    return listed(words[0] for words in CALLED.values())
