"""What a procurement method requires of a purchase, as rules (``procurement.method.*``)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from catalog.items.kinds import Method
from contracts.budgets.models import BudgetLine
from contracts.contracts import direct
from foundation import moments
from foundation.deadlines import calendar
from foundation.moments import SHANGHAI
from foundation.refusals import Invalid, NotNow, Refused, Words
from foundation.remembering import Remembered
from foundation.rules import reading
from foundation.rules.reading import Rule
from foundation.wording import filled, said_together
from procurement.key_holders.models import KeyHolder
from procurement.purchases.models import Project, ProjectItem
from procurement.purchases.of_the_year import ADDS_UP
from procurement.purchases.states import ProjectStatus

#: The sum of all points: criteria and price.
ALL_POINTS = 100

#: The field of the one requirement that only key holders can meet.
PASSPHRASES = "people_ready"

ZERO = Decimal("0")


@dataclass(frozen=True)
class Demand:
    """A requirement that is not met: the field that it concerns, and a sentence that says how to meet it."""

    field: str
    words: Words


@dataclass
class Parts:
    """What of a purchase the requirements look at besides its own columns: its items, how many are invited, and
    the key holders on duty. ``of_the_year`` is what other direct purchases under way and direct contracts of the
    budget year have of each of its items, by code (CNY).
    """

    items: list[ProjectItem] = field(default_factory=list)
    invited: int = 0
    seats: list[KeyHolder] = field(default_factory=list)
    of_the_year: dict[str, Decimal] = field(default_factory=dict)


def rule_of(project: Project) -> Rule:
    """The rule of the project's method: the version at publication, else the one in force."""
    key = f"procurement.method.{project.method}"
    if project.published_at:
        return reading.as_it_was(key, project.method_rule)
    return reading.current(key)


def unmet(projects: Sequence[Project], when: datetime) -> dict[int, list[Demand]]:
    """All requirements not met for notices published at ``when``, at once (S12), by primary key; with as many
    statements as for one.
    """
    parts = _parts(projects)
    return {project.pk: list(_unmet(project, parts[project.pk], when)) for project in projects}


#: The requirements that were asked while a page is made.
_known: Remembered[dict[int, list[Demand]]] = Remembered("requirements", dict)


def unmet_now(projects: Sequence[Project]) -> dict[int, list[Demand]]:
    """The same for notices published now; asked once for each while a page is made."""
    by_key = {project.pk: project for project in projects}
    return _known.of_each(by_key, lambda keys: unmet([by_key[key] for key in keys], moments.now()))


def not_publishable(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why notices cannot be published now, by primary key: every requirement that is not met. Where only the
    passphrases of key holders are missing, it waits for these.
    """
    found = unmet_now(projects)
    return {project.pk: _refusal(project, found[project.pk]) for project in projects if found[project.pk]}


def _refusal(project: Project, demands: Sequence[Demand]) -> Refused:
    """The refusal of a notice that does not meet these requirements."""
    by_field: dict[str, list[Words]] = defaultdict(list)
    for demand in demands:
        by_field[demand.field].append(demand.words)
    fields = {name: said_together(*sentences) for name, sentences in by_field.items()}
    kind = NotNow if fields.keys() == {PASSPHRASES} else Invalid
    words = said_together(_("还不能发布："), *(demand.words for demand in demands))
    return kind(words, fields=fields, rule=rule_of(project).basis)


def _unmet(project: Project, parts: Parts, when: datetime) -> Iterator[Demand]:
    """The requirements that one purchase does not meet."""
    rule = rule_of(project).value
    yield from _amount(project, parts, rule)
    yield from _terms(project, rule)
    yield from _people(project, parts, rule)
    if project.bids_until is None:
        yield Demand("bids_until", _("请确定投标截止时间。"))
    else:
        yield from _days(project.bids_until, rule, when)


def _parts(projects: Sequence[Project]) -> dict[int, Parts]:
    """The parts of several purchases, by primary key."""
    found = {project.pk: Parts() for project in projects}
    for item in ProjectItem.objects.filter(project__in=projects).select_related("item"):
        found[item.project_id].items.append(item)
    invited = Project.invited.through._default_manager.filter(project__in=projects)
    for project, count in Counter(invited.values_list("project_id", flat=True)).items():
        found[project].invited = count
    for seat in KeyHolder.objects.on_duty().filter(project__in=projects).select_related("person"):
        found[seat.project_id].seats.append(seat)
    adding_up = [project for project in projects if rule_of(project).value["limit"] == ADDS_UP]
    if adding_up:
        _add_those_of_the_year(adding_up, found)
    return found


def _add_those_of_the_year(projects: Sequence[Project], parts: dict[int, Parts]) -> None:
    """Note what direct purchases and contracts of the budget year have of each item already.

    They stay below a limit together, so that nothing can be split into parts below it.
    """
    years = dict(BudgetLine.objects.filter(purchases__in=projects).values_list("pk", "year"))
    given = direct.spent_by_item({project.buyer_id for project in projects}, set(years.values()))
    planned = list(_under_way(projects, set(years.values())))
    for project in projects:
        own, year = parts[project.pk], years[project.budget_line_id]
        for item in own.items:
            others = (
                other.amount
                for other in planned
                if other.item.code == item.item.code
                and other.project_id != project.pk
                and other.project.buyer_id == project.buyer_id
                and other.project.method == project.method
                and other.project.budget_line.year == year
            )
            spent = given.get((project.buyer_id, year, item.item.code), ZERO)
            own.of_the_year[item.item.code] = sum(others, spent)


def _under_way(projects: Sequence[Project], years: set[int]) -> Iterator[ProjectItem]:
    """The items of all purchases under way that may count together with these."""
    found = ProjectItem.objects.filter(
        project__buyer__in={project.buyer_id for project in projects},
        project__method__in={project.method for project in projects},
        project__budget_line__year__in=years,
        project__status__in=ProjectStatus.unfinished(),
    )
    yield from found.select_related("item", "project__budget_line")


def _amount(project: Project, parts: Parts, rule: dict) -> Iterator[Demand]:
    """Items, and the limits of the amount (CNY)."""
    if not parts.items:
        yield Demand("item", _("还没有服务项目。"))
    if rule["limit"] == "none":
        return
    limits = reading.current("procurement.thresholds").value
    most = Decimal(limits[rule["limit"]])
    yield from _of_the_year(parts, most)
    if project.amount >= most:
        yield Demand(
            "method",
            filled(
                _("“%(method)s”只能用于不足 %(most)s 元的采购，本项目 %(amount)s 元，请改用公开招标。"),
                method=Method(project.method).label,
                most=f"{most:,.0f}",
                amount=f"{project.amount:,.2f}",
            ),
        )


def _of_the_year(parts: Parts, most: Decimal) -> Iterator[Demand]:
    """Direct purchases of one item in a budget year stay below ``most`` (CNY) together."""
    for item in parts.items:
        others = parts.of_the_year.get(item.item.code, ZERO)
        if others and others + item.amount >= most:
            yield Demand(
                "method",
                filled(
                    _("“%(code)s”本年度已直接委托 %(sum)s 元，加上本项目达到 %(most)s 元，请改用竞争方式。"),
                    code=item.item.code,
                    sum=f"{others:,.2f}",
                    most=f"{most:,.0f}",
                ),
            )


def _terms(project: Project, rule: dict) -> Iterator[Demand]:
    """Justification, points, places and length."""
    if rule["justified"] and not project.justification.strip():
        yield Demand("justification", _("这种采购方式须写明理由。"))
    least, most = rule["price_least"], rule["price_most"]
    if not least <= project.price_points <= most:
        words = _("价格分应在 %(least)s 到 %(most)s 之间。")
        yield Demand("price_points", filled(words, least=least, most=most))
    total = project.price_points + sum(criterion["points"] for criterion in project.criteria)
    if total != ALL_POINTS:
        words = _("价格分和各项评分合计应为 100 分，现在是 %(total)s 分。")
        yield Demand("criteria", filled(words, total=total))
    if project.is_framework and not project.under_id:
        years = reading.current("procurement.framework").value["most_years"]
        if (project.end_on - project.start_on).days > 366 * years:
            yield Demand("end_on", filled(_("框架协议最长 %(years)s 年。"), years=years))
    elif project.places > 1:
        yield Demand("places", _("只有框架协议可以有几家同时入围。"))


def _people(project: Project, parts: Parts, rule: dict) -> Iterator[Demand]:
    """Invited providers, key holders and the size of the panel."""
    if parts.invited < rule["invited"]:
        words = _("至少邀请 %(least)s 家，现在 %(now)s 家。")
        yield Demand("providers", filled(words, least=rule["invited"], now=parts.invited))
    if len(parts.seats) < max(2, project.keys_needed):
        yield Demand("people", _("开标小组至少两人，且不少于开标需要的份额数。"))
    names = [seat.person.full_name for seat in parts.seats if seat.without_passphrase]
    if names:
        yield Demand(PASSPHRASES, filled(_("开标小组还有人没有设置口令：%(names)s。"), names=names))
    if rule["panel"] and (project.panel_size < rule["panel"] or project.panel_size % 2 == 0):
        yield Demand("panel_size", filled(_("评审人数应为 %(least)s 人以上单数。"), least=rule["panel"]))


def _days(bids_until: datetime, rule: dict, when: datetime) -> Iterator[Demand]:
    """Days and working days between publication and deadline."""
    first, last = _day(when), _day(bids_until)
    if last <= first:
        yield Demand("bids_until", _("投标截止应晚于公告之日。"))
        return
    days, working = (last - first).days, calendar.working_days_between(first, last)
    if days < rule["days"]:
        words = _("从公告到截止至少 %(days)s 天，现在 %(now)s 天。")
        yield Demand("bids_until", filled(words, days=rule["days"], now=days))
    if working < rule["working_days"]:
        words = _("从公告到截止至少 %(days)s 个工作日，现在 %(now)s 个。")
        yield Demand("bids_until", filled(words, days=rule["working_days"], now=working))


def _day(when: datetime) -> date:
    """The day of a moment in the city."""
    return when.astimezone(SHANGHAI).date()
