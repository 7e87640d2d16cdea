"""Checks every answer of the directory against the JSON schemas of HSDS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from catalog.hsds.standard import schema

#: Fetches an address of the directory; returns the status and the decoded JSON.
Fetch = Callable[[str], tuple[int, Any]]

FORMATS = FormatChecker(formats=())


@FORMATS.checks("uuid", raises=ValueError)
def _uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value


@FORMATS.checks("uri", raises=ValueError)
def _uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


@FORMATS.checks("date-time", raises=ValueError)
def _moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("email")
def _email(value: object) -> bool:
    return not isinstance(value, str) or "@" in value


@dataclass(frozen=True)
class Checked:
    """The result for one address: how many objects it returned, and what is wrong with them."""

    address: str
    things: int
    faults: tuple[str, ...]


@cache
def validator(name: str) -> Draft202012Validator:
    """The validator of a compiled schema.

    Parts that the schema only refers to are taken from the organization's schema, which contains them all.
    """
    location = schema("organization")["properties"]["locations"]["items"]["properties"]
    parts = {
        "accessibility": location["accessibility"]["items"],
        "address": location["addresses"]["items"],
        "attribute": location["attributes"]["items"],
        "contact": location["contacts"]["items"],
        "language": location["languages"]["items"],
        "metadata": location["metadata"]["items"],
        "phone": location["phones"]["items"],
        "schedule": location["schedules"]["items"],
        "taxonomy": schema("taxonomy"),
    }
    registry: Registry = Registry().with_resources(
        (f"{part}.json", DRAFT202012.create_resource(found)) for part, found in parts.items()
    )
    return Draft202012Validator(schema(name), format_checker=FORMATS, registry=registry)


@cache
def _page() -> Draft202012Validator:
    """The validator of a page of a list."""
    found = dict(schema("openapi")["components"]["schemas"]["Page"])
    found["required"] = [*sorted(found["properties"]), "contents"]
    return Draft202012Validator(found)


#: By list: the schema of its rows, the schema of a full object, and the query for full objects.
LISTS = {
    "services": ("service_list", "service", "full=true"),
    "organizations": ("organization_list", "organization", "full=true&full_service=true"),
    "service_at_locations": ("service_at_location_list", "service_at_location", "full=true"),
    "locations": ("location", "location", ""),
    "taxonomies": ("taxonomy", "taxonomy", ""),
    "taxonomy_terms": ("taxonomy_term", "taxonomy_term", ""),
}


def check(fetch: Fetch, *, objects: bool = True) -> Iterator[Checked]:
    """Check all lists with all pages; with ``objects`` also every object at its own address."""
    yield _whole("/hsds/", fetch, lambda found: [] if found.get("version") == "3.0" else ["version"])
    yield _whole("/hsds/openapi.json", fetch, lambda found: [] if "paths" in found else ["paths"])
    for name, (brief, whole, full) in LISTS.items():
        keys: list[str] = []
        yield _list(f"/hsds/{name}", fetch, validator(brief), keys)
        if full:
            yield _list(f"/hsds/{name}?{full}", fetch, validator(whole), [])
        if name == "services":
            yield _list("/hsds/services?minimal=true", fetch, validator(brief), [])
        if objects:
            judge = partial(_faults, validator(whole))
            opened = [_whole(f"/hsds/{name}/{key}", fetch, judge) for key in keys]
            faults = tuple(fault for one in opened for fault in one.faults)
            yield Checked(f"/hsds/{name}/{{id}}", len(keys), faults)


def _list(address: str, fetch: Fetch, wanted: Draft202012Validator, keys: list[str]) -> Checked:
    """Check a list with all its pages; the ids are added to ``keys``."""
    faults: list[str] = []
    page, things = 1, 0
    joint = "&" if "?" in address else "?"
    while True:
        status, found = fetch(f"{address}{joint}page={page}&per_page=100")
        if status != 200:
            return Checked(address, things, (*faults, f"status {status}"))
        faults += _faults(_page(), found)
        for thing in found["contents"]:
            faults += _faults(wanted, thing)
            keys.append(thing["id"])
        things += found["size"]
        if found["last_page"]:
            if things != found["total_items"]:
                faults.append(f"{things} of {found['total_items']}")
            return Checked(address, things, tuple(faults))
        page += 1


def _whole(address: str, fetch: Fetch, judge: Callable[[Any], list[str]]) -> Checked:
    """Check one object at its own address."""
    status, found = fetch(address)
    faults = judge(found) if status == 200 else [f"status {status}"]
    return Checked(address, 1, tuple(faults))


def _faults(wanted: Draft202012Validator, found: Any) -> list[str]:
    """The violations of a schema, each with its path."""
    return [f"{fault.json_path}: {fault.message[:160]}" for fault in wanted.iter_errors(found)]
