"""What a provider offers: places and weekly capacity for one item."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.lifecycle import OFFER, OfferStatus
from catalog.models.item import Item
from foundation import moments
from foundation.lifecycle.model import LivedModel
from foundation.roles import Actor, Role
from organizations.models import Provider


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, actor: Actor) -> OfferQuerySet:
        """Providers see their own offers; those who refer or oversee see all."""
        if actor.role in (Role.COORDINATOR, Role.SOCIAL_WORKER):
            return self.filter(provider__organization_id=actor.organization_id)
        if actor.role in (
            Role.CIVIL_AFFAIRS,
            Role.WINDOW,
            Role.AUDITOR,
            Role.FINANCE,
            Role.EVALUATOR,
        ):
            return self
        return self.none()


class Offer(LivedModel):
    """An accredited provider's offer. ``taken`` moves only in guarded statements."""

    lifecycle = OFFER
    worklist_joins = ("item", "provider__organization")

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="offers", verbose_name=_("服务项目")
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="offers", verbose_name=_("承接主体")
    )
    places = models.PositiveIntegerField(_("同时服务名额"))
    taken = models.PositiveIntegerField(_("已占名额"), default=0)
    places_at = models.DateTimeField(_("名额更新时间"), default=moments.now)
    price = models.DecimalField(_("单价(元)"), max_digits=10, decimal_places=2)
    staff = models.CharField(_("人员资质"), max_length=200)
    status = models.CharField(
        _("状态"), max_length=20, choices=OfferStatus.choices, default=OfferStatus.APPLIED
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("item__code", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken__lte=models.F("places")), name="offer_never_over_full"
            ),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="offer_price_positive"),
            models.UniqueConstraint(
                fields=["item", "provider"],
                condition=models.Q(status__in=[OfferStatus.APPLIED, OfferStatus.ACCEPTED]),
                name="offer_once_for_an_item",
            ),
        ]
        triggers = [OFFER.trigger()]

    def __str__(self) -> str:
        return f"{self.provider} · {self.item}"

    def get_absolute_url(self) -> str:
        return reverse("offer", args=[self.pk])

    @property
    def free(self) -> int:
        """Free places now."""
        return self.places - self.taken

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """Only the offering provider's people are told of it."""
        own = role in (Role.COORDINATOR, Role.SOCIAL_WORKER)
        return (self.provider.organization_id if own else None), None, None

    def row_title(self) -> str:
        return f"{self.item} · {self.provider.organization.name}"
