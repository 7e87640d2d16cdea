"""Bids: sealed until the opening, then readable for everybody who decides."""

from __future__ import annotations

from dataclasses import replace

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import DROPPED
from foundation.parties import SeenQuerySet
from foundation.personal_data.sealed_files import SealedFile
from organizations.providers.models import Provider
from procurement.bids.states import BID, LOST, WON, BidStatus
from procurement.permissions import SEES_BIDS, sits_on_its_panel
from procurement.phases import BEING_CHECKED, BEING_JUDGED, RESULT_KNOWN, UNOPENED, WAS_OPENED
from procurement.purchases.models import Project, ProjectItem


class BidQuerySet(SeenQuerySet["Bid"]):
    def handed_in(self) -> BidQuerySet:
        """Bids that were not withdrawn."""
        return self.filter(status__in=BidStatus.in_phase(~DROPPED))

    def unopened(self) -> BidQuerySet:
        """Bids that are still sealed."""
        return self.filter(status__in=BidStatus.in_phase(UNOPENED))

    def unchecked(self) -> BidQuerySet:
        """Opened bids of which the buyer has still to check who is eligible."""
        return self.filter(status__in=BidStatus.in_phase(BEING_CHECKED))

    def qualified(self) -> BidQuerySet:
        """Bids found eligible, to be scored and ranked."""
        return self.filter(status__in=BidStatus.in_phase(BEING_JUDGED))

    def decided(self) -> BidQuerySet:
        """Bids whose result is known: won, lost or refused."""
        return self.filter(status__in=BidStatus.in_phase(RESULT_KNOWN))

    def won(self) -> BidQuerySet:
        """The bid that was awarded; several in a framework agreement."""
        return self.filter(status__in=WON)

    def lost(self) -> BidQuerySet:
        """Bids that were judged, and another was awarded."""
        return self.filter(status__in=LOST)

    def secret(self) -> BidQuerySet:
        """Bids that nobody but the bidder may know of, not even that they exist.

        That is until the opening, and for ever where there was none.
        """
        return self.filter(project__opened_at=None)


class Bid(LifecycleModel):
    """A provider's bid. ``sealed`` is its encrypted content, ``digest`` the SHA-256 of that.

    The database refuses to change either, and the journal has the digest as of sending. ``price`` (CNY) and
    all that follows are known after the opening only.
    """

    lifecycle = BID
    #: Experts see the bids that they judge, not those withdrawn.
    seen_by = (
        *SEES_BIDS,
        replace(sits_on_its_panel, matching=models.Q(status__in=BidStatus.in_phase(WAS_OPENED))),
    )
    at_a_glance = (("project", _("采购项目")), "sealed_at")
    worklist_joins = ("project", "provider__organization")
    unjournaled = ("sealed", "plan", "team")

    project = models.ForeignKey(Project, models.PROTECT, related_name="bids", verbose_name=_("采购项目"))
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="bids", verbose_name=_("投标机构"))
    sealed = models.BinaryField(editable=False)
    digest = models.CharField(_("封记"), max_length=64)
    sealed_at = models.DateTimeField(_("密封时间"))
    price = models.DecimalField(_("报价（元）"), max_digits=13, decimal_places=2, null=True)
    plan = models.TextField(_("服务方案"), blank=True)
    team = models.TextField(_("人员与业绩"), blank=True)
    price_score = models.DecimalField(_("价格分"), max_digits=5, decimal_places=2, null=True)
    quality_score = models.DecimalField(_("质量分"), max_digits=5, decimal_places=2, null=True)
    score = models.DecimalField(_("总分"), max_digits=5, decimal_places=2, null=True)
    rank = models.PositiveSmallIntegerField(_("名次"), null=True)
    why = models.CharField(_("原因"), max_length=300, blank=True)
    status = models.CharField(_("状态"), max_length=20, choices=BidStatus.choices, default=BidStatus.SEALED)

    objects = BidQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["project", "provider"],
                condition=models.Q(status__in=BidStatus.in_phase(~DROPPED)),
                name="one_bid_of_a_provider",
            ),
            models.CheckConstraint(
                condition=models.Q(price=None) | models.Q(price__gt=0), name="bid_price_positive"
            ),
        ]
        triggers = [
            BID.trigger(),
            pgtrigger.ReadOnly(
                name="the_seal_stays", fields=["project", "provider", "sealed", "digest", "sealed_at"]
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.provider}"

    def case_key(self) -> str:
        return self.project.case_key()

    def beside(self) -> list[Project]:
        """The purchase, whose bids are checked before its panel is drawn."""
        return [self.project]

    def due_with(self) -> list[Project]:
        return [self.project]

    def get_absolute_url(self) -> str:
        return reverse("bid", args=[self.pk])

    @property
    def unopened(self) -> bool:
        """Whether it is still sealed."""
        return self.status in BidStatus.in_phase(UNOPENED)

    @property
    def won(self) -> bool:
        """Whether it was awarded."""
        return self.status in WON

    def row_title(self) -> str:
        return f"{self.project.title} · {self.provider}"


class BidLine(models.Model):
    """The unit price that a bid asks for one item (CNY); known after the opening."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="lines")
    item = models.ForeignKey(ProjectItem, models.PROTECT, related_name="bid_lines")
    unit_price = models.DecimalField(_("单价（元）"), max_digits=10, decimal_places=2)

    class Meta:
        ordering = ("item__item__code", "id")
        constraints = [
            models.UniqueConstraint(fields=["bid", "item"], name="bid_line_once"),
            models.CheckConstraint(condition=models.Q(unit_price__gt=0), name="bid_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.bid} {self.item.item.code}"


class BidFile(SealedFile):
    """A file of a bid, extracted at the opening and stored encrypted."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="files")
    name = models.CharField(_("材料"), max_length=120)
    kind = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("bid-file", args=[self.bid_id, self.pk])
