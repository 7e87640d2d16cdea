"""The directory at ``/hsds/``: HSDS 3.0, for anybody, without sign-in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from catalog.hsds import ids, parameters, selecting, shapes
from catalog.hsds.shapes import Shape
from catalog.hsds.standard import description
from foundation.city import reading
from foundation.forms import typed
from foundation.permissions import ANYONE, access
from foundation.refusals import Invalid
from foundation.ui.views import Page

VERSION = "3.0"

#: Rows that a stream (NDJSON) fetches at once.
CHUNK = 500


@method_decorator(csrf_exempt, name="dispatch")  # read only: other methods get 405
class Directory(Page):
    """The base of every address: checks the parameters, and lets any site read the answer."""

    access = access(GET=ANYONE)
    asks: ClassVar[type[forms.Form]] = parameters.Nothing

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        with translation.override("zh-hans"):
            try:
                asked = parameters.read(self.asks, request.GET)
            except Invalid as fault:
                return _problem(400, _("参数有误"), errors={k: [str(v)] for k, v in fault.fields.items()})
            answer = self.answer(asked, **kwargs)
        return _problem(404, _("没有找到")) if answer is None else answer

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase | None:
        """The answer; ``None`` (404) if there is no such object."""
        raise TypeError(f"{type(self).__name__} answers nothing")


def _json(content: Any, status: int = 200, mime: str = "application/json") -> HttpResponse:
    """An answer in JSON."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
    return _readable_by_any_site(HttpResponse(text, content_type=mime, status=status))


def _readable_by_any_site(answer: Any) -> Any:
    """Let any site read the answer, and caches keep it for a minute."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "public, max-age=60"
    if reading.current().demonstration:
        answer["X-Demonstration"] = "invented data"
    return answer


def _notice() -> dict[str, str]:
    """What a demonstration adds to an answer; nothing in a city."""
    return {"notice": shapes.INVENTED} if reading.current().demonstration else {}


def _problem(status: int, title: str, **more: Any) -> HttpResponse:
    """An error in the shape of RFC 9457."""
    kind = "not-found" if status == 404 else "invalid"
    body = {"type": f"/problems/{kind}", "title": title, "status": status, **more}
    return _json(body, status, "application/problem+json")


#: Turns rows into shapes; the number of queries does not depend on the number of rows.
Shaper = Callable[[Any], list[Shape]]


def _listed(found: QuerySet[Any] | list[Shape], asked: dict[str, Any], shape: Shaper) -> HttpResponseBase:
    """One page of ``found``, or all of it as a stream of lines (NDJSON)."""
    if asked["format"] == "ndjson":
        lines = (
            json.dumps(row, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n" for row in _all(found, shape)
        )
        return _readable_by_any_site(
            StreamingHttpResponse(_in_chinese(lines), content_type="application/x-ndjson")
        )
    total = len(found) if isinstance(found, list) else found.order_by().count()
    size = asked["per_page"] or parameters.USUAL
    if asked.get("minimal"):
        size = max(1, total)
    number = asked["page"] or 1
    contents = shape(found[(number - 1) * size : number * size])
    pages = max(1, -(-total // size))
    return _json(
        {
            "total_items": total,
            "total_pages": pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number >= pages,
            "empty": not contents,
            "contents": contents,
            **_notice(),
        }
    )


def _all(found: QuerySet[Any] | list[Shape], shape: Shaper) -> Iterator[Shape]:
    """All shapes, ``CHUNK`` rows at a time in the order of keys."""
    if isinstance(found, list):
        yield from found
        return
    last = 0
    while True:
        keys = list(found.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK])
        if not keys:
            return
        yield from shape(found.filter(pk__in=keys))
        last = keys[-1]


def _in_chinese(lines: Iterable[str]) -> Iterator[str]:
    """The lines, made while Chinese is the active language."""
    with translation.override("zh-hans"):
        yield from lines


class Root(Directory):
    """The version of the standard and the address of its description."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse:
        address = settings.PUBLIC_ADDRESS
        return _json(
            {
                "version": VERSION,
                "profile": "https://docs.openreferral.org/en/3.0/",
                "openapi_url": address + reverse("hsds-openapi"),
                **_notice(),
            }
        )


class OpenApi(Directory):
    """The standard's OpenAPI description, with our name and address."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse:
        return _json(description(settings.PUBLIC_ADDRESS + reverse("hsds")))


# --- services --------------------------------------------------------------------------


def _filtered(asked: dict[str, Any]) -> Any:
    """Services by the filters asked for."""
    found = selecting.services()
    for name, narrow in (
        ("search", selecting.searched),
        ("taxonomy_term_id", selecting.of_term),
        ("taxonomy_id", selecting.of_taxonomy),
        ("organization_id", selecting.of_organization),
        ("modified_after", selecting.modified_after),
    ):
        if asked.get(name):
            found = narrow(found, asked[name])
    return found


def _services(found: Any) -> list[Shape]:
    """Services with their one-to-one fields."""
    return [shapes.service(row) for row in selecting.service_rows(found)]


def _services_minimal(found: Any) -> list[Shape]:
    """Services by identifier and last change."""
    return [shapes.minimal(row) for row in selecting.service_rows(found)]


def _whole(shape: Callable[[shapes.Row, Any], Shape]) -> Shaper:
    """Services with all related objects, in the given shape."""

    def shaper(found: Any) -> list[Shape]:
        rows = selecting.located(selecting.service_rows(found))
        areas = selecting.areas(row["provider"] for row in rows)
        return [shape(row, areas) for row in rows]

    return shaper


_services_full = _whole(shapes.service_full)
_at_locations_full = _whole(shapes.service_at_location_full)


class Services(Directory):
    """The list of services, which are offers of items."""

    asks = parameters.Services

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        shape: Shaper = _services
        if asked["full"]:
            shape = _services_full
        if asked["minimal"]:
            shape = _services_minimal
        return _listed(_filtered(asked), asked, shape)


def _one(kind: str, identifier: str, shape: Shaper) -> HttpResponse | None:
    """One service by its identifier; ``None`` if there is none."""
    number = ids.read(kind, identifier)
    found = shape(selecting.services().filter(pk=number)) if number is not None else []
    return _json(found[0]) if found else None


class OneService(Directory):
    """One service with all related objects."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        return _one("service", identifier, _services_full)


def _at_locations(found: Any) -> list[Shape]:
    """Services at their locations with their one-to-one fields."""
    return [shapes.service_at_location(row) for row in selecting.located(selecting.service_rows(found))]


class ServicesAtLocations(Directory):
    """The list of services at their locations."""

    asks = parameters.ServicesAtLocations

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        found = _filtered(asked)
        if asked["postcode"]:
            found = selecting.near(found, asked["postcode"], asked["proximity"])
        return _listed(found, asked, _at_locations_full if asked["full"] else _at_locations)


class OneServiceAtLocation(Directory):
    """One service at its location."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        return _one("service_at_location", identifier, _at_locations_full)


# --- organizations and locations ----------------------------------------------------------


def _organizations(found: Any) -> list[Shape]:
    """Providers with their one-to-one fields."""
    return [shapes.organization(row) for row in selecting.organization_rows(found)]


def _organizations_full(found: Any, *, full_service: bool = False) -> list[Shape]:
    """Providers with all related objects; their services in full or minimal shape."""
    rows = selecting.located(selecting.organization_rows(found))
    keys = [row["provider"] for row in rows]
    services = selecting.services_of(keys)
    areas = selecting.areas(keys) if full_service else {}

    def services_at(provider: int) -> list[Shape]:
        if full_service:
            return [shapes.service_full(row, areas) for row in services[provider]]
        return [shapes.minimal(row) for row in services[provider]]

    return [shapes.organization_full(row, services_at(row["provider"])) for row in rows]


def _named(found: Any, text: str) -> Any:
    """Providers whose name matches the text; all for an empty text."""
    return found.named(text) if typed.folded(text) else found


class Organizations(Directory):
    """The list of organizations, which are providers."""

    asks = parameters.Organizations

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        def full(found: Any) -> list[Shape]:
            return _organizations_full(found, full_service=bool(asked["full_service"]))

        found = _named(selecting.organizations(), asked["search"].strip())
        wanted = asked["full"] or asked["full_service"]
        return _listed(found, asked, full if wanted else _organizations)


class OneOrganization(Directory):
    """One organization with its services."""

    asks = parameters.OneOrganization

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        number = ids.read("organization", identifier)
        if number is None:
            return None
        found = selecting.organizations_named().filter(organization=number)
        shown = _organizations_full(found, full_service=bool(asked["full_service"]))
        return _json(shown[0]) if shown else None


def _locations(found: Any) -> list[Shape]:
    """The locations of providers."""
    return [shapes.location(row) for row in selecting.located(selecting.organization_rows(found))]


class Locations(Directory):
    """The list of locations of providers; the object is HSDS's, the address an addition of ours."""

    asks = parameters.Searching

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        found = _named(selecting.organizations(), asked["search"].strip())
        return _listed(found, asked, _locations)


class OneLocation(Directory):
    """The location of one provider."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        number = ids.read("location", identifier)
        if number is None:
            return None
        found = _locations(selecting.organizations_named().filter(organization=number))
        return _json(found[0]) if found else None


# --- terms --------------------------------------------------------------------------------


def _unchanged(found: list[Shape]) -> list[Shape]:
    """The shapes unchanged: terms need no conversion."""
    return found


def _matching(found: list[Shape], text: str) -> list[Shape]:
    """Terms whose code or name contains the text."""
    wanted = typed.compared(text)
    return [term for term in found if wanted in typed.compared(f"{term.get('code', '')} {term['name']}")]


class Taxonomies(Directory):
    """The list of taxonomies."""

    asks = parameters.Searching

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        return _listed(_matching(selecting.taxonomies(), asked["search"]), asked, _unchanged)


def _by_identifier(found: list[Shape], identifier: str) -> HttpResponse | None:
    """The shape with that identifier as an answer; ``None`` if there is none."""
    return next((_json(shape) for shape in found if shape["id"] == identifier.lower()), None)


class OneTaxonomy(Directory):
    """One taxonomy."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        return _by_identifier(selecting.taxonomies(), identifier)


class Terms(Directory):
    """The list of taxonomy terms: catalog codes by level, and target groups."""

    asks = parameters.Terms

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        found = _matching(selecting.terms(), asked["search"])
        if asked["taxonomy_id"]:
            found = [term for term in found if term["taxonomy_id"] == asked["taxonomy_id"]]
        if asked["parent_id"]:
            found = [term for term in found if term.get("parent_id") == asked["parent_id"]]
        if asked["top_only"]:
            found = [term for term in found if "parent_id" not in term]
        return _listed(found, asked, _unchanged)


class OneTerm(Directory):
    """One taxonomy term."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        return _by_identifier(selecting.terms(), identifier)
