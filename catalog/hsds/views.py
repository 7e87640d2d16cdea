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

from catalog.hsds import asking, ids, selecting, shapes
from catalog.hsds.shapes import Shape
from catalog.hsds.standard import description
from foundation.forms import typed
from foundation.permissions import ANYONE, access
from foundation.refusals import Invalid
from foundation.ui.views import Page

VERSION = "3.0"

#: Rows that a stream without pages fetches at once.
CHUNK = 500


@method_decorator(csrf_exempt, name="dispatch")  # it is only read: other methods are 405
class Directory(Page):
    """The base of every address: what is asked, checked; the answer, for any site."""

    access = access(GET=ANYONE)
    asks: ClassVar[type[forms.Form]] = asking.Nothing

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        with translation.override("zh-hans"):
            try:
                asked = asking.read(self.asks, request.GET)
            except Invalid as fault:
                return _problem(400, _("参数有误"), errors={k: [str(v)] for k, v in fault.fields.items()})
            answer = self.answer(asked, **kwargs)
        return _problem(404, _("没有找到")) if answer is None else answer

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase | None:
        """The answer; None where there is no such thing."""
        raise TypeError(f"{type(self).__name__} answers nothing")


def _json(content: Any, status: int = 200, mime: str = "application/json") -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
    return _open(HttpResponse(text, content_type=mime, status=status))


def _open(answer: Any) -> Any:
    """Any site may read it, and keep it for a minute."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "public, max-age=60"
    return answer


def _problem(status: int, title: str, **more: Any) -> HttpResponse:
    kind = "not-found" if status == 404 else "invalid"
    body = {"type": f"/problems/{kind}", "title": title, "status": status, **more}
    return _json(body, status, "application/problem+json")


#: Turns some rows into shapes, with as many queries whatever their number.
Shaper = Callable[[Any], list[Shape]]


def _listed(found: QuerySet[Any] | list[Shape], asked: dict[str, Any], shape: Shaper) -> HttpResponseBase:
    """One page of what was found, or all of it as a stream of lines."""
    if asked["format"] == "ndjson":
        lines = (
            json.dumps(each, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n" for each in _all(found, shape)
        )
        return _open(StreamingHttpResponse(_in_chinese(lines), content_type="application/x-ndjson"))
    total = len(found) if isinstance(found, list) else found.order_by().count()
    size = asked["per_page"] or asking.USUAL
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
        }
    )


def _all(found: QuerySet[Any] | list[Shape], shape: Shaper) -> Iterator[Shape]:
    """Everything, some rows at a time, by key: a stream has no pages to skip."""
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
    with translation.override("zh-hans"):
        yield from lines


class Root(Directory):
    """What this is."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse:
        address = settings.PUBLIC_ADDRESS
        return _json(
            {
                "version": VERSION,
                "profile": "https://docs.openreferral.org/en/3.0/",
                "openapi_url": address + reverse("hsds-openapi"),
            }
        )


class OpenApi(Directory):
    """The standard's own description, with our name in it."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse:
        return _json(description(settings.PUBLIC_ADDRESS + reverse("hsds")))


# --- services --------------------------------------------------------------------------


def _narrowed(asked: dict[str, Any]) -> Any:
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
    return [shapes.service(row) for row in selecting.service_rows(found)]


def _services_minimal(found: Any) -> list[Shape]:
    return [shapes.minimal(row) for row in selecting.service_rows(found)]


def _whole(shape: Callable[[shapes.Row, Any], Shape]) -> Shaper:
    """Services with everything that hangs on them, in the given shape."""

    def shaper(found: Any) -> list[Shape]:
        rows = selecting.service_rows(found)
        areas = selecting.areas(row["provider"] for row in rows)
        return [shape(row, areas) for row in rows]

    return shaper


_services_full = _whole(shapes.service_full)
_at_locations_full = _whole(shapes.service_at_location_full)


class Services(Directory):
    """Offers of items."""

    asks = asking.Services

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        shape: Shaper = _services
        if asked["full"]:
            shape = _services_full
        if asked["minimal"]:
            shape = _services_minimal
        return _listed(_narrowed(asked), asked, shape)


def _one(kind: str, identifier: str, shape: Shaper) -> HttpResponse | None:
    number = ids.read(kind, identifier)
    found = shape(selecting.services().filter(pk=number)) if number is not None else []
    return _json(found[0]) if found else None


class OneService(Directory):
    """One offer with everything that hangs on it."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        return _one("service", identifier, _services_full)


def _at_locations(found: Any) -> list[Shape]:
    return [shapes.service_at_location(row) for row in selecting.service_rows(found)]


class ServicesAtLocations(Directory):
    """Offers where they are given."""

    asks = asking.ServicesAtLocations

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        found = _narrowed(asked)
        if asked["postcode"]:
            found = selecting.near(found, asked["postcode"], asked["proximity"])
        return _listed(found, asked, _at_locations_full if asked["full"] else _at_locations)


class OneServiceAtLocation(Directory):
    """One offer where it is given."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        return _one("service_at_location", identifier, _at_locations_full)


# --- organizations and locations ----------------------------------------------------------


def _organizations(found: Any) -> list[Shape]:
    return [shapes.organization(row) for row in selecting.organization_rows(found)]


def _organizations_full(found: Any, *, full_service: bool = False) -> list[Shape]:
    rows = selecting.organization_rows(found)
    keys = [row["provider"] for row in rows]
    services = selecting.services_of(keys)
    areas = selecting.areas(keys) if full_service else {}

    def of(provider: int) -> list[Shape]:
        if full_service:
            return [shapes.service_full(row, areas) for row in services[provider]]
        return [shapes.minimal(row) for row in services[provider]]

    return [shapes.organization_full(row, of(row["provider"])) for row in rows]


def _named(found: Any, text: str) -> Any:
    return found.named(text) if typed.folded(text) else found


class Organizations(Directory):
    """Providers."""

    asks = asking.Organizations

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        def full(found: Any) -> list[Shape]:
            return _organizations_full(found, full_service=bool(asked["full_service"]))

        found = _named(selecting.organizations(), asked["search"].strip())
        wanted = asked["full"] or asked["full_service"]
        return _listed(found, asked, full if wanted else _organizations)


class OneOrganization(Directory):
    """One provider with its services."""

    asks = asking.OneOrganization

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        number = ids.read("organization", identifier)
        if number is None:
            return None
        found = selecting.organizations().filter(organization=number)
        shown = _organizations_full(found, full_service=bool(asked["full_service"]))
        return _json(shown[0]) if shown else None


def _locations(found: Any) -> list[Shape]:
    return [shapes.location(row) for row in selecting.organization_rows(found)]


class Locations(Directory):
    """Where providers are; HSDS has the object, this address is ours."""

    asks = asking.Searching

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        found = _named(selecting.organizations(), asked["search"].strip())
        return _listed(found, asked, _locations)


class OneLocation(Directory):
    """Where one provider is."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        number = ids.read("location", identifier)
        if number is None:
            return None
        found = _locations(selecting.organizations().filter(organization=number))
        return _json(found[0]) if found else None


# --- terms --------------------------------------------------------------------------------


def _as_they_are(found: list[Shape]) -> list[Shape]:
    return found


def _answering(found: list[Shape], text: str) -> list[Shape]:
    wanted = typed.compared(text)
    return [each for each in found if wanted in typed.compared(f"{each.get('code', '')} {each['name']}")]


class Taxonomies(Directory):
    """The lists of terms."""

    asks = asking.Searching

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        return _listed(_answering(selecting.taxonomies(), asked["search"]), asked, _as_they_are)


def _that(found: list[Shape], identifier: str) -> HttpResponse | None:
    return next((_json(each) for each in found if each["id"] == identifier.lower()), None)


class OneTaxonomy(Directory):
    """One list of terms."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        return _that(selecting.taxonomies(), identifier)


class Terms(Directory):
    """Terms: codes of the catalog by level, and target groups."""

    asks = asking.Terms

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponseBase:
        found = _answering(selecting.terms(), asked["search"])
        if asked["taxonomy_id"]:
            found = [each for each in found if each["taxonomy_id"] == asked["taxonomy_id"]]
        if asked["parent_id"]:
            found = [each for each in found if each.get("parent_id") == asked["parent_id"]]
        if asked["top_only"]:
            found = [each for each in found if "parent_id" not in each]
        return _listed(found, asked, _as_they_are)


class OneTerm(Directory):
    """One term."""

    def answer(self, asked: dict[str, Any], identifier: str = "") -> HttpResponse | None:
        return _that(selecting.terms(), identifier)
