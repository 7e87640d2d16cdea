"""What a procurement method requires of a purchase, as rules (``procurement.method.*``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.items.kinds import Method
from contracts.contracts import direct
from foundation.deadlines import calendar
from foundation.moments import SHANGHAI
from foundation.refusals import Invalid
from foundation.rules import reading
from foundation.rules.reading import Rule
from procurement.purchases.models import Project, ProjectItem
from procurement.purchases.states import ProjectStatus

#: The sum of all points: criteria and price.
ALL_POINTS = 100


@dataclass(frozen=True)
class Demand:
    """A requirement that is not met: the field that it concerns, and a sentence that says how to meet it."""

    field: str
    words: str


def rule_of(project: Project) -> Rule:
    """The rule of the project's method: the version at publication, else the one in force."""
    key = f"procurement.method.{project.method}"
    if project.published_at:
        return reading.as_it_was(key, project.method_rule)
    return reading.current(key)


def unmet(project: Project, when: datetime) -> list[Demand]:
    """All requirements not met for a notice published at ``when``, at once (S12)."""
    rule = rule_of(project).value
    found = [*_amount(project, rule), *_terms(project, rule), *_people(project, rule)]
    if project.bids_until is None:
        return [*found, Demand("bids_until", _("请确定投标截止时间。"))]
    return [*found, *_days(project, rule, when)]


def require_met(project: Project, when: datetime) -> None:
    """Raise ``Invalid`` with every requirement not met, and the rule's basis."""
    found = unmet(project, when)
    if found:
        raise Invalid(
            _("还不能发布：") + "".join(demand.words for demand in found),
            fields={demand.field: demand.words for demand in found},
            rule=rule_of(project).basis,
        )


def _amount(project: Project, rule: dict) -> Iterator[Demand]:
    """Items, and the limits of the amount (CNY)."""
    if not project.items.exists():
        yield Demand("item", _("还没有服务项目。"))
    if rule["limit"] == "none":
        return
    limits = reading.current("procurement.thresholds").value
    most = Decimal(limits[rule["limit"]])
    if rule["limit"] == "small_below":
        yield from _of_the_year(project, most)
    if project.amount >= most:
        yield Demand(
            "method",
            _("“%(method)s”只能用于不足 %(most)s 元的采购，本项目 %(amount)s 元，请改用公开招标。")
            % {
                "method": Method(project.method).label,
                "most": f"{most:,.0f}",
                "amount": f"{project.amount:,.2f}",
            },
        )


def _of_the_year(project: Project, most: Decimal) -> Iterator[Demand]:
    """Direct purchases of one item in a budget year stay below ``most`` (CNY) together.

    So nothing can be split into parts below the limit.
    """
    year = project.budget_line.year
    others = Project.objects.filter(
        buyer_id=project.buyer_id, method=project.method, budget_line__year=year
    ).exclude(pk=project.pk)
    waiting = others.filter(status__in=ProjectStatus.unfinished())
    for item in project.items.select_related("item"):
        planned = sum(
            (
                one.amount
                for one in ProjectItem.objects.filter(project__in=waiting, item__code=item.item.code)
            ),
            Decimal("0"),
        )
        given = direct.spent(project.buyer_id, year, code=item.item.code)
        if given + planned and given + planned + item.amount >= most:
            yield Demand(
                "method",
                _("“%(code)s”本年度已直接委托 %(sum)s 元，加上本项目达到 %(most)s 元，请改用竞争方式。")
                % {"code": item.item.code, "sum": f"{given + planned:,.2f}", "most": f"{most:,.0f}"},
            )


def _terms(project: Project, rule: dict) -> Iterator[Demand]:
    """Justification, points, places and length."""
    if rule["justified"] and not project.justification.strip():
        yield Demand("justification", _("这种采购方式须写明理由。"))
    least, most = rule["price_least"], rule["price_most"]
    if not least <= project.price_points <= most:
        yield Demand(
            "price_points", _("价格分应在 %(least)s 到 %(most)s 之间。") % {"least": least, "most": most}
        )
    total = project.price_points + sum(criterion["points"] for criterion in project.criteria)
    if total != ALL_POINTS:
        yield Demand(
            "criteria", _("价格分和各项评分合计应为 100 分，现在是 %(total)s 分。") % {"total": total}
        )
    if project.is_framework and not project.under_id:
        years = reading.current("procurement.framework").value["most_years"]
        if (project.end_on - project.start_on).days > 366 * years:
            yield Demand("end_on", _("框架协议最长 %(years)s 年。") % {"years": years})
    elif project.places > 1:
        yield Demand("places", _("只有框架协议可以有几家同时入围。"))


def _people(project: Project, rule: dict) -> Iterator[Demand]:
    """Invited providers, key holders and the size of the panel."""
    invited = project.invited.count()
    if invited < rule["invited"]:
        yield Demand(
            "providers",
            _("至少邀请 %(least)s 家，现在 %(now)s 家。") % {"least": rule["invited"], "now": invited},
        )
    seats = project.keyholders.on_duty()
    if seats.count() < max(2, project.keys_needed):
        yield Demand("people", _("开标小组至少两人，且不少于开标需要的份额数。"))
    waiting = seats.without_passphrase().select_related("person")
    if waiting:
        names = "、".join(seat.person.full_name for seat in waiting)
        yield Demand("people_ready", _("开标小组还有人没有设置口令：%(names)s。") % {"names": names})
    if rule["panel"] and (project.panel_size < rule["panel"] or project.panel_size % 2 == 0):
        yield Demand("panel_size", _("评审人数应为 %(least)s 人以上单数。") % {"least": rule["panel"]})


def _days(project: Project, rule: dict, when: datetime) -> Iterator[Demand]:
    """Days and working days between publication and deadline."""
    if project.bids_until is None:
        return
    first, last = _day(when), _day(project.bids_until)
    if last <= first:
        yield Demand("bids_until", _("投标截止应晚于公告之日。"))
        return
    if (last - first).days < rule["days"]:
        yield Demand(
            "bids_until",
            _("从公告到截止至少 %(days)s 天，现在 %(now)s 天。")
            % {"days": rule["days"], "now": (last - first).days},
        )
    working = calendar.working_days_between(first, last)
    if working < rule["working_days"]:
        yield Demand(
            "bids_until",
            _("从公告到截止至少 %(days)s 个工作日，现在 %(now)s 个。")
            % {"days": rule["working_days"], "now": working},
        )


def _day(when: datetime) -> date:
    """The day of a moment in the city."""
    return when.astimezone(SHANGHAI).date()
