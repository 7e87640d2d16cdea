"""Re-matchings of everything that a leaving provider has open."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ASKED
from foundation.parties import SeenQuerySet
from organizations.providers.models import Provider
from referrals.permissions import SEES_REMATCHINGS
from referrals.rematching import events
from referrals.rematching.states import REMATCH, RematchStatus

#: What becomes of rows of a plan that are not handed over with it.
OTHERWISE = ("call", "done", "left")


class RematchQuerySet(SeenQuerySet["Rematch"]):
    def waiting(self) -> RematchQuerySet:
        """Those worked out, and not yet approved by a second person."""
        return self.filter(status__in=RematchStatus.in_phase(ASKED))


class Rematch(LifecycleModel):
    """``plan`` is the assignment as previewed: referral, offer (None: no room), points."""

    lifecycle = REMATCH
    seen_by = SEES_REMATCHINGS
    at_a_glance = ("provider", ("plan_in_words", _("安排")))
    worklist_joins = ("provider__organization",)

    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="rematches", verbose_name=_("退出的机构")
    )
    plan = models.JSONField(default=list)
    total = models.DecimalField(_("总分"), max_digits=12, decimal_places=2, default=Decimal("0"))
    bound = models.DecimalField(_("理论上限"), max_digits=12, decimal_places=2, default=Decimal("0"))
    rule_version = models.PositiveIntegerField(_("权重版本"), default=0)
    status = models.CharField(
        _("状态"), max_length=20, choices=RematchStatus.choices, default=RematchStatus.PREVIEWED
    )

    unjournaled = ("plan",)

    objects = RematchQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["provider"],
                condition=models.Q(status__in=RematchStatus.unfinished()),
                name="one_preview_for_a_provider",
            )
        ]
        triggers = [REMATCH.trigger()]

    def __str__(self) -> str:
        return gettext("%(provider)s 重新匹配") % {"provider": self.provider}

    def beside(self) -> list[LifecycleModel]:
        """What waits for others according to who has approved it."""
        return [obj for found in events.waiting_with.call(self) for obj in found]

    def get_absolute_url(self) -> str:
        return reverse("rematch", args=[self.pk])

    @property
    def plan_in_words(self) -> str:
        """How many referrals go to another provider, how many to none, and how many not with these."""
        words = gettext(
            "共 %(n)s 个转介：有去处 %(placed)s 个，放不下 %(unplaced)s 个，另行移交 %(otherwise)s 个"
        )
        return words % {
            "n": len(self.plan),
            "placed": len(self.placed),
            "unplaced": len(self.unplaced),
            "otherwise": len(self.otherwise),
        }

    @property
    def placed(self) -> list[dict[str, object]]:
        """The rows of the plan that found an offer."""
        return [row for row in self.plan if row["offer"] is not None]

    @property
    def unplaced(self) -> list[dict[str, object]]:
        """The rows that found none; their needs return to the window and are escalated."""
        return [row for row in self.plan if row["offer"] is None and row.get("way") not in OTHERWISE]

    @property
    def otherwise(self) -> list[dict[str, object]]:
        """The rows in open requests for offers, which go on without this provider, and those that cannot be
        moved now.
        """
        return [row for row in self.plan if row.get("way") in OTHERWISE]

    def row_title(self) -> str:
        return gettext("重新匹配 · %(provider)s · %(n)s 个转介") % {
            "provider": self.provider.organization.name,
            "n": len(self.plan),
        }
