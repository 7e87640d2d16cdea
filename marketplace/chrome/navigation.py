"""The navigation of each role, three to seven entries without levels; and the pages beside a list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle import addresses
from foundation.permissions import access_of
from foundation.refusals import Words
from foundation.roles import Role
from foundation.ui.tabs import Tab


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation: a named address, an icon, its words; ``counts`` what waits there."""

    name: str
    icon: str
    words: Words
    counts: bool = False


WORKBENCH = Entry("workbench", "list-checks", _("工作台"), counts=True)


INTAKE = Entry("matter-new-accept_application", "user-plus", _("受理"))


REPORT = Entry("matter-new-report", "message-square-plus", _("报告家庭"))


REPORT_AS_PROVIDER = Entry("matter-new-report_as_provider", "message-square-plus", _("报告家庭"))


ORDER = Entry("matter-new-report_by_hotline", "phone", _("派单"))


APPLY = Entry("matter-new-apply", "hand-helping", _("我要求助"))


COMPLAINTS = Entry("complaints", "message-circle-warning", _("投诉"))


MISSING = Entry("missing-help", "search-check", _("缺失帮助"))


MEETINGS = Entry("meetings", "users", pgettext_lazy("list", "联席会议"))


DUTIES = Entry("duties", "git-branch", _("部门职责"))


MATTERS = Entry("matters", "folder-open", _("事项"))


REFERRALS = Entry("referrals", "arrow-left-right", pgettext_lazy("list", "转介"))


HOUSEHOLDS = Entry("households", "house", _("家庭"))


EDITIONS = Entry("editions", "book-open", _("目录"))


PROVIDERS = Entry("providers", "building-2", pgettext_lazy("list", "机构"))


OFFERS = Entry("offers", "hand-helping", pgettext_lazy("list", "服务申报"))


PROJECTS = Entry("projects", "gavel", _("采购"))


DESK = Entry("desk", "gavel", _("投标"))


CONTRACTS = Entry("contracts", "file-text", pgettext_lazy("list", "合同"))


INVOICES = Entry("invoices", "receipt-text", _("结算"))


BUDGETS = Entry("budgets", "wallet", pgettext_lazy("list", "预算"))


ROUNDS = Entry("rounds", "award", _("评估"))


RULES = Entry("rules", "sliders-horizontal", pgettext_lazy("list", "规则"))


JOURNAL = Entry("journal", "scroll-text", _("办理记录"))


PEOPLE = Entry("people", "users", _("人员"))


SETUP = Entry("setup", "list-todo", _("设立平台"))


PLACES = Entry("places", "map-pin", pgettext_lazy("list", "地点"))


BODIES = Entry("bodies", "landmark", _("部门与窗口"))


OWN_PROVIDER = Entry("own-provider", "building-2", _("本机构"))


INVITATIONS = Entry("invitations", "mail", _("邀请"))


ROUTING = Entry("routing", "route", _("需求去向"))


#: Entries in the words of a household.
MINE = Entry("workbench", "list-checks", _("我的事项"), counts=True)


SERVICES = Entry("referrals", "heart-handshake", _("我的服务"))


ASKED = Entry("matters", "folder-open", _("求助记录"))


RAIL: dict[str, tuple[Entry, ...]] = {
    Role.CIVIL_AFFAIRS: (WORKBENCH, MATTERS, EDITIONS, PROVIDERS, PROJECTS, ROUNDS, RULES),
    Role.WINDOW: (WORKBENCH, INTAKE, MATTERS, REFERRALS, HOUSEHOLDS, MISSING, PROVIDERS),
    Role.ASSISTANT: (WORKBENCH, REPORT, MATTERS, HOUSEHOLDS),
    Role.GRID_WORKER: (WORKBENCH, REPORT, MATTERS, HOUSEHOLDS),
    Role.HOTLINE: (WORKBENCH, ORDER, MATTERS),
    Role.HANDLER: (WORKBENCH, DUTIES, EDITIONS),
    Role.SECRETARY: (WORKBENCH, MEETINGS, DUTIES),
    Role.COORDINATOR: (WORKBENCH, REFERRALS, OFFERS, REPORT_AS_PROVIDER, DESK, CONTRACTS, ROUNDS),
    Role.SOCIAL_WORKER: (WORKBENCH, REFERRALS, REPORT_AS_PROVIDER),
    Role.EVALUATOR: (WORKBENCH, ROUNDS, PROJECTS, PROVIDERS),
    Role.FINANCE: (WORKBENCH, BUDGETS, PROJECTS, CONTRACTS, INVOICES, PROVIDERS),
    Role.AUDITOR: (WORKBENCH, JOURNAL, MATTERS, REFERRALS, PROJECTS, BUDGETS, ROUNDS),
    Role.ADMINISTRATOR: (WORKBENCH, SETUP, PEOPLE, PLACES, BODIES, DUTIES, ROUTING),
    Role.STAFF_MANAGER: (WORKBENCH, OWN_PROVIDER, PEOPLE, INVITATIONS),
    Role.HOUSEHOLD: (MINE, APPLY, SERVICES, ASKED, COMPLAINTS),
}


PUBLIC = (
    Entry("catalog", "book-open", _("服务目录")),
    Entry("public-help", "life-buoy", _("怎么求助")),
    Entry("public-providers", "building-2", _("服务机构")),
    Entry("public-tenders", "gavel", _("采购公告")),
    Entry("public-notices", "megaphone", _("公示")),
    Entry("public-funds", "wallet", _("资金公开")),
    Entry("public-results", "badge-check", _("办理结果")),
)


def menu(template: str, role: str, path: str, waiting: str = "", *, begun: bool = True) -> SafeString:
    """The entries of a role ("" for the public ones) as that template draws them: the one at ``path`` marked,
    and ``waiting`` beside what counts. ``begun`` says that the city is set up.
    """
    here = path if path in _addresses(role, begun) else ""
    return _menu(template, role, here, waiting, begun, get_language())


@lru_cache
def _entries(role: str, begun: bool) -> tuple[Entry, ...]:
    """The entries of a role; "" for the public ones. Until the city has begun, whoever may see how far it is set up
    has the way there.
    """
    if not role:
        return PUBLIC
    entries = RAIL.get(role, ())
    if begun or SETUP in entries or not access_of(SETUP.name).allows("GET", role):
        return entries
    return (*entries[:1], SETUP, *entries[1:])


@lru_cache
def _addresses(role: str, begun: bool) -> tuple[str, ...]:
    """The address of each entry of a role."""
    return tuple(reverse(entry.name) for entry in _entries(role, begun))


def others_than_here(role: str, path: str, *, begun: bool = True) -> list[tuple[Entry, str]]:
    """The entries of a role and their addresses, but for the one at ``path``."""
    return [
        (entry, address)
        for entry, address in zip(_entries(role, begun), _addresses(role, begun), strict=True)
        if address != path
    ]


@lru_cache(maxsize=2000)
def _menu(template: str, role: str, here: str, waiting: str, begun: bool, language: str | None) -> SafeString:
    """The entries, drawn from nothing but these values."""
    entries = list(zip(_entries(role, begun), _addresses(role, begun), strict=True))
    return SafeString(render_to_string(template, {"entries": entries, "here": here, "waiting": waiting}))


#: Lists that belong together, by the names of their addresses, each with its words.
SECTIONS = {
    "people": (
        ("people", _("人员")),
        ("invitations", _("邀请")),
        ("dispensations", _("兼任的例外")),
        ("emergencies", _("应急授权")),
        ("staff-lists", _("导入的名单")),
        ("places", pgettext_lazy("list", "地点")),
        ("bodies", _("部门与窗口")),
        ("city-lists", _("录入的清单")),
    ),
    "providers": (
        ("providers", pgettext_lazy("list", "机构")),
        ("fact-changes", _("变更登记事项")),
        ("listings", _("异常和失信名录")),
        ("listing-files", _("导入的名录")),
    ),
    "rules": (
        ("rules", pgettext_lazy("list", "规则")),
        ("holidays", _("放假安排")),
        ("duties", _("部门职责")),
        ("routing", _("需求去向")),
        ("overdue", _("逾期登记簿")),
        ("setup", _("设立平台")),
    ),
    "purchases": (
        ("projects", _("采购项目")),
        ("contracts", pgettext_lazy("list", "合同")),
        ("invoices", _("结算单")),
        ("pools", _("慈善资源")),
        ("red-flags", _("风险提示")),
        ("budgets", pgettext_lazy("list", "预算")),
    ),
    "evaluations": (
        ("rounds", _("评估轮次")),
        ("schemes", _("方案")),
        ("indicators", _("指标")),
        ("signals", _("预警")),
        ("rectifications", _("整改")),
        ("exits", _("退出")),
        ("simulations", _("试算")),
    ),
}


def sections(path: str, role: str) -> dict[str, list[Tab]]:
    """The tabs of each section that a role may open, with the one at ``path`` marked."""
    return {
        section: [
            Tab(reverse(name), words, path == reverse(name))
            for name, words in lists
            if access_of(name).allows("GET", role)
        ]
        for section, lists in SECTIONS.items()
    }


#: The titles of pages that stand neither in the navigation of a role nor beside a list.
TITLES: dict[str, Words] = {
    "inbox": _("消息"),
    "search": _("搜索"),
    "contact": _("联系方式"),
    "service-accounts": _("程序接入"),
    "person": _("人员"),
    "body": _("部门与窗口"),
    "provider": pgettext_lazy("list", "机构"),
    "provider-figures": _("服务数字"),
}


def _titles() -> dict[str, Words]:
    """The titles of pages by the names of their addresses; lists that roles call otherwise as the first of them does."""
    titles: dict[str, Words] = {}
    beside = [(name, words) for section in SECTIONS.values() for name, words in section]
    entries = [(entry.name, entry.words) for several in RAIL.values() for entry in several]
    for name, words in [*TITLES.items(), *entries, *beside]:
        if "-new-" not in name:  # an act is told by its lifecycle
            titles.setdefault(name, words)
    return titles


addresses.PAGES |= _titles()
