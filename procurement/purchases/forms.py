"""Forms of the actions on purchases before the award."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.items.kinds import Funding, Method
from catalog.items.models import Item
from catalog.items.seeking import an_item
from contracts.budgets.forms import budget_line_field, open_lines
from foundation import moments
from foundation.forms.actions import ActionForm, draw_without, form_for
from foundation.forms.fields import CountField, DayField, MoneyField
from foundation.lifecycle.phases import ENDED
from foundation.moments import SHANGHAI
from foundation.roles import Actor
from organizations.providers.models import Provider
from organizations.providers.seeking import some_providers
from procurement.bids.models import Bid
from procurement.phases import OPEN_TO_OBJECTION, OUT_FOR_BIDS
from procurement.purchases.fields import CriteriaField, MomentField
from procurement.purchases.grounds import grounds_refused
from procurement.purchases.models import Project
from procurement.purchases.seeking import a_project
from procurement.purchases.states import PROJECT, FailGround, ProjectStatus
from procurement.supplier.papers import SupportingDocumentKind


@form_for(PROJECT, "add_item")
class AddItem(ActionForm):
    """Item, limit of the unit price (CNY) and quantity."""

    item = an_item()
    limit_price = MoneyField(label=_("单价上限（元）"), help_text=_("不超过目录的最高限价。"))
    quota = CountField(label=_("数量"), help_text=_("按目录的计量单位。"))

    def prepare(self) -> None:
        self.chooser("item").queryset = Item.objects.in_force().filter(funding=Funding.PURCHASED)


@form_for(PROJECT, "plan")
class Plan(AddItem):
    """A new purchase with its first item."""

    field_order = ["title", "need", "budget_line", "method", "under", "start_on", "end_on"]

    title = forms.CharField(label=_("项目名称"), max_length=120)
    need = forms.CharField(
        label=_("需求"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("谁需要、需要多少、为什么现在买。公告里会公开。"),
    )
    budget_line = budget_line_field(_("预算"))
    method = forms.ChoiceField(label=_("采购方式"), choices=Method.choices)
    under = a_project(_("所属框架协议"), required=False, help_text=_("只在框架协议内二次竞价时选。"))
    start_on = DayField(label=_("服务开始"))
    end_on = DayField(label=_("服务结束"))

    def prepare(self) -> None:
        super().prepare()
        self.chooser("budget_line").queryset = open_lines()
        self.chooser("under").queryset = Project.objects.filter(
            method=Method.FRAMEWORK, status__in=ProjectStatus.in_phase(ENDED)
        )
        today = moments.today()
        self.initial.setdefault("start_on", today + timedelta(days=60))
        self.initial.setdefault("end_on", date(today.year + 1, 12, 31))


@form_for(PROJECT, "set_terms")
class SetTerms(ActionForm):
    """Deadline, criteria, required documents, and the sizes of award and panel."""

    changes = True

    bids_until = MomentField(label=_("投标截止"), help_text=_("按服务器时间，到点自动截止。"))
    price_points = CountField(label=_("价格分"), least=0, most=100)
    criteria = CriteriaField(
        label=_("评分标准"),
        required=False,
        help_text=_("每行一项：名称，分值，评分要点。和价格分合计 100 分；最低价成交的不用填。"),
    )
    papers = forms.MultipleChoiceField(
        label=_("要求的材料"),
        choices=SupportingDocumentKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    places = CountField(label=_("成交名额"), most=50, help_text=_("框架协议填入围家数，其他填 1。"))
    panel_size = CountField(
        label=_("评审人数"), least=0, most=15, help_text=_("3 人以上单数；单一来源和委托填 0。")
    )
    justification = forms.CharField(
        label=_("采用这种方式的理由"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("单一来源、邀请、谈判、委托须写，公告里会公开。"),
    )

    def prepare(self) -> None:
        project = self.obj
        if project is None:
            return
        for name in ("price_points", "papers", "places", "panel_size", "justification"):
            self.initial.setdefault(name, getattr(project, name))
        self.initial.setdefault("criteria", CriteriaField.written(project.criteria))
        usual = moments.today() + timedelta(days=22)
        moment = project.bids_until or datetime.combine(usual, time(9, 30), SHANGHAI)
        self.initial.setdefault("bids_until", moment)


@form_for(PROJECT, "invite")
class Invite(ActionForm):
    """The providers invited."""

    providers = some_providers(_("邀请的机构"))

    def prepare(self) -> None:
        accredited = Provider.objects.in_good_standing()
        self.chooser("providers").queryset = accredited.select_related("organization")
        if self.obj is not None:
            self.initial.setdefault("providers", [provider.pk for provider in self.obj.invited.all()])

    def given(self) -> dict[str, Any]:
        return {"providers": list(self.cleaned_data["providers"])}


@form_for(PROJECT, "propose_failure")
class ProposeFailure(ActionForm):
    """The facts for failing; the ground is asked by the transition."""

    why = forms.CharField(
        label=_("事实"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("由另一人复核；流标后理由和事实都会公开。"),
    )

    def prepare(self) -> None:
        if self.obj is not None:
            draw_without(self, grounds_refused(self.obj, FailGround.values))


@form_for(PROJECT, "submit", "publish", "award", "make_contract")
class Decide(ActionForm):
    """Shows purchase, bids and amounts beside the decision."""

    facts = "procurement/purchases/glance.html"

    @property
    def ranked(self) -> list[Bid]:
        """The bids by rank, once they are ranked."""
        if self.obj is None:
            return []
        found = self.obj.bids.exclude(rank=None).select_related("provider__organization")
        return list(found.order_by("rank"))


@form_for(PROJECT, "extend")
class Extend(ActionForm):
    """A later deadline."""

    bids_until = MomentField(label=_("新的投标截止"))

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("bids_until", self.obj.bids_until)


def open_to(actor: Actor | None) -> QuerySet[Project]:
    """Purchases that the actor sees and may ask about or object to now."""
    seen = Project.objects.visible_to(actor) if actor else Project.objects.none()
    return seen.filter(status__in=ProjectStatus.in_phase(OUT_FOR_BIDS, OPEN_TO_OBJECTION))
