"""Our rows in the shapes of HSDS 3.0, and ``service_capacity`` as in 3.1.

Every function takes a row as ``selecting`` fetches it. Unknown values are left out, since the schemas allow
no null.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from catalog.hsds import applying, ids, schedules, wording
from catalog.items import eligibility
from catalog.items.kinds import Funding, TargetGroup
from catalog.offers.states import IN_RENEWAL, OfferStatus
from foundation.moments import SHANGHAI

Row = Mapping[str, Any]
Shape = dict[str, Any]

#: What a demonstration says of its data.
INVENTED = "演示数据\uff1a机构、服务和名额都是虚构的。"

_CLOSED = "目前不承接新的服务。"


#: The states of an offer whose provider has yet to renew it.
_IN_RENEWAL = OfferStatus.with_trait(IN_RENEWAL)


def known(shape: Shape) -> Shape:
    """The shape without unknown values."""
    return {name: value for name, value in shape.items() if value not in (None, "")}


def moment(value: datetime) -> str:
    """A moment in RFC 3339, in the city's time."""
    return value.astimezone(SHANGHAI).isoformat(timespec="seconds")


def organization(row: Row) -> Shape:
    """A provider with its one-to-one fields; the standard has none for one that is closed, so the description says it."""
    nature = wording.nature(row["nature"], get_language())
    told = f"{nature}\uff0c在{row['town']}" if row["town"] else nature
    return known(
        {
            "id": ids.make("organization", row["org"]),
            "name": row["org_name"],
            "alternate_name": row["org_name_en"],
            "description": told if row["open"] else f"{told}。{_CLOSED}",
            "uri": settings.PUBLIC_ADDRESS + wording.address("public-provider", row["org_code"]),
            "tax_id": row["credit_code"],
            "legal_status": nature,
        }
    )


def organization_full(row: Row, services: list[Shape]) -> Shape:
    """A provider with all related objects."""
    number = row["org"]
    identifier = known(
        {
            "id": ids.make("identifier", number),
            "organization_id": ids.make("organization", number),
            "identifier_type": "统一社会信用代码",
            "identifier": row["credit_code"],
        }
    )
    return {
        **organization(row),
        "phones": phones(row),
        "contacts": [],
        "funding": [],
        "programs": [],
        "locations": [location(row)],
        "organization_identifiers": [identifier] if row["credit_code"] else [],
        "services": services,
        "attributes": [],
        "metadata": [],
    }


def phones(row: Row) -> list[Shape]:
    """The public telephone of a provider."""
    if not row["phone"]:
        return []
    number = row["org"]
    return [
        {
            "id": ids.make("phone", number),
            "organization_id": ids.make("organization", number),
            "number": row["phone"],
            "type": "voice",
            "languages": [],
        }
    ]


def location(row: Row) -> Shape:
    """The location of a provider with all related objects."""
    number = row["org"]
    here = ids.make("location", number)
    return {
        **known(
            {
                "id": here,
                "location_type": "physical",
                "organization_id": ids.make("organization", number),
                "name": row["org_name"],
                "latitude": row["latitude"],
                "longitude": row["longitude"],
            }
        ),
        "addresses": [
            {
                "id": ids.make("address", number),
                "location_id": here,
                "address_1": row["address"] or row["town"] or row["city"],
                "city": row["city"],
                "region": row["town"] or "",
                "state_province": row["province"],
                "postal_code": row["postcode"],
                "country": "CN",
                "address_type": "physical",
            }
        ],
        "phones": phones(row),
        "languages": [language("location_language", number)],
        "contacts": [],
        "accessibility": [],
        "schedules": schedules.of(row),
        "attributes": [],
        "metadata": [],
    }


def location_brief(row: Row) -> Shape:
    """The location of a provider with its one-to-one fields."""
    whole = location(row)
    return {name: value for name, value in whole.items() if not isinstance(value, list)}


def language(kind: str, number: int) -> Shape:
    """Chinese, as a language object of ``kind``."""
    return {"id": ids.make(kind, number), "name": "中文", "code": "zh"}


def minimal(row: Row) -> Shape:
    """A service by identifier and last change, with what the schema requires."""
    return {
        "id": ids.make("service", row["offer"]),
        "name": row["item_name"],
        "status": _status(row),
        "last_modified": moment(row["changed_at"]),
    }


def _status(row: Row) -> str:
    """``active``, or ``temporarily closed`` while the provider may not take on new work."""
    return "active" if row["open"] else "temporarily closed"


def service(row: Row) -> Shape:
    """An offer of an item with its one-to-one fields and free capacity."""
    free, status = max(0, row["places"] - row["taken"]) if row["open"] else 0, _status(row)
    shape = known(
        {
            "id": ids.make("service", row["offer"]),
            "organization_id": ids.make("organization", row["org"]),
            "name": row["item_name"],
            "alternate_name": row["item_name_en"],
            "description": row["description"],
            "url": settings.PUBLIC_ADDRESS + wording.address("public-item", row["edition"], row["code"]),
            "status": status,
            "application_process": applying.in_words(),
            "fees_description": _fees(row),
            "wait_time": ("有空位" if free else "需等候") if status == "active" else "",
            "accreditations": row["staff"],
            "eligibility_description": wording.eligibility(
                row["audience_text"], eligibility.as_fields(row), get_language()
            ),
            "minimum_age": row["age_from"],
            "maximum_age": row["age_to"],
            "alert": "目录已换版，机构正在续报。" if row["status"] in _IN_RENEWAL else None,
            "last_modified": moment(row["changed_at"]),
        }
    )
    return {**shape, "organization": organization(row), "capacities": [capacity(row, free)]}


def capacity(row: Row, free: int) -> Shape:
    """How many can be served at once, and how many more now (HSDS 3.1)."""
    number = row["offer"]
    return {
        "id": ids.make("capacity", number),
        "service_id": ids.make("service", number),
        "available": free,
        "maximum": row["places"],
        "description": f"每周可提供 {row['weekly']} {row['unit']}",
        "updated": moment(row["places_at"]),
        "unit": {"id": ids.make("unit", 1), "name": "同时服务名额"},
    }


def _fees(row: Row) -> str:
    """Who pays, in Chinese."""
    match row["funding"]:
        case Funding.PURCHASED:
            return "政府购买，家庭不付钱。"
        case Funding.CHARITY_PROJECT:
            return "慈善项目，家庭不付钱。"
    return "救助资金。"


def service_full(row: Row, areas: Mapping[int, list[str]]) -> Shape:
    """A service with all related objects.

    ``areas`` holds the names of the towns that each provider (key) serves.
    """
    number = row["offer"]
    whole = service(row)
    return {
        **whole,
        "phones": phones(row),
        "schedules": [schedule(row)],
        "service_areas": [
            {
                "id": ids.part("area", number, index),
                "service_id": whole["id"],
                "name": name,
                "extent_type": "text",
                "extent": name,
            }
            for index, name in enumerate(_areas(row, areas))
        ],
        "service_at_locations": [
            {
                "id": ids.make("service_at_location", number),
                "service_id": whole["id"],
                "location_id": ids.make("location", row["org"]),
                "location": location(row),
            }
        ],
        "languages": [language("service_language", number)],
        "funding": [
            {
                "id": ids.make("funding", number),
                "service_id": whole["id"],
                "source": row["funding_source"] or str(Funding(row["funding"]).label),
            }
        ],
        "cost_options": cost_options(row),
        "required_documents": [
            {
                "id": ids.make("document", number),
                "service_id": whole["id"],
                "document": "身份证；能说明困难情况的材料",
            }
        ],
        "contacts": [],
        "attributes": attributes(row),
        "metadata": [],
    }


def _areas(row: Row, areas: Mapping[int, list[str]]) -> list[str]:
    """The towns in which the offer's item is given and its provider works."""
    served = areas.get(row["provider"], [])
    return [name for name in served if not row["item_places"] or name in row["item_places"]]


def schedule(row: Row) -> Shape:
    """The weekly hours of an offer."""
    number = row["offer"]
    return {
        "id": ids.make("schedule", number),
        "service_id": ids.make("service", number),
        "valid_from": row["created_at"].astimezone(SHANGHAI).date().isoformat(),
        "timezone": schedules.TIMEZONE,
        "freq": "WEEKLY",
        "interval": 1,
        "wkst": "MO",
        "byday": ",".join(row["weekdays"]),
        "opens_at": f"{row['opens_at']:%H:%M}",
        "closes_at": f"{row['closes_at']:%H:%M}",
    }


def cost_options(row: Row) -> list[Shape]:
    """What the household pays (nothing), and what the buyer pays a unit (CNY)."""
    number, here = row["offer"], ids.make("service", row["offer"])
    free = {
        "id": ids.part("cost", number, 0),
        "service_id": here,
        "option": "家庭自付",
        "currency": "CNY",
        "amount": 0,
        "amount_description": _fees(row),
    }
    if row["funding"] != Funding.PURCHASED:
        return [free]
    return [
        free,
        {
            "id": ids.part("cost", number, 1),
            "service_id": here,
            "option": "政府购买单价",
            "currency": "CNY",
            "amount": float(row["price"]),
            "amount_description": f"元/{row['unit']}",
        },
    ]


def attributes(row: Row) -> list[Shape]:
    """The catalog code and the target groups of an offer, as taxonomy terms."""
    number = row["offer"]
    terms = [ids.of_code(row["code"]), *map(ids.of_group, row["target_groups"])]
    names = [
        row["item_name"],
        *(str(TargetGroup(target_group).label) for target_group in row["target_groups"]),
    ]
    return [
        {
            "id": ids.part("attribute", number, index),
            "link_id": ids.make("service", number),
            "link_entity": "service",
            "link_type": "taxonomy",
            "taxonomy_term_id": term,
            "taxonomy_term": {"id": term, "name": name, "description": name},
        }
        for index, (term, name) in enumerate(zip(terms, names, strict=True))
    ]


def service_at_location(row: Row) -> Shape:
    """A service at its location with its one-to-one fields."""
    number = row["offer"]
    return {
        "id": ids.make("service_at_location", number),
        "service_id": ids.make("service", number),
        "location_id": ids.make("location", row["org"]),
        "description": f"{row['item_name']} · {row['org_name']}",
        "location": location_brief(row),
        "service": service(row),
    }


def service_at_location_full(row: Row, areas: Mapping[int, list[str]]) -> Shape:
    """A service at its location with all related objects of both."""
    whole = service_full(row, areas)
    del whole["service_at_locations"]
    return {
        **service_at_location(row),
        "location": location(row),
        "service": whole,
        "contacts": [],
        "phones": phones(row),
        "schedules": [schedule(row)],
        "attributes": [],
        "metadata": [],
    }


def taxonomy(number: int, name: str, description: str, *, uri: str = "", version: str = "") -> Shape:
    """One taxonomy."""
    return known(
        {
            "id": ids.make("taxonomy", number),
            "name": name,
            "description": description,
            "uri": uri,
            "version": version,
        }
    )


def term(identifier: str, taxonomy: Shape, *, code: str, name: str, parent: str = "") -> Shape:
    """One term of a taxonomy."""
    return known(
        {
            "id": identifier,
            "code": code,
            "name": name,
            "description": name,
            "parent_id": parent,
            "taxonomy": taxonomy["name"],
            "taxonomy_id": taxonomy["id"],
            "language": "zh",
        }
    )
