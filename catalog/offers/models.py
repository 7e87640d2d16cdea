"""Providers' offers: places and weekly capacity for one item, and their papers."""

from __future__ import annotations

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.items.models import Item
from catalog.offers.states import OFFER, TAKING_REFERRALS, TO_AGREE_ANEW, OfferStatus
from catalog.permissions import READ_OF_OFFERS, SEES_OFFERS
from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import SERVING
from foundation.parties import SeenQuerySet
from foundation.personal_data import keys
from foundation.personal_data.fields import SealedBytesField
from foundation.wording import listed
from households.register.models import Language, Sex
from organizations.providers.models import Provider


class Weekday(models.TextChoices):
    """Days of the week, as RFC 5545 and HSDS write them."""

    MO = "MO", _("周一")
    TU = "TU", _("周二")
    WE = "WE", _("周三")
    TH = "TH", _("周四")
    FR = "FR", _("周五")
    SA = "SA", _("周六")
    SU = "SU", _("周日")


def working_week() -> list[str]:
    """The default: Monday to Friday."""
    return [Weekday.MO, Weekday.TU, Weekday.WE, Weekday.TH, Weekday.FR]


class OfferQuerySet(SeenQuerySet["Offer"]):
    def live(self) -> OfferQuerySet:
        """Offers applied for, accepted, or in renewal: a provider has at most one for an item."""
        return self.filter(status__in=OfferStatus.unfinished())

    def serving(self) -> OfferQuerySet:
        """Offers that the public may count on: accepted, or in renewal."""
        return self.filter(status__in=OfferStatus.in_phase(SERVING))

    def taking_referrals(self) -> OfferQuerySet:
        """Offers that windows may choose; one in renewal waits."""
        return self.filter(status__in=TAKING_REFERRALS)

    def to_agree_anew(self) -> OfferQuerySet:
        """Offers whose providers have to agree to a newer edition."""
        return self.filter(status__in=OfferStatus.with_trait(TO_AGREE_ANEW))


def both_sexes() -> list[str]:
    """The default: women and men are among the staff."""
    return [Sex.FEMALE, Sex.MALE]


def common_language() -> list[str]:
    """The default: Mandarin."""
    return [Language.MANDARIN]


class Offer(LifecycleModel):
    """An accredited provider's offer of an item; ``price`` in CNY a unit.

    ``taken`` places, ``booked`` units of the week and a charity's ``stock`` (units that its own money or
    goods still allow; ``None``: no limit) change only in guarded statements. ``item`` is of the edition
    that the provider agreed to; a newer edition carries the offer over where nothing agreed to has changed,
    else it has to be renewed.
    """

    lifecycle = OFFER
    seen_by = SEES_OFFERS
    at_a_glance = ("item", "provider", "price", "places", "weekly", "staff")
    read_by = READ_OF_OFFERS
    worklist_joins = ("item", "provider__organization")

    item = models.ForeignKey(Item, models.PROTECT, related_name="offers", verbose_name=_("服务项目"))
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="offers", verbose_name=_("承接主体"))
    places = models.PositiveIntegerField(_("同时服务名额"))
    taken = models.PositiveIntegerField(_("已占名额"), default=0)
    places_at = models.DateTimeField(_("名额更新时间"), default=moments.now)
    weekly = models.PositiveIntegerField(_("每周服务量"))
    booked = models.PositiveIntegerField(_("本周已排"), default=0)
    stock = models.PositiveIntegerField(_("自有资金或物资还够"), null=True, blank=True)
    speaks = ArrayField(
        models.CharField(max_length=12, choices=Language.choices),
        verbose_name=_("服务语言"),
        default=common_language,
    )
    sexes = ArrayField(
        models.CharField(max_length=1, choices=Sex.choices),
        verbose_name=_("服务人员性别"),
        default=both_sexes,
    )
    price = models.DecimalField(_("单价（元）"), max_digits=10, decimal_places=2)
    staff = models.CharField(_("人员资质"), max_length=200)
    weekdays = ArrayField(
        models.CharField(max_length=2, choices=Weekday.choices),
        verbose_name=_("服务日"),
        default=working_week,
    )
    opens_at = models.TimeField(_("开始时间"), default=time(8, 30))
    closes_at = models.TimeField(_("结束时间"), default=time(17, 30))
    changed_at = models.DateTimeField(_("更新时间"), default=moments.now)
    status = models.CharField(
        _("状态"), max_length=20, choices=OfferStatus.choices, default=OfferStatus.APPLIED
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("item__code", "id")
        # The providers are in it so that offers are counted without reading their rows.
        indexes = [
            models.Index(fields=["status", "item"], include=["provider"], name="offer_by_status_and_item")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken__lte=models.F("places")), name="offer_never_over_full"
            ),
            models.CheckConstraint(
                condition=models.Q(booked__lte=models.F("weekly")), name="offer_never_overbooked"
            ),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="offer_price_positive"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="offer_closes_later"
            ),
            models.UniqueConstraint(
                fields=["item", "provider"],
                condition=models.Q(status__in=OfferStatus.unfinished()),
                name="offer_once_for_an_item",
            ),
        ]
        triggers = [OFFER.trigger()]

    def __str__(self) -> str:
        return f"{self.provider} · {self.item}"

    def get_absolute_url(self) -> str:
        return reverse("offer", args=[self.pk])

    @property
    def takes_referrals(self) -> bool:
        """Whether it is accepted, and windows may choose it; one in renewal waits."""
        return self.status in TAKING_REFERRALS

    @property
    def free(self) -> int:
        """Places free now."""
        return self.places - self.taken

    @property
    def stale_days(self) -> int:
        """Days since the provider last updated its places."""
        return (moments.now() - self.places_at).days

    @property
    def hours(self) -> str:
        """The hours in words: Monday to Friday 08:30–17:30."""
        days = [value for value in Weekday.values if value in self.weekdays]
        labels = [str(Weekday(day).label) for day in days]
        first = Weekday.values.index(days[0]) if days else 0
        if len(days) > 2 and days == Weekday.values[first : first + len(days)]:
            named = _("%(first)s至%(last)s") % {"first": labels[0], "last": labels[-1]}
        else:
            named = listed(labels)
        return f"{named} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"

    def row_title(self) -> str:
        return f"{self.item} · {self.provider.organization.name}"


class OfferDocument(models.Model):
    """A paper attached to an offer (certificates, lists of staff), stored encrypted."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="papers")
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("类型"), max_length=20)
    size = models.PositiveIntegerField(_("大小（字节）"))
    sealed = SealedBytesField(editable=False)
    added_at = models.DateTimeField(_("上传时间"), default=moments.now)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    def content(self) -> bytes:
        """The decrypted file."""
        return keys.decrypt(bytes(self.sealed), "catalog_offerdocument.sealed")
