"""The heads of the columns of a list, as registration authorities write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foundation.forms.typed import compared
from foundation.wording import listed

#: How each column may be called; the first is how we call it.
CALLED: Mapping[str, tuple[str, ...]] = {
    "credit_code": ("统一社会信用代码", "信用代码", "credit_code"),
    "name": ("名称", "机构名称", "社会组织名称", "企业名称", "name"),
    "kind": ("名录", "名录类别", "名单", "list"),
    "listed_on": ("列入日期", "列入时间", "listed_on"),
    "removed_on": ("移出日期", "移出时间", "removed_on"),
}

#: The columns without which nothing can be entered.
NEEDED = ("credit_code", "name", "kind", "listed_on")


def columns_of(heads: Sequence[str]) -> dict[str, int]:
    """The column (0 is A) of each that is there."""
    places = {compared(head): number for number, head in reversed(list(enumerate(heads)))}
    found = {
        name: next((places[compared(word)] for word in words if compared(word) in places), None)
        for name, words in CALLED.items()
    }
    return {name: number for name, number in found.items() if number is not None}


def are_heads(texts: Sequence[str]) -> bool:
    """Whether a row names the columns that are needed."""
    return set(NEEDED) <= columns_of(texts).keys()


def asked() -> str:
    """The columns as we call them."""
    return listed(words[0] for words in CALLED.values())
