"""The queries behind the addresses of the directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, F, FloatField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import ASin, Cos, Power, Radians, Sin, Sqrt

from catalog.editions.models import Edition
from catalog.hsds import ids, shapes
from catalog.items.kinds import TargetGroup
from catalog.items.models import Item
from catalog.offers.models import Offer, OfferQuerySet
from foundation.city import reading
from foundation.lifecycle.phases import SERVING, SUSPENDED
from organizations.places.models import Place
from organizations.providers.models import Provider, ProviderQuerySet, in_good_standing
from organizations.providers.states import Standing

#: Standings of providers that are found by their identifier; who is not in good standing is shown as closed.
SHOWN = Standing.in_phase(SERVING, SUSPENDED)

#: The keys of the two taxonomies: the catalog's codes, and target groups.
CODES, PEOPLE = 1, 2

_ORGANIZATION = {
    "org": "organization_id",
    "org_code": "organization__code",
    "org_name": "organization__name",
    "org_name_en": "organization__name_en",
    "credit_code": "organization__credit_code",
    "phone": "organization__phone",
    "address": "organization__address",
    "hours": "organization__hours",
    "town": "organization__place__name",
    "latitude": "organization__place__latitude",
    "longitude": "organization__place__longitude",
}

_SERVICE = {
    "offer": "pk",
    "edition": "item__edition_id",
    "code": "item__code",
    "item_name": "item__name",
    "item_name_en": "item__name_en",
    "description": "item__description",
    "audience_text": "item__audience_text",
    "unit": "item__unit",
    "funding": "item__funding",
    "funding_source": "item__funding_source",
    "target_groups": "item__target_groups",
    "categories": "item__categories",
    "age_from": "item__age_from",
    "age_to": "item__age_to",
    "disability": "item__disability",
    "income_percent": "item__income_percent",
    "residence": "item__residence",
    "item_places": "item__places",
    "nature": "provider__nature",
    "provider": "provider_id",
    **{name: f"provider__{path}" for name, path in _ORGANIZATION.items()},
}

#: Whether a provider may be shown as open today.
OPEN = "open"

_OWN = (
    "places",
    "taken",
    "places_at",
    "weekly",
    "price",
    "staff",
    "weekdays",
    "opens_at",
    "closes_at",
    "created_at",
    "changed_at",
    "status",
)

#: The columns of a service's row, in the order fetched.
_PATHS = (*_SERVICE.values(), *_OWN, OPEN)
_NAMES = (*_SERVICE, *_OWN, OPEN)


def services() -> OfferQuerySet:
    """Offers that the public may count on, of providers in ``SHOWN``."""
    return Offer.objects.serving().filter(provider__status__in=SHOWN).order_by("pk")


def service_rows(found: QuerySet[Offer]) -> list[dict[str, Any]]:
    """The rows of offers by field name, in one query."""
    told = found.annotate(**{OPEN: _open("provider__")})
    return [dict(zip(_NAMES, row, strict=True)) for row in told.values_list(*_PATHS)]


def _open(through: str = "") -> Case:
    """Whether the provider at a path (``"provider__"``) may take on new work today."""
    return Case(When(in_good_standing(through=through), then=Value(True)), default=Value(False))


def organizations() -> ProviderQuerySet:
    """The providers that the lists show: those that may take on new work today."""
    return Provider.objects.in_good_standing().order_by("pk")


def organizations_named() -> ProviderQuerySet:
    """The providers that services name, which are found by their identifier: those that are closed today, too."""
    return Provider.objects.filter(status__in=SHOWN).order_by("pk")


def organization_rows(found: QuerySet[Provider]) -> list[dict[str, Any]]:
    """The rows of providers by field name, in one query."""
    names, paths = (
        (*_ORGANIZATION, "provider", "nature", OPEN),
        (*_ORGANIZATION.values(), "pk", "nature", OPEN),
    )
    told = found.annotate(**{OPEN: _open()})
    return [dict(zip(names, row, strict=True)) for row in told.values_list(*paths)]


def located(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with what addresses say besides, in one query."""
    city = _city()
    return [row | city for row in rows]


def _city() -> dict[str, str]:
    """City, province and postcode, as they were set up."""
    city = reading.current()
    return {"city": city.name, "province": city.province, "postcode": city.postcode}


def areas(providers: Iterable[int]) -> dict[int, list[str]]:
    """The names of the towns that each provider (key) serves, in one query."""
    found: dict[int, list[str]] = defaultdict(list)
    through = Provider.serves.through.objects.filter(provider_id__in=set(providers))
    for provider, name in through.order_by("place__code").values_list("provider_id", "place__name"):
        found[provider].append(name)
    return found


def services_of(providers: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The rows of the services of each provider (key)."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in located(service_rows(services().filter(provider__in=set(providers)))):
        found[row["provider"]].append(row)
    return found


# --- filters --------------------------------------------------------------------------


def searched(found: OfferQuerySet, text: str) -> OfferQuerySet:
    """Services whose item or provider matches the text."""
    by_name = Q(provider__in=Provider.objects.named(text))
    offered = Item.objects.filter(Exists(services().filter(item=OuterRef("pk"))))
    by_item = Q(item__in=offered.answering(text).order_by().values("pk"))
    return found.filter(by_name | by_item)


def of_term(found: OfferQuerySet, identifier: str) -> OfferQuerySet:
    """Services under a catalog code, or for a target group."""
    code = ids.code_in(identifier)
    if code:
        return found.filter(item__code__startswith=code)
    group = ids.groups().get(identifier)
    return found.filter(item__target_groups__contains=[group]) if group else found.none()


def of_taxonomy(found: OfferQuerySet, identifier: str) -> OfferQuerySet:
    """Services with a term of a taxonomy: all of them, for both of ours."""
    return found if ids.read("taxonomy", identifier) in (CODES, PEOPLE) else found.none()


def of_organization(found: OfferQuerySet, identifier: str) -> OfferQuerySet:
    """Services of one provider."""
    number = ids.read("organization", identifier)
    return found.none() if number is None else found.filter(provider__organization=number)


def modified_after(found: OfferQuerySet, moment: datetime) -> OfferQuerySet:
    """Services changed at or after a moment; changes of free places count."""
    return found.filter(changed_at__gte=moment)


def near(found: OfferQuerySet, postcode: str, metres: float | None) -> OfferQuerySet:
    """Services at a postcode, which is the city's own; within ``metres`` of its centre if given and known."""
    if postcode != _city()["postcode"]:
        return found.none()
    centre = Place.objects.city()
    if metres is None or centre is None or centre.latitude is None:
        return found
    return found.annotate(metres=_metres_from(centre)).filter(metres__lte=metres)


def _metres_from(centre: Place) -> Any:
    """The distance in metres of a provider's town from ``centre`` on the globe (haversine)."""
    here = "provider__organization__place__"
    north, east = Radians(F(f"{here}latitude")), Radians(F(f"{here}longitude"))
    home = Radians(Value(centre.latitude))
    half = Power(Sin((north - home) / 2), 2) + Cos(home) * Cos(north) * Power(
        Sin((east - Radians(Value(centre.longitude))) / 2), 2
    )
    within = Case(When(Q(**{f"{here}latitude": None}), then=Value(None)), default=half)
    return Value(2 * 6_371_000.0) * ASin(Sqrt(within), output_field=FloatField())


# --- terms ----------------------------------------------------------------------------


def taxonomies() -> list[shapes.Shape]:
    """The two taxonomies: codes of the catalog in force, and target groups."""
    edition = Edition.objects.in_force().first()
    people = shapes.taxonomy(PEOPLE, "服务人群", "目录中每个项目面向的人群")
    if edition is None:
        return [people]
    codes = shapes.taxonomy(
        CODES,
        "社会救助政府购买服务目录",
        f"{edition.title}的三级代码",
        uri=settings.PUBLIC_ADDRESS + edition.public_address(),
        version=edition.document_number,
    )
    return [codes, people]


def terms() -> list[shapes.Shape]:
    """All terms: codes of the edition in force by level, then target groups."""
    lists = {taxonomy["id"]: taxonomy for taxonomy in taxonomies()}
    people = lists[ids.make("taxonomy", PEOPLE)]
    codes = lists.get(ids.make("taxonomy", CODES))
    found: list[shapes.Shape] = []
    edition = Edition.objects.in_force().first()
    if codes and edition:
        rows = [*edition.headings.values_list("code", "name")]
        rows += edition.items.values_list("code", "name")
        for code, name in sorted(rows):
            above = code[:1] if len(code) == 3 else code[:3] if len(code) > 3 else ""
            parent = ids.of_code(above) if above else ""
            found.append(shapes.term(ids.of_code(code), codes, code=code, name=name, parent=parent))
    for identifier, group in ids.groups().items():
        label = str(TargetGroup(group).label)
        found.append(shapes.term(identifier, people, code=group, name=label))
    return found
