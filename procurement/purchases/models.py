"""Purchases and the items bought in them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.editions.models import Edition
from catalog.items.kinds import Method
from catalog.items.models import Item
from contracts.budgets.models import BudgetLine
from contracts.contracts.models import Contract
from contracts.contracts.states import NOT_SIGNED, ContractStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import DROPPED, ENDED, PREPARED
from foundation.parties import SeenQuerySet
from foundation.wording import figure
from organizations.bodies.models import Organization
from organizations.providers.models import Provider
from procurement.bids.states import CANDIDATE, BidStatus
from procurement.permissions import READ_OF_PURCHASES, SEES_PURCHASES
from procurement.phases import BEING_CHECKED, BEING_JUDGED, BIDS_CLOSED, OPEN_TO_OBJECTION, OUT_FOR_BIDS
from procurement.purchases.states import PROJECT, FailGround, NextGround, ProjectStatus

if TYPE_CHECKING:
    from procurement.bids.models import Bid


class ProjectQuerySet(SeenQuerySet["Project"]):
    def published(self) -> ProjectQuerySet:
        """Purchases that anybody may read: open notices, every award that stands, and what came to
        nothing.
        """
        decided = models.Q(awarded_at__isnull=False) | models.Q(status__in=ProjectStatus.in_phase(DROPPED))
        return self.exclude(published_at=None).filter(models.Q(restricted=False) | decided)

    def out_for_bids(self) -> ProjectQuerySet:
        """Purchases for which providers may bid until the deadline."""
        return self.filter(status__in=ProjectStatus.in_phase(OUT_FOR_BIDS))

    def open_to_objection(self) -> ProjectQuerySet:
        """Awarded purchases whose bidders may still object."""
        return self.filter(status__in=ProjectStatus.in_phase(OPEN_TO_OBJECTION))


class Project(LifecycleModel):
    """A purchase of services (项目). ``amount`` is the most that it may cost (CNY).

    ``criteria`` is a list of ``{"key", "title", "points", "rubric"}``; with ``price_points`` they make 100.
    ``papers`` are the kinds of documents that a bid must contain. ``places`` is the number of winners: 1,
    or more in a framework agreement. ``seal_key`` is the public half of the key that seals the bids; the
    private half is split among the key holders. ``failing`` and ``passing`` are the grounds that one person
    of the buyer has proposed, to let the purchase fail or to take the next candidate; ``passed_over`` says
    that a winner was replaced by the next candidate.
    """

    lifecycle = PROJECT
    seen_by = SEES_PURCHASES
    at_a_glance = ("number", "title", "buyer", "method", "amount", "bids_until")
    read_by = READ_OF_PURCHASES
    unjournaled = ("seal_key",)

    number = models.CharField(_("项目编号"), max_length=20, unique=True)
    title = models.CharField(_("项目名称"), max_length=120)
    need = models.TextField(_("需求"), max_length=2000)
    buyer = models.ForeignKey(
        Organization, models.PROTECT, related_name="purchases", verbose_name=_("购买主体")
    )
    budget_line = models.ForeignKey(
        BudgetLine, models.PROTECT, related_name="purchases", verbose_name=_("预算")
    )
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name=_("目录版本"))
    method = models.CharField(_("采购方式"), max_length=14, choices=Method.choices)
    method_rule = models.PositiveIntegerField(_("采购方式规则的版本"), default=0)
    restricted = models.BooleanField(_("只对受邀的机构"), default=False)
    invited = models.ManyToManyField(
        Provider, blank=True, related_name="invitations", verbose_name=_("邀请名单")
    )
    under = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="competitions",
        verbose_name=_("所属框架协议"),
    )
    justification = models.TextField(_("采用这种方式的理由"), max_length=2000, blank=True)
    start_on = models.DateField(_("服务开始"))
    end_on = models.DateField(_("服务结束"))
    amount = models.DecimalField(_("最高限价（元）"), max_digits=13, decimal_places=2, default=Decimal("0"))
    price_points = models.PositiveSmallIntegerField(_("价格分"), default=100)
    criteria = models.JSONField(_("评分标准"), default=list, blank=True)
    papers = models.JSONField(_("要求的材料"), default=list, blank=True)
    places = models.PositiveSmallIntegerField(_("成交名额"), default=1)
    panel_size = models.PositiveSmallIntegerField(_("评审人数"), default=3)
    keys_needed = models.PositiveSmallIntegerField(_("开标需要的份额"), default=2)
    bids_until = models.DateTimeField(_("投标截止"), null=True, blank=True)
    published_at = models.DateTimeField(_("公告时间"), null=True, blank=True)
    opened_at = models.DateTimeField(_("开标时间"), null=True, blank=True)
    awarded_at = models.DateTimeField(_("定标时间"), null=True, blank=True)
    seal_key = models.BinaryField(null=True, editable=False)
    panel_seed = models.CharField(_("抽签号"), max_length=32, blank=True)
    failing = models.CharField(_("提出的流标理由"), max_length=12, choices=FailGround.choices, blank=True)
    failing_why = models.CharField(_("流标的事实"), max_length=300, blank=True)
    passing = models.CharField(
        _("改定下一候选人的理由"), max_length=12, choices=NextGround.choices, blank=True
    )
    passing_why = models.CharField(_("改定的事实"), max_length=300, blank=True)
    passed_over = models.BooleanField(_("已按名次顺延"), default=False)
    outcome = models.CharField(_("结果说明"), max_length=300, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=ProjectStatus.choices, default=ProjectStatus.PLANNED
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_on__gt=models.F("start_on")), name="project_ends_later"
            ),
            models.CheckConstraint(condition=models.Q(price_points__lte=100), name="project_points_to_100"),
            models.CheckConstraint(
                condition=models.Q(places__gte=1, keys_needed__gte=1), name="project_at_least_one"
            ),
        ]
        triggers = [PROJECT.trigger()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.number])

    def row_title(self) -> str:
        return f"{self.title} · {self.get_method_display()}"

    def beside(self) -> list[LifecycleModel]:
        """Its seats, bids and unsigned contracts that wait for somebody, until its deadlines."""
        found: list[LifecycleModel] = []
        for parts in (self.keyholders, self.panelseats, self.bids):
            waiting = parts.model.lifecycle.states_that_wait()
            found += parts.filter(status__in=waiting).only("status")
        unsigned = ContractStatus.in_phase(NOT_SIGNED)
        return [*found, *Contract.objects.filter(call_off__project=self, status__in=unsigned).only("status")]

    @property
    def ready_for_a_panel(self) -> bool:
        """Whether all bids are checked, and a panel judges them."""
        return bool(self.panel_size) and self._all_checked()

    @property
    def ready_to_negotiate(self) -> bool:
        """Whether all bids are checked, and no panel judges them."""
        return not self.panel_size and self._all_checked()

    def _all_checked(self) -> bool:
        """Whether no bid is left whose bidder has to be checked; read with the page if there are several."""
        if not self.being_checked:
            return True
        fetched = self.__dict__.get("unchecked_bids")
        return not (self.bids.unchecked().exists() if fetched is None else fetched)

    @property
    def may_be_proposed_to_fail(self) -> bool:
        """Whether no proposal to let it fail waits."""
        return not self.failing

    @property
    def may_pass_to_the_next(self) -> bool:
        """Whether it has one winner, and no proposal to take the next candidate waits."""
        return not self.passing and not self.is_framework

    @property
    def inside(self) -> bool:
        """Whether it is being prepared, before publication."""
        return self.status in ProjectStatus.in_phase(PREPARED)

    @property
    def out_for_bids(self) -> bool:
        """Whether providers may bid and ask, until the deadline."""
        return self.status in ProjectStatus.in_phase(OUT_FOR_BIDS)

    @property
    def bids_closed(self) -> bool:
        """Whether the deadline has passed and the bids are to be opened."""
        return self.status in ProjectStatus.in_phase(BIDS_CLOSED)

    @property
    def being_checked(self) -> bool:
        """Whether its bids are opened and checked by the buyer."""
        return self.status in ProjectStatus.in_phase(BEING_CHECKED)

    @property
    def being_judged(self) -> bool:
        """Whether its bids are scored, and scores are secret."""
        return self.status in ProjectStatus.in_phase(BEING_JUDGED)

    @property
    def open_to_objection(self) -> bool:
        """Whether bidders may object to the award."""
        return self.status in ProjectStatus.in_phase(OPEN_TO_OBJECTION)

    @property
    def contracted(self) -> bool:
        """Whether it has led to its contract, or to a framework to call off from."""
        return self.status in ProjectStatus.in_phase(ENDED)

    @property
    def is_framework(self) -> bool:
        """Whether several providers are shortlisted and called off later."""
        return self.method == Method.FRAMEWORK

    def candidate(self) -> Bid | None:
        """The bid to be given the contract: the winner, or the first of the ranking; ``None`` without one."""
        standing = self.bids.filter(status__in=BidStatus.with_trait(CANDIDATE))
        return standing.select_related("provider__organization").order_by("rank", "pk").first()

    @property
    def public_address(self) -> str:
        """The address at which anybody reads the notice."""
        return reverse("public-tender", args=[self.number])


class ProjectItem(models.Model):
    """Units of one item to be bought, and the most that one unit may cost (CNY)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, models.PROTECT, related_name="purchases")
    limit_price = models.DecimalField(_("单价上限（元）"), max_digits=10, decimal_places=2)
    quota = models.PositiveIntegerField(_("数量"))

    class Meta:
        ordering = ("item__code", "id")
        constraints = [
            models.UniqueConstraint(fields=["project", "item"], name="project_item_once"),
            models.CheckConstraint(
                condition=models.Q(limit_price__gt=0, quota__gt=0), name="project_item_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.item}"

    @property
    def quantity(self) -> str:
        """How much is to be bought, with its unit."""
        return f"{figure(self.quota)} {self.item.local_unit}"

    @property
    def amount(self) -> Decimal:
        """The most that all units may cost (CNY)."""
        return self.limit_price * self.quota
