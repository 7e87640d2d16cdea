"""Setting the city up: its name, its office, the document that it carries out, and the day on which it begins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.city import events
from foundation.city.models import City
from foundation.city.states import CITY, CityStatus
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor
from foundation.wording import filled, listed


@CITY.start("begin")
def begin(*, by: Actor) -> City:
    """Make the city's row, without a name yet."""
    return City.objects.create()


@CITY.start("demonstrate")
def demonstrate(*, by: Actor) -> City:
    """Make the city's row for a demonstration, at work from the first moment."""
    return City.objects.create(demonstration=True, status=CityStatus.AT_WORK)


@CITY.transition("describe")
def describe(
    city: City,
    *,
    by: Actor,
    name: str,
    name_en: str,
    province: str,
    division_code: str,
    postcode: str,
    office: str,
    office_en: str,
    hotline: str,
    publisher: str,
    publisher_uri: str,
) -> None:
    """Say which city it is, whose office runs the product, and how it is reached; raises ``Invalid`` for a division code
    that the places entered do not have.
    """
    if division_code != city.division_code:
        events.before_coding.call(division_code)
    city.name, city.name_en, city.province = name, name_en, province
    city.division_code, city.postcode = division_code, postcode
    city.office, city.office_en, city.hotline = office, office_en, hotline
    city.publisher, city.publisher_uri = publisher, publisher_uri


@CITY.transition("name_document")
def name_document(
    city: City,
    *,
    by: Actor,
    title: str,
    short_name: str,
    short_name_en: str,
    number: str,
    issuer: str,
    issued_on: date | None = None,
    parts: Sequence[dict[str, Any]] | None = None,
) -> None:
    """Name the document that the city carries out; ``parts`` is its text, None leaves the text as it is.

    Raises ``Invalid`` for a day of issue that is still to come.
    """
    if issued_on is not None and issued_on > moments.today():
        message = _("日期不能晚于今天。")
        raise Invalid(message, fields={"issued_on": message})
    city.document_title, city.document_called, city.document_called_en = title, short_name, short_name_en
    city.document_number, city.document_issuer, city.document_issued_on = number, issuer, issued_on
    if parts is not None:
        city.document_parts = list(parts)
    city.document_digest = _digest_of(city)


def _digest_of(city: City) -> str:
    """The mark of the document: it changes with anything that pages read of it."""
    read = [
        city.document_title,
        city.document_called,
        city.document_called_en,
        city.document_number,
        city.document_issuer,
        str(city.document_issued_on),
        city.document_parts,
    ]
    return hashlib.sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()


@CITY.transition("draw_logo")
def draw_logo(city: City, *, by: Actor, logo: bytes | None) -> None:
    """Show a picture (PNG or JPEG) beside the name; None takes it away."""
    city.logo = logo
    city.logo_digest = hashlib.sha256(logo).hexdigest() if logo else ""


@CITY.transition("go_to_work")
def go_to_work(city: City, *, by: Actor) -> None:
    """Begin; raises ``NotNow`` while a step lacks something."""
    if refusal := missing_before_work([city]).get(city.pk):
        raise refusal


@go_to_work.foreseen
def missing_before_work(cities: Sequence[City]) -> dict[int, Refused]:
    """Why the city does not begin: what is not set up yet, as the floors above know."""
    missing = [words for said in events.missing.call() for words in said]
    if not missing:
        return {}
    words = filled(_("还缺：%(what)s。"), what=listed(map(str, missing)))
    return {city.pk: NotNow(words, rule="S2") for city in cities}
