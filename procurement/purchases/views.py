"""Pages about purchases: the list, and one purchase with everything that belongs to it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from contracts.budgets import reserving
from contracts.contracts.models import Contract
from foundation.journal import timeline
from foundation.parties import is_one_of
from foundation.permissions import access_to
from foundation.refusals import Refused, Words
from foundation.ui.chips import chip_of
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, or_dash, state_of, table, under
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import moment, money
from organizations.providers.models import Provider
from procurement.awards.models import CallOff
from procurement.bids.bidding import not_to_bid
from procurement.bids.models import Bid
from procurement.key_holders.models import KeyHolder
from procurement.objections.models import Objection
from procurement.oversight import telling
from procurement.oversight.models import RedFlag
from procurement.oversight.telling import ToldFlag
from procurement.panel import scoring
from procurement.panel.models import PanelSeat
from procurement.panel.states import PANEL_SEAT
from procurement.permissions import BUYING_SIDE, any_provider, key_holders, panelist
from procurement.purchases import method_requirements
from procurement.purchases.models import Project
from procurement.purchases.states import PROJECT, ProjectStatus
from procurement.supplier import papers

ROWS = Project.objects.values_list(
    "pk", "number", "title", "method", "amount", "bids_until", "status", named=True
)


#: Transitions of a panel seat that the purchase's timeline shows too.
REPLACING = ("propose_excuse", "refuse_excuse", "excuse", "declare_tie")


#: The newest red flags that its page shows.
FLAGS = 20


METHODS = dict(Project._meta.get_field("method").choices or ())


class Projects(ListPage):
    """The purchases that the reader may see."""

    access = access_to(Project)
    template = "procurement/purchases/projects.html"
    rows = ROWS
    beneath = "projects"
    columns = (
        Column(gettext_lazy("采购项目"), "title"),
        Column(gettext_lazy("采购方式"), lambda row: METHODS[row.method]),
        Column(gettext_lazy("最高限价（元）"), lambda row: money(row.amount), "money"),
        Column(gettext_lazy("投标截止"), lambda row: moment(row.bids_until) or "—"),
        state_of(Project),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(Project, self.actor))

    def mark(self, row: Any) -> SafeString:
        """The number of the purchase, under its title."""
        return under(row.number)

    @property
    def choices(self) -> dict[str, list[tuple[str, Words]]]:
        """The states that visible purchases are in, in the order of the table."""
        there = set(
            Project.objects.visible_to(self.actor).order_by().values_list("status", flat=True).distinct()
        )
        return {"status": [choice for choice in ProjectStatus.choices if choice[0] in there]}


#: The columns of what is bought.
ITEM = Column(gettext_lazy("服务项目"), "item.local_title")
LIMIT_PRICE = Column(gettext_lazy("单价上限（元）"), lambda row: money(row.limit_price), "money")
QUANTITY = Column(gettext_lazy("数量"), "quantity", "money")
AMOUNT = Column(gettext_lazy("最高限价（元）"), lambda row: money(row.amount), "money")


def _state_and_reason(bid: Bid) -> SafeString:
    """The state of a bid, and why it was rejected or lost."""
    return format_html("<span>{}{}</span>", chip_of(Bid, bid.status), under(bid.why) if bid.why else "")


#: The columns of bids; scores are empty until they are given.
PROVIDER = Column(gettext_lazy("机构"), "provider")
PRICE = Column(gettext_lazy("报价（元）"), lambda row: or_dash(money(row.price)), "money")
SCORE = Column(gettext_lazy("总分"), lambda row: or_dash(row.score), "money")
RESULT = Column(gettext_lazy("结果和原因"), _state_and_reason)
BIDS = (
    PROVIDER,
    PRICE,
    Column(gettext_lazy("价格分"), lambda row: or_dash(row.price_score), "money"),
    Column(gettext_lazy("质量分"), lambda row: or_dash(row.quality_score), "money"),
    SCORE,
    Column(gettext_lazy("名次"), lambda row: or_dash(row.rank)),
    Column(gettext_lazy("状态"), _state_and_reason),
)


#: The stages in their order, from 0 (``State.step``).
STAGES = (
    gettext_lazy("计划"),
    gettext_lazy("公告"),
    gettext_lazy("开标"),
    gettext_lazy("评审"),
    gettext_lazy("定标"),
    gettext_lazy("合同"),
)


def _stages(project: Project) -> list[dict[str, Any]]:
    """Each stage with its name, and whether it is done or current."""
    reached = ProjectStatus(project.status).meaning.step
    now = -1 if reached is None else reached
    return [{"name": name, "done": number < now, "now": number == now} for number, name in enumerate(STAGES)]


def _not_met(project: Project) -> list[Words]:
    """The requirements that a notice of this purchase would not meet, each as a sentence."""
    return [demand.words for demand in method_requirements.unmet_now([project])[project.pk]]


class ShowProject(Page):
    """One purchase: terms, questions, key holders, bids, panel, award, contract."""

    access = access_to(Project)
    template = "procurement/purchases/project.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        projects = Project.objects.select_related("buyer", "budget_line")
        project = find_visible(projects, self.actor, number=number)
        panel = list(project.panelseats.select_related("person", "organization"))
        holders = list(project.keyholders.on_duty().select_related("person"))
        buying = is_one_of(BUYING_SIDE, self.actor, project)
        rule = method_requirements.rule_of(project)
        bids = Bid.objects.visible_to(self.actor).filter(project=project)
        ranked = bids.select_related("provider__organization").order_by("rank", "id")
        shown = in_order(ranked, request, "bids_from")
        called_off = project.call_offs.select_related("contract", "bid__provider__organization")
        call_offs = in_order(called_off, request, "call_offs_from")
        objections = Objection.objects.visible_to(self.actor).filter(project=project)
        return self.render(
            {
                "object": project,
                "stages": _stages(project),
                "demands": rule.said(),
                "rule": rule,
                "unmet": _not_met(project) if project.inside and buying else [],
                "items": table((ITEM, LIMIT_PRICE, QUANTITY, AMOUNT), project.items.select_related("item")),
                "papers": papers.words(project.papers),
                "set_aside": reserving.set_aside_for(project.number) if buying else None,
                "sees_ledger": self.may_open("ledger"),
                "invited": project.invited.select_related("organization") if buying else (),
                "questions": in_order(
                    project.questions.all() if buying else project.questions.exclude(answer_text=""),
                    request,
                    "questions_from",
                ),
                "key_holders": holders,
                "panel": panel,
                "replacements": scoring.replacements(project, panel) if buying else [],
                "bids": shown and table(BIDS, shown.rows, address=Bid.get_absolute_url),
                "page_of_bids": shown,
                "objections": in_order(
                    objections.select_related("provider__organization"), request, "objections_from"
                ),
                "call_offs": call_offs,
                "readable_contracts": self._readable_contracts(call_offs.rows),
                "buying": buying,
                "flags": self._flags(project) if buying and project.published_at else [],
                "own_seats": self._own_seats(holders, panel),
                "may_ask": any_provider.admits(self.actor, project),
                "not_to_bid": self._not_to_bid(project),
                "transitions": project.transitions_for(self.actor),
                "timeline": timeline.lines(
                    self._timeline_entries(project, panel if buying else []), reader=self.actor
                ),
            }
        )

    def _not_to_bid(self, project: Project) -> Refused | None:
        """Why the reader's provider cannot bid now; None for whoever can, or has no provider."""
        if not (project.out_for_bids and any_provider.admits(self.actor, project)):
            return None
        own = Provider.objects.select_related("organization").filter(organization=self.actor.organization_id)
        return next((refused for provider in own if (refused := not_to_bid(project, provider))), None)

    def _readable_contracts(self, call_offs: list[CallOff]) -> set[int]:
        """The primary keys of those contracts that were called off whose pages the reader may open."""
        contracts = Contract.objects.visible_to(self.actor).filter(
            pk__in=[call_off.contract_id for call_off in call_offs]
        )
        return set(contracts.values_list("pk", flat=True))

    def _timeline_entries(self, project: Project, panel: list[PanelSeat]) -> Q:
        """The entries of the timeline, with the replacements on the panel."""
        found = Q(lifecycle=PROJECT.label, object_id=project.pk)
        if panel:
            seats = [seat.pk for seat in panel]
            found |= Q(lifecycle=PANEL_SEAT.label, object_id__in=seats, move__in=REPLACING)
        return found

    def _flags(self, project: Project) -> list[ToldFlag]:
        """The red flags about the purchase, the newest of them."""
        newest = RedFlag.objects.about(project).with_facts()[:FLAGS]
        return [telling.told(flag) for flag in newest]

    def _own_seats(self, holders: list[KeyHolder], panel: list[PanelSeat]) -> list[Any]:
        """The reader's own seats in the purchase."""
        keys = [seat for seat in holders if is_one_of(key_holders, self.actor, seat)]
        return [*keys, *(seat for seat in panel if panelist.admits(self.actor, seat))]
