"""The page of who may do what: addresses from the URL configuration, objects from the parties of models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from foundation.permissions import ANYONE, NOBODY, Access
from foundation.roles import PEOPLE, Role
from marketplace import parties_table

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """One address: its route, name and view in the URL configuration, and its declared access.

    ``access`` is None if the view declares none, which a test refuses.
    """

    route: str
    name: str
    access: Access | None
    methods: tuple[str, ...]
    view: Any


def addresses() -> list[Address]:
    """Every address of the project, in the order of the URL configuration."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Address]:
    """The addresses of some patterns and of those included in them."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield _address(route, pattern)


def _address(route: str, pattern: URLPattern) -> Address:
    """The address of one pattern."""
    view: Any = getattr(pattern.callback, "view_class", None) or getattr(
        pattern.callback, "cls", pattern.callback
    )
    declared: Access | None = getattr(view, "access", None)
    taken = getattr(view, "http_method_names", ())
    answered = tuple(m for m in METHODS if m.lower() in taken and hasattr(view, m.lower()))
    return Address(f"/{route}", pattern.name or "", declared, answered, view)


def _who(admitted: frozenset[str]) -> str:
    """The admitted roles in words."""
    if admitted >= ANYONE:
        return "所有人"
    if admitted >= frozenset(PEOPLE):
        return "已登录者"
    return "、".join(str(Role(role).label) for role in PEOPLE if role in admitted) + (
        "、未登录者" if NOBODY in admitted else ""
    )


def markdown() -> str:
    """The text of ``docs/access.md``."""
    lines = [
        "# 谁可以用哪个地址，谁看得到什么",
        "",
        "由 `manage.py access_table` 从 URL 配置、各视图的声明和各类对象的当事人生成；测试按地址表逐一走访。",
        "能打开地址不等于能看到对象：看得到哪些对象见后面各表，看不到的一律 404。",
        "",
        "## 地址",
        "",
        "| 地址 | 方法 | 身份 |",
        "|---|---|---|",
    ]
    with translation.override("zh-hans"):
        for address in addresses():
            for method, admitted in address.access.methods if address.access else ():
                lines.append(f"| `{address.route}` | {method} | {_who(admitted)} |")
        lines += ["", "## 对象", "", *parties_table.lines()]
    return "\n".join(lines).rstrip() + "\n"
