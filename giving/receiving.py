"""Actions on charity funds and goods: set up, receive a gift, count, write off, freeze, close."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.items.kinds import Funding
from catalog.offers.models import Offer
from foundation.numbering import numbers
from foundation.numbering.series import Series
from foundation.refusals import Exhausted, Invalid, NotNow, Refused
from foundation.roles import Actor
from foundation.wording import filled
from giving import stock
from giving.models import ZERO, Account, Backing, DonorKind, Gift, Pool, PoolKind
from giving.states import GIFT, POOL
from organizations.providers.models import Nature, Provider

#: Who may collect for others (慈善法 articles 8, 102): not companies, not institutions.
CHARITABLE = (Nature.CHARITY, Nature.SOCIAL_ORGANIZATION, Nature.SOCIAL_WORK_AGENCY)


@POOL.start("set_up")
def set_up(
    *, by: Actor, kind: str, name: str, unit: str = "", unit_value: Decimal = ZERO, purpose: str
) -> Pool:
    """Set up a fund (in CNY) or a store of goods, each unit worth ``unit_value`` CNY.

    Raises ``Refused`` for a provider that is not in good standing or may not collect donations, ``Invalid``
    for goods without unit or value, and for a name that the provider has used already.
    """
    if refused := may_not_collect(by):
        raise refused
    provider = Provider.objects.get(organization_id=by.organization)
    if provider.pools.filter(name=name).exists():
        message = _("已经有同名的资金或物资库。")
        raise Invalid(message, fields={"name": message})
    if kind == PoolKind.MONEY:
        unit, unit_value = _("元"), Decimal("1")
    elif not unit.strip() or unit_value <= 0:
        message = _("物资请填单位和每单位价值。")
        raise Invalid(message, fields={"unit": message, "unit_value": message}, rule="S33")
    return Pool.objects.create(
        provider=provider, kind=kind, name=name, unit=unit, unit_value=unit_value, purpose=purpose
    )


def may_not_collect(by: Actor) -> Refused | None:
    """Why a provider sets up nothing: it is not in good standing, or may not collect donations."""
    provider = Provider.objects.select_related("organization").filter(organization=by.organization).first()
    if provider is None:
        return None
    if why_not := provider.why_not_in_good_standing():
        words = gettext_lazy("%(why)s，不能设立资金或物资库。")
        return Refused(filled(words, why=why_not), rule="S26")
    if provider.nature not in CHARITABLE:
        return Refused(gettext_lazy("只有社会组织和慈善组织可以接收捐赠。"), rule="慈善法第八条")
    return None


POOL.barred["set_up"] = may_not_collect


@POOL.transition("back")
def back(pool: Pool, *, by: Actor, offer: Offer, per_unit: Decimal) -> None:
    """Supply an offer out of this pool: ``per_unit`` of it for one unit of the service.

    Raises ``Invalid`` for another provider's offer or a purchased item, and for an offer with open referrals (what was
    promised to them would come from elsewhere).
    """
    if offer.provider_id != pool.provider_id or offer.item.funding != Funding.CHARITY_PROJECT:
        message = _("只能用于本机构的慈善项目。")
        raise Invalid(message, fields={"offer": message}, rule="S30")
    if offer.taken:
        message = _("这个项目还有进行中的转介，办完后再改。")
        raise Invalid(message, fields={"offer": message}, rule="S28")
    Backing.objects.update_or_create(offer=offer, defaults={"pool": pool, "per_unit": per_unit})
    stock.update_offers(pool.pk)


@GIFT.start("receive")
def receive(
    *,
    by: Actor,
    pool: Pool,
    donor_kind: str,
    donor: str = "",
    named: bool = False,
    units: Decimal,
    wish: str = "",
) -> Gift:
    """Book a gift of ``units``; its receipt can be printed at once.

    Raises ``NotNow`` for a pool that is frozen or closed, or whose charity has left, ``Invalid`` for a
    donor without a name who is not anonymous, and for fractions of goods.
    """
    pool = Pool.objects.select_for_update(of=("self",)).get(pk=pool.pk)
    if not pool.in_use or pool.provider.has_left:
        raise NotNow(_("这个库现在不接收捐赠。"), rule="S33")
    anonymous = donor_kind == DonorKind.ANONYMOUS
    if not anonymous and not donor.strip():
        message = _("请填捐赠人名称；不愿留名的选“匿名”。")
        raise Invalid(message, fields={"donor": message}, rule="慈善法第三十八条")
    _require_whole(pool, units)
    gift = Gift.objects.create(
        number=numbers.next_number(Series.GIFT),
        pool=pool,
        donor_kind=donor_kind,
        donor="" if anonymous else donor,
        named=named and not anonymous,
        units=units,
        wish=wish,
    )
    stock.transfer(
        pool.pk, units, Account.DONATED, Account.AVAILABLE, holder=gift.number, note=f"{gift} 入账"
    )
    return gift


def _require_whole(pool: Pool, units: Decimal) -> None:
    """Raise ``Invalid`` for a fraction of goods."""
    if pool.kind == PoolKind.GOODS and units != units.to_integral_value():
        message = _("物资请填整数。")
        raise Invalid(message, fields={"units": message})


@GIFT.transition("void")
def void(gift: Gift, *, by: Actor, reason: str) -> None:
    """Cancel a gift booked in error; raises ``Exhausted`` when part of it has been given already."""
    stock.transfer(
        gift.pool_id, gift.units, Account.AVAILABLE, Account.DONATED, holder=gift.number, note=f"{gift} 作废"
    )


@void.foreseen
def promised_since(gifts: Sequence[Gift]) -> dict[int, Refused]:
    """Why gifts are not cancelled: part of what they brought has been given or promised."""
    pools = Pool.objects.in_bulk({gift.pool_id for gift in gifts})
    words = gettext_lazy("这笔捐赠已有一部分给出或答应出去，不能作废。")
    return {
        gift.pk: Exhausted(words, rule="S33") for gift in gifts if pools[gift.pool_id].available < gift.units
    }


@POOL.transition("write_off")
def write_off(pool: Pool, *, by: Actor, reason: str, units: Decimal) -> None:
    """Book spoiled goods, or money returned to a donor; raises ``Exhausted`` for more than is available."""
    _require_whole(pool, units)
    stock.transfer(pool.pk, units, Account.AVAILABLE, Account.LOST, holder="", note=reason)
    pool.refresh_from_db()


@POOL.transition("take_stock")
def take_stock(pool: Pool, *, by: Actor, reason: str, counted: Decimal) -> None:
    """Correct the balance to ``counted`` pieces, and book the difference as found or lost.

    ``counted`` includes what is reserved. Raises ``Invalid`` for fewer pieces than are reserved.
    """
    _require_whole(pool, counted)
    if counted < pool.reserved:
        message = _("已经答应出去 %(reserved)s，实物不够，请先处理。") % {"reserved": pool.reserved}
        raise Invalid(message, fields={"counted": message}, rule="S33")
    more = counted - pool.reserved - pool.available
    if more > 0:
        stock.transfer(pool.pk, more, Account.FOUND, Account.AVAILABLE, holder="", note=reason)
    else:
        stock.transfer(pool.pk, -more, Account.AVAILABLE, Account.LOST, holder="", note=reason)
    pool.refresh_from_db()


# A frozen pool takes no gifts and no new reservations.
freeze = POOL.act("freeze", Pool)
unfreeze = POOL.act("unfreeze", Pool)


close = POOL.act("close", Pool)


@close.lacks
def missing_for_closing(pools: Sequence[Pool]) -> dict[int, Refused]:
    """Why pools are not closed: something is available or reserved."""
    words = gettext_lazy("还有余额或已答应的，不能结清。")
    return {pool.pk: NotNow(words, rule="S33") for pool in pools if pool.available or pool.reserved}


@freeze.then
@unfreeze.then
@close.then
def _update_offers(pool: Pool, *, by: Actor, **given: object) -> None:
    """Set the stock of the pool's offers, since its status has changed."""
    stock.update_offers(pool.pk)
