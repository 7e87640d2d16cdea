"""Supplementary agreements: quantities and last day of a contract, before and after."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.amendments.states import AMENDMENT, AmendmentStatus
from contracts.contracts.models import Contract
from contracts.permissions import SEES_CONTRACTS
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ENDED
from foundation.parties import SeenQuerySet, along
from foundation.wording import labelled


class AmendmentQuerySet(SeenQuerySet["Amendment"]):
    def agreed(self) -> AmendmentQuerySet:
        """Agreements that both sides have signed."""
        return self.filter(status__in=AmendmentStatus.in_phase(ENDED))


class Amendment(LifecycleModel):
    """A change of a contract, in effect once a second person of the buyer and the provider have signed.

    ``lines`` holds what changes: ``{"line", "code", "name", "unit", "price", "before", "after"}`` each,
    prices as text (CNY). ``added`` is what the increases cost, ``change`` the difference to the contract's
    amount (CNY, may be negative).
    """

    lifecycle = AMENDMENT
    seen_by = along("contract", SEES_CONTRACTS)
    at_a_glance = ("contract", ("changes_in_words", _("改动")), "change", "end_before", "end_after", "why")
    worklist_joins = ("contract__provider__organization",)
    unjournaled = ("lines",)

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="amendments", verbose_name=_("合同"))
    why = models.CharField(_("事由"), max_length=300)
    lines = models.JSONField(default=list)
    end_before = models.DateField(_("原结束日期"))
    end_after = models.DateField(_("新结束日期"))
    added = models.DecimalField(_("增加的金额（元）"), max_digits=13, decimal_places=2)
    change = models.DecimalField(_("金额变化（元）"), max_digits=13, decimal_places=2)
    status = models.CharField(
        _("状态"), max_length=20, choices=AmendmentStatus.choices, default=AmendmentStatus.DRAFTED
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=models.Q(status__in=AmendmentStatus.unfinished()),
                name="one_amendment_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(added__gte=0) & models.Q(added__gte=models.F("change")),
                name="amendment_adds_up",
            ),
        ]
        triggers = [AMENDMENT.trigger()]

    @property
    def changes_in_words(self) -> list[str]:
        """Each line that changes: of how many units it was, and of how many it is then."""
        return [
            labelled(line["name"], f"{line['before']} → {line['after']} {line['unit']}")
            for line in self.lines
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.change:+,.2f}"

    def get_absolute_url(self) -> str:
        return reverse("amendment", args=[self.pk])

    def case_key(self) -> str:
        return self.contract.case_key()

    def beside(self) -> list[LifecycleModel]:
        """What waits for its contract to be settled."""
        return self.contract.beside()

    def row_title(self) -> str:
        return self.contract.row_title()

    @property
    def gives_more(self) -> bool:
        """Whether it adds units, or a longer time."""
        more = any(line["after"] > line["before"] for line in self.lines)
        return more or self.end_after > self.end_before

    @property
    def rise(self) -> Decimal:
        """The money to reserve for it (CNY), 0 for a reduction."""
        return max(self.change, Decimal("0"))
