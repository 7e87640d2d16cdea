"""What a new edition means for providers' offers: carried over, or to be renewed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app as worker
from psycopg import sql

from catalog.comparisons import comparing
from catalog.editions.models import Edition
from catalog.items.fields import place_names
from catalog.items.models import AGREED, Item
from catalog.offers.models import Offer
from catalog.offers.states import CARRIED_OVER, OFFER
from foundation import moments, paths
from foundation.isolation import apart
from foundation.journal import sentences, writing
from foundation.lifecycle.table import LIFECYCLES
from foundation.roles import SYSTEM, Actor
from foundation.work_items import rebuilding


@dataclass(frozen=True)
class Renewal:
    """What an edition changes for one offer; ``item`` is ``None`` where it left the catalog."""

    offer: Offer
    item: Item | None
    changes: tuple[comparing.FieldChange, ...]
    over_ceiling: bool

    @property
    def needed(self) -> bool:
        """Whether the provider has to agree anew."""
        return self.item is None or self.over_ceiling or any(c.name in AGREED for c in self.changes)


def renewals_of(offers: Iterable[Offer], edition: Edition) -> list[Renewal]:
    """What ``edition`` changes for offers, in two queries; unchanged offers are left out."""
    offers, places = list(offers), place_names()
    wanted = {offer.item.code for offer in offers}
    items = {item.code: item for item in edition.items.filter(code__in=wanted).select_related("body")}
    found = [_renewal(offer, items.get(offer.item.code), places) for offer in offers]
    return [renewal for renewal in found if renewal.item is None or renewal.changes or renewal.over_ceiling]


def concerned(offers: QuerySet[Offer], edition: Edition) -> QuerySet[Offer]:
    """The offers for which ``edition`` changes anything, as a query; looks at their items, not at each."""
    places, items = place_names(), {item.code: item for item in edition.items.select_related("body")}
    offered = Item.objects.filter(pk__in=offers.values("item")).select_related("body").defer("search")
    changed, over_ceiling = [], Q()
    for old in offered:
        new = items.get(old.code)
        if new is None or comparing.changed_fields(old, new, places):
            changed.append(old.pk)
        else:
            over_ceiling |= Q(item=old, price__gt=new.price_ceiling)
    return offers.filter(Q(item__in=changed) | over_ceiling)


def _renewal(offer: Offer, item: Item | None, places: dict[str, str]) -> Renewal:
    """What the edition changes for one offer."""
    changes = comparing.changed_fields(offer.item, item, places) if item else ()
    over = item is not None and offer.price > item.price_ceiling
    return Renewal(offer=offer, item=item, changes=changes, over_ceiling=over)


def ahead(offers: Iterable[Offer]) -> tuple[Edition | None, list[Renewal]]:
    """The next edition that is published and not in force yet, and the renewals it will need."""
    edition = Edition.objects.announced().order_by("in_force_from").first()
    if edition is None:
        return None, []
    return edition, [renewal for renewal in renewals_of(offers, edition) if renewal.needed]


_CARRY = sql.SQL("""
    UPDATE catalog_offer o SET item_id = new.id
    FROM catalog_item old, catalog_item new
    WHERE old.id = o.item_id AND new.edition_id = %s AND new.code = old.code
      AND old.edition_id <> new.edition_id AND o.status = ANY(%s)
      AND o.price <= new.price_ceiling AND {same}
""")


#: What is written into the journal here.
CARRY_OVER = sentences.act("carry_over", gettext_lazy("服务申报随新版目录延续"))


def carry_over(edition: Edition, *, by: Actor) -> int:
    """Point live offers at the same item of ``edition`` where nothing agreed to has changed.

    Their prices have to be within the new ceilings. One statement; returns how many. The worker looks at
    the others (``look_at_renewals``), and at what bears the name of an item (``follow_the_names``).
    """
    same = sql.SQL(" AND ").join(
        sql.SQL("old.{0} IS NOT DISTINCT FROM new.{0}").format(sql.Identifier(name)) for name in AGREED
    )
    with connection.cursor() as cursor:
        cursor.execute(_CARRY.format(same=same), [edition.pk, list(CARRIED_OVER)])
        carried = cursor.rowcount
    if carried:
        writing.write(Edition._meta.label, edition, CARRY_OVER, by, after={"offers": carried}, basis="S25")
    worker.configure_task("catalog.tasks.look_at_renewals").defer()
    return carried


def follow_the_names() -> int:
    """Make the work items anew that bear the name of an item of the catalog; returns how many differed."""
    showing = [lifecycle for lifecycle in LIFECYCLES.values() if _shows_items(lifecycle.model)]
    return sum(1 for lifecycle in showing for _difference in rebuilding.rebuild_those_of(lifecycle))


def _shows_items(model: Any) -> bool:
    """Whether rows of a worklist bear the name of an item of the catalog."""
    return any(paths.model_at(model, path) is Item for path in model.worklist_joins)


def look_at_renewals() -> int:
    """Ask for the renewal of offers that the edition in force has changed; end what is not needed any more.

    Returns how many offers changed their status. An offer whose item left the catalog is not asked: it ends
    with its contract.
    """
    edition = Edition.objects.in_force().first()
    if edition is None:
        return 0
    standing = Offer.objects.select_related("item__body", "provider__organization")
    behind = standing.taking_referrals().exclude(item__edition=edition)
    waiting = standing.to_agree_anew()
    moved = 0
    for renewal in renewals_of(behind, edition):
        if renewal.needed and renewal.item:
            moved += _moved(renewal.offer, ask_renewal)
    needed = {renewal.offer.pk for renewal in renewals_of(waiting, edition) if renewal.needed}
    for offer in waiting:
        if offer.pk not in needed:
            moved += _moved(offer, need_no_renewal)
    return moved


def _moved(offer: Offer, action: Callable[..., Offer]) -> bool:
    """Whether the action succeeded; the provider may have acted meanwhile."""
    with apart("offer.renewal", offer=offer.pk):
        action(offer, by=SYSTEM)
        return True
    return False


@OFFER.transition("ask_renewal")
def ask_renewal(offer: Offer, *, by: Actor) -> None:
    """Ask for renewal: the edition in force has changed what the provider agreed to."""
    offer.changed_at = moments.now()


@OFFER.transition("need_no_renewal")
def need_no_renewal(offer: Offer, *, by: Actor) -> None:
    """End the request: the edition in force has again what the provider agreed to."""
    offer.item = Item.objects.get(edition__in=Edition.objects.in_force(), code=offer.item.code)
    offer.changed_at = moments.now()
