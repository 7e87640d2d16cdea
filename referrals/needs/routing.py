"""Where each kind of need goes that the city takes: the bodies in charge today, and what the catalog has for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from catalog.items.models import Item
from catalog.offers.models import Offer
from foundation import moments
from organizations.providers.models import in_good_standing
from organizations.responsibilities import offered
from organizations.responsibilities.models import Responsibility
from organizations.responsibilities.need_kinds import NeedKind
from referrals.needs import triage
from referrals.needs.triage import Route

#: Kinds that nobody has to be in charge of: no household has the one, the window finds out what the other means.
OF_NOBODY = (NeedKind.ADMINISTRATIVE, NeedKind.OTHER)


@dataclass(frozen=True)
class Service:
    """An item of the catalog in force that answers a kind of need; ``served`` if a provider offers it."""

    item: Item
    served: bool


@dataclass(frozen=True)
class Routing:
    """One kind of need, with the responsibilities for it that are valid today, the services, and where it goes."""

    kind: str
    name: str
    responsibilities: tuple[Responsibility, ...]
    services: tuple[Service, ...]
    route: Route

    @property
    def nobody(self) -> bool:
        """Whether no body is in charge, and no published item answers it, though somebody should."""
        return not self.responsibilities and not self.services and self.kind not in OF_NOBODY

    @property
    def where_to(self) -> str:
        """The route in words."""
        if self.nobody:
            return _("没有人负责，目录里也没有对应的服务")
        if self.kind == NeedKind.OTHER and not self.responsibilities:
            return _("窗口问清楚后登记成具体的需求")
        if self.kind == NeedKind.ADMINISTRATIVE:
            return _("不是家庭的需求，只在目录里用")
        return self.route.words


def routings() -> list[Routing]:
    """Every kind that the city takes, in the order of the list."""
    kinds = offered.choices()
    taken = [kind for kind, _name in kinds]
    bodies: dict[str, list[Responsibility]] = {kind: [] for kind in taken}
    valid = Responsibility.objects.on(moments.today()).filter(need_kind__in=taken)
    for row in valid.select_related("organization").order_by("organization__name", "pk"):
        bodies[row.need_kind].append(row)
    services: dict[str, list[Service]] = {kind: [] for kind in taken}
    able = in_good_standing(through="provider__")
    promised = Exists(Offer.objects.serving().filter(able, item=OuterRef("pk")))
    items = Item.objects.in_force().filter(need_kind__in=taken).annotate(served=promised).order_by("code")
    for item in items.only("edition", "code", "name", "name_en", "need_kind"):
        services[item.need_kind].append(Service(item, item.served))
    ways = triage.routes(taken)
    return [
        Routing(kind, name, tuple(bodies[kind]), tuple(services[kind]), ways[kind]) for kind, name in kinds
    ]


def unrouted() -> list[str]:
    """The kinds that the city takes, that nobody is in charge of and no published item answers."""
    return [routing.kind for routing in routings() if routing.nobody]
